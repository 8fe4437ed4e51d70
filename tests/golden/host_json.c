/* SPDX-License-Identifier: Apache-2.0 */
#include "host_json.h"

#include <errno.h>
#include <stdlib.h>

#include "base/json.h"
#include "helper_json.h"
#include "json_member.h"
#include "plan/questions.h"
#include "port_json.h"
#include "qemu_json.h"
#include "seed_json.h"

static const char *const HOST_KEYS[] = {
	"machine",	 "machine-id", "uid",	    "random",	 "stdin-is-tty",
	"stdout-is-tty", "kvm",	       "kvm-error", "vhost-net", "bridges",
	"qemu",		 "files",      "docker",    "helper",	 "kernel",
	"descriptors",	 "swtpm",      "seed",	    "ssh-keys",	 "yaml",
	"ports",	 "texts",      "qemu-img",  "ssh",
};

static const char *const BRIDGE_KEYS[] = {
	"kind",	    "down",	 "lacks-carrier",   "port-delay",
	"iptables", "ip6tables", "firewall-hidden", "droppers",
};

static const char *const FILE_KEYS[] = {
	"kind",		  "real-path", "format", "can-write", "size",
	"owner",	  "mode",      "error",	 "was-raw",   "virtual-size",
	"nvram-template", "locks",     "holder", "backing",
};

static const char *const HOLDER_KEYS[] = { "pid", "program", "guest" };

static const char *const FILE_LOCKS[] = { "writer", "no-writers",
					  "no-readers" };

static const char *const FILE_KINDS[] = {
	[FILE_MISSING] = "missing",	[FILE_REGULAR] = "regular",
	[FILE_BLOCK] = "block",		[FILE_CHAR] = "char",
	[FILE_DIRECTORY] = "directory", [FILE_FIFO] = "fifo",
	[FILE_SOCKET] = "socket",	[FILE_UNREACHABLE] = "unreachable",
};

static const char *const KVM_STATES[] = {
	[KVM_USABLE] = "usable", [KVM_MISSING] = "missing",
	[KVM_DENIED] = "denied", [KVM_SOFTWARE] = "software",
	[KVM_BROKEN] = "broken",
};

static const char *const KERNEL_PACKINGS[] = {
	[KERNEL_PLAIN] = "plain",
	[KERNEL_PACKED] = "packed",
	[KERNEL_PACKED_UNKNOWN] = "packed-unknown",
	[KERNEL_PACKED_FOR_UEFI] = "packed-for-uefi",
};

/* ---- the file and its bases ---- */

static char *beside(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return slash ? xasprintf("%.*s/%s", (int)(slash - path), path, name)
		     : xstrdup(name);
}

/* RFC 7396: changes `target` as `patch` says. */
static void merge(json_t *target, json_t *patch)
{
	const char *key;
	json_t *value;

	json_object_foreach (patch, key, value) {
		json_t *old = json_object_get(target, key);

		if (json_is_null(value))
			json_object_del(target, key);
		else if (json_is_object(value) && json_is_object(old))
			merge(old, value);
		else
			json_object_set(target, key, value);
	}
}

/* Puts what "base" names under each object that has one, from the inside
 * out. */
static int resolve(const char *path, json_t **object, struct err *err)
{
	const char *key;
	json_t *value;

	json_object_foreach (*object, key, value) {
		if (!json_is_object(value))
			continue;
		json_t *resolved = json_incref(value);
		int r = resolve(path, &resolved, err);
		json_object_set_new(*object, key, resolved);
		if (r < 0)
			return r;
	}
	const char *base = json_member_text(*object, "base");
	if (!base)
		return 0;
	cleanup_free char *base_path = beside(path, base);
	json_t *whole = NULL;
	int r = host_json_load(base_path, &whole, err);
	if (!whole)
		return r;
	json_object_del(*object, "base");
	merge(whole, *object);
	json_decref(*object);
	*object = whole;
	return 0;
}

int host_json_load(const char *path, json_t **ret, struct err *err)
{
	json_error_t error;
	json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

	if (!json)
		return err_set(err, -EPROTO, "%s:%d: %s", path, error.line,
			       error.text);
	int r = json_is_object(json)
			? resolve(path, &json, err)
			: err_set(err, -EPROTO, "%s: is no object", path);
	if (r < 0) {
		json_decref(json);
		return r;
	}
	*ret = json;
	return 0;
}

/* ---- files ---- */

static char *real_path_of(const json_t *json, const char *path)
{
	const char *given = json_member_text(json, "real-path");

	if (given)
		return xstrdup(given);
	return *path == '/' ? xstrdup(path) : xasprintf("/home/user/%s", path);
}

static int read_format(const char *name, enum image_format *ret,
		       struct err *err)
{
	if (!name || image_format_from_name(name, ret))
		return 0;
	return err_set(err, -EPROTO, "'%s' is no image format", name);
}

/* Both only as far as they would be found. */
static int read_locks(const json_t *json, struct file_facts *file,
		      struct err *err)
{
	const json_t *holder = json_object_get(json, "holder");
	cleanup_strv struct strv locks = STRV_INIT;

	json_member_strv(json, "locks", &locks);
	for (size_t i = 0; i < ARRAY_SIZE(FILE_LOCKS); i++)
		if (strv_has(&locks, FILE_LOCKS[i]))
			file->locks |= 1U << i;
	if (!holder)
		return 0;
	const char *guest = json_member_text(holder, "guest");
	file->holder.pid = (int32_t)json_member_number(holder, "pid");
	file->holder.program = xstrdup(json_member_text(holder, "program"));
	file->holder.guest = guest ? xstrdup(guest) : NULL;
	return json_member_check(holder, HOLDER_KEYS, ARRAY_SIZE(HOLDER_KEYS),
				 err);
}

static int read_file(const json_t *json, struct file_facts *file,
		     struct err *err)
{
	const char *mode = json_member_text(json, "mode");
	const char *template = json_member_text(json, "nvram-template");
	const char *backing = json_member_text(json, "backing");
	int r = json_member_check(json, FILE_KEYS, ARRAY_SIZE(FILE_KEYS), err);

	if (r == 0)
		r = json_member_enum(json, "kind", FILE_KINDS,
				     ARRAY_SIZE(FILE_KINDS), &file->kind, err);
	if (r == 0)
		r = json_member_errno(json, "error", &file->error, err);
	if (r == 0)
		r = read_format(json_member_text(json, "format"), &file->format,
				err);
	if (r < 0)
		return r;
	file->can_write = json_member_bool(json, "can-write", true);
	file->was_raw = json_member_bool(json, "was-raw", false);
	file->size = json_member_number(json, "size");
	file->virtual_size = json_object_get(json, "virtual-size")
				     ? json_member_number(json, "virtual-size")
				     : file->size;
	if (template)
		file->nvram_template = xstrdup(template);
	if (backing)
		file->backing = xstrdup(backing);
	file->owner = (uint32_t)json_member_number(json, "owner");
	file->mode = mode ? (uint32_t)strtoul(mode, NULL, 8) : 0;
	if (file->kind != FILE_UNREACHABLE)
		file->real_path = real_path_of(json, file->path);
	return read_locks(json, file, err);
}

static int answer_file(const json_t *host, const char *path,
		       struct file_facts *file, struct err *err)
{
	const json_t *json =
		json_object_get(json_object_get(host, "files"), path);

	*file = (struct file_facts){ .path = xstrdup(path) };
	if (!json) {
		file->error = ENOENT;
		return 0;
	}
	file->kind = FILE_REGULAR;
	if (!json_is_string(json))
		return read_file(json, file, err);
	file->can_write = true;
	file->real_path = real_path_of(NULL, path);
	return read_format(json_string_value(json), &file->format, err);
}

static int answer_files(const json_t *host, const struct strv *paths,
			struct facts *facts, struct err *err)
{
	int r = 0;

	facts->files = xreallocarray(facts->files,
				     facts->file_count + paths->count,
				     sizeof(*facts->files));
	for (size_t i = 0; r == 0 && i < paths->count; i++) {
		if (facts_file(facts, paths->items[i]))
			continue;
		r = answer_file(host, paths->items[i],
				&facts->files[facts->file_count++], err);
		if (r < 0)
			err_prefix(err, "file '%s'", paths->items[i]);
	}
	return r;
}

/* Where the missing ones will be. */
static void answer_images(const struct strv *images, struct facts *facts)
{
	for (size_t i = 0; i < facts->file_count; i++) {
		struct file_facts *file = &facts->files[i];

		if (file->kind == FILE_MISSING && strv_has(images, file->path))
			file->future_path = real_path_of(NULL, file->path);
	}
}

/* ---- firmware descriptors ---- */

static int answer_descriptor(const char *path, const json_t *json,
			     struct facts *facts, struct err *err)
{
	struct descriptor_facts *descriptor =
		&facts->descriptors[facts->descriptor_count++];
	int r = 0;

	*descriptor = (struct descriptor_facts){ .path = xstrdup(path) };
	if (json_is_string(json))
		descriptor->text = xstrdup(json_string_value(json));
	else if (json_object_get(json, "error"))
		r = json_member_errno(json, "error", &descriptor->error, err);
	else if (json)
		descriptor->text = json_dumps(json, 0);
	else
		descriptor->error = ENOENT;
	return r;
}

static int answer_descriptors(const json_t *host, const struct questions *q,
			      struct facts *facts, struct err *err)
{
	json_t *all = json_object_get(host, "descriptors");
	const char *path;
	json_t *json;
	int r = 0;

	facts->descriptors =
		xcalloc(json_object_size(all) + 1, sizeof(*facts->descriptors));
	if (q->descriptor)
		return answer_descriptor(q->descriptor,
					 json_object_get(all, q->descriptor),
					 facts, err);
	if (!q->needs_descriptors)
		return 0;
	json_object_foreach (all, path, json) {
		if (*path == '/')
			r = answer_descriptor(path, json, facts, err);
		if (r < 0)
			return err_prefix(err, "descriptor '%s'", path);
	}
	return 0;
}

static int answer_firmware(const json_t *host, const struct run_spec *spec,
			   const struct questions *q, struct facts *facts,
			   struct err *err)
{
	cleanup_strv struct strv files = STRV_INIT;
	int r = answer_descriptors(host, q, facts, err);

	if (r < 0)
		return r;
	questions_of_firmware(spec, facts, &files);
	return answer_files(host, &files, facts, err);
}

/* ---- everything ---- */

static int answer_bridge(const json_t *host, struct bridge_facts *bridge,
			 struct err *err)
{
	const json_t *json =
		json_object_get(json_object_get(host, "bridges"), bridge->name);
	const char *kind = json_is_object(json) ? json_member_text(json, "kind")
						: json_string_value(json);

	bridge->exists = kind;
	bridge->is_bridge = kind && str_eq(kind, "bridge");
	bridge->may_be_ovs = kind && str_eq(kind, "openvswitch");
	if (!json_is_object(json))
		return 0;
	bridge->is_down = json_member_bool(json, "down", false);
	bridge->lacks_carrier = json_member_bool(json, "lacks-carrier", false);
	bridge->port_delay_ms =
		(unsigned int)json_member_number(json, "port-delay");
	bridge->has_iptables = json_member_bool(json, "iptables", false);
	bridge->has_ip6tables = json_member_bool(json, "ip6tables", false);
	bridge->is_firewall_hidden =
		json_member_bool(json, "firewall-hidden", false);
	json_member_strv(json, "droppers", &bridge->droppers);
	return json_member_check(json, BRIDGE_KEYS, ARRAY_SIZE(BRIDGE_KEYS),
				 err);
}

static int answer_bridges(const json_t *host, const struct strv *names,
			  struct facts *facts, struct err *err)
{
	int r = 0;

	facts->bridges = xcalloc(names->count, sizeof(*facts->bridges));
	for (size_t i = 0; r == 0 && i < names->count; i++) {
		facts->bridges[i].name = xstrdup(names->items[i]);
		facts->bridge_count++;
		r = answer_bridge(host, &facts->bridges[i], err);
		if (r < 0)
			err_prefix(err, "bridge '%s'", names->items[i]);
		facts->has_docker |= facts->bridges[i].is_firewall_hidden &&
				     json_member_bool(host, "docker", false);
	}
	return r;
}

static int answer_questions(const json_t *host, const struct run_spec *spec,
			    const struct questions *q, struct facts *facts,
			    struct err *err)
{
	const char *machine_id = json_member_text(host, "machine-id");
	int r = 0;

	if (q->needs_kvm)
		r = json_member_enum(host, "kvm", KVM_STATES,
				     ARRAY_SIZE(KVM_STATES), &facts->kvm, err);
	if (r == 0 && q->needs_kvm)
		r = json_member_errno(host, "kvm-error", &facts->kvm_error,
				      err);
	if (r == 0 && q->needs_vhost_net)
		r = json_member_errno(host, "vhost-net",
				      &facts->vhost_net_error, err);
	if (r == 0 && q->kernel)
		r = json_member_enum(host, "kernel", KERNEL_PACKINGS,
				     ARRAY_SIZE(KERNEL_PACKINGS),
				     &facts->kernel, err);
	if (q->needs_machine_id && machine_id)
		facts->machine_id = xstrdup(machine_id);
	if (q->needs_ssh && json_member_bool(host, "ssh", true))
		facts->ssh = xstrdup("/usr/bin/ssh");
	if (q->needs_swtpm && json_member_bool(host, "swtpm", true))
		facts->swtpm = xstrdup("/usr/bin/swtpm");
	if (r == 0)
		r = answer_bridges(host, &q->bridges, facts, err);
	if (r == 0 && q->needs_helper)
		r = helper_json_answer(json_object_get(host, "helper"),
				       q->net_socket, &facts->helper, err);
	if (r == 0 && q->texts.count > 0)
		r = seed_json_answer_texts(host, &q->texts, facts, err);
	if (r == 0 && q->seed)
		r = seed_json_answer(host, q->seed, facts, err);
	if (r == 0)
		r = port_json_answer(json_object_get(host, "ports"), q, facts,
				     err);
	if (r == 0)
		r = answer_files(host, &q->files, facts, err);
	answer_images(&q->images, facts);
	if (q->needs_qemu_img && json_member_bool(host, "qemu-img", true))
		facts->qemu_img = xstrdup("/usr/bin/qemu-img");
	if (r == 0)
		r = answer_firmware(host, spec, q, facts, err);
	if (r == 0)
		r = qemu_json_answer(json_object_get(host, "qemu"), spec, q,
				     facts, err);
	return r;
}

int host_json_answer(const json_t *host, const struct run_spec *spec,
		     struct facts *ret, struct err *err)
{
	const char *machine = json_member_text(host, "machine");
	struct questions q;
	int r = json_member_check(host, HOST_KEYS, ARRAY_SIZE(HOST_KEYS), err);

	if (r < 0)
		return r;
	if (!machine)
		return err_set(err, -EPROTO, "the host has no \"machine\"");
	struct facts facts = {
		.host_machine = xstrdup(machine),
		.uid = (uint32_t)json_member_number(host, "uid"),
		.random = json_member_number(host, "random"),
		.stdin_is_tty = json_member_bool(host, "stdin-is-tty", false),
		.stdout_is_tty = json_member_bool(host, "stdout-is-tty", false),
	};
	questions_of(spec, machine, &q);
	r = answer_questions(host, spec, &q, &facts, err);
	questions_done(&q);
	if (r < 0) {
		facts_done(&facts);
		return r;
	}
	*ret = facts;
	return 0;
}
