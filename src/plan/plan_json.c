/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "plan/plan_text.h"
#include "plan/seed_text.h"

static const char *const FD_KINDS[] = {
	[PLAN_FD_TAP] = "tap",
	[PLAN_FD_VHOST_NET] = "vhost-net",
	[PLAN_FD_NVRAM] = "nvram",
	[PLAN_FD_LOCK] = "lock",
	[PLAN_FD_KERNEL] = "kernel",
	[PLAN_FD_QMP] = "qmp",
	[PLAN_FD_CONFIG] = "config",
	[PLAN_FD_CONSOLE] = "console",
	[PLAN_FD_AGENT] = "agent",
	[PLAN_FD_IMAGE] = "image",
	[PLAN_FD_TPM] = "tpm",
	[PLAN_FD_SEED] = "seed",
	[PLAN_FD_SEED_SERVER] = "seed-server",
	[PLAN_FD_CREDENTIAL] = "credential",
	[PLAN_FD_INHERITED] = "inherited",
};

static void add_image_json(json_t *object, const struct plan_image *image)
{
	json_object_set_new(object, "format", json_text(image->format));
	if (image->size)
		json_object_set_new(object, "size",
				    json_integer((json_int_t)image->size));
	if (image->base) {
		json_object_set_new(object, "base", json_text(image->base));
		json_object_set_new(object, "base-format",
				    json_text(image->base_format));
	}
}

static json_t *fds_json(const struct plan *plan)
{
	json_t *array = json_array();

	for (size_t i = 0; i < plan->fd_count; i++) {
		const struct plan_fd *fd = &plan->fds[i];
		json_t *object = json_object();

		json_object_set_new(object, "fd", json_integer(fd->number));
		json_object_set_new(object, "kind",
				    json_string(FD_KINDS[fd->kind]));
		if (fd->kind == PLAN_FD_TAP || fd->kind == PLAN_FD_VHOST_NET)
			json_object_set_new(
				object, "netdev",
				json_text(plan->taps[fd->nic].netdev));
		if (fd->path)
			json_object_set_new(
				object,
				fd->kind == PLAN_FD_IMAGE ? "folder" : "source",
				json_text(fd->path));
		if (fd->kind == PLAN_FD_IMAGE)
			add_image_json(object, &fd->image);
		if (fd->size)
			json_object_set_new(object, "size",
					    json_integer((json_int_t)fd->size));
		if (fd->kind == PLAN_FD_KERNEL)
			json_object_set_new(object, "cache",
					    json_text(fd->cache));
		if (fd->content)
			json_object_set_new(object, "content",
					    json_text(fd->content));
		json_array_append_new(array, object);
	}
	return array;
}

static const char *const BRIDGE_TYPES[] = {
	[BRIDGE_ANY] = NULL,
	[BRIDGE_LINUX] = "linux",
	[BRIDGE_OVS] = "ovs",
};

/* What was said of the port; the rest is not there. */
static void add_port_json(json_t *object, const struct port_spec *port)
{
	if (BRIDGE_TYPES[port->type])
		json_object_set_new(object, "type",
				    json_string(BRIDGE_TYPES[port->type]));
	if (port->vlan)
		json_object_set_new(object, "vlan", json_integer(port->vlan));
	if (port->trunks)
		json_object_set_new(object, "trunks", json_text(port->trunks));
	if (port->mtu)
		json_object_set_new(object, "mtu", json_integer(port->mtu));
	if (port->iface_id)
		json_object_set_new(object, "iface-id",
				    json_text(port->iface_id));
	if (port->is_isolated)
		json_object_set_new(object, "isolated", json_true());
	if (port->is_not_learning)
		json_object_set_new(object, "learning", json_false());
	if (port->tap)
		json_object_set_new(object, "tap", json_text(port->tap));
}

static json_t *taps_json(const struct plan *plan)
{
	json_t *array = json_array();

	for (size_t i = 0; i < plan->tap_count; i++) {
		const struct plan_tap *tap = &plan->taps[i];
		json_t *object = json_object();

		json_object_set_new(object, "netdev", json_text(tap->netdev));
		json_object_set_new(object, "bridge", json_text(tap->bridge));
		json_object_set_new(object, "mac", json_text(tap->mac));
		json_object_set_new(object, "queues",
				    json_integer(tap->queues));
		add_port_json(object, &tap->port);
		json_array_append_new(array, object);
	}
	return array;
}

/* A free port is known when QEMU runs. */
static json_t *forwards_json(const struct plan *plan)
{
	json_t *array = json_array();

	for (size_t i = 0; i < plan->forward_count; i++) {
		const struct plan_forward *forward = &plan->forwards[i];
		const struct fwd_spec *fwd = &forward->fwd;
		json_t *object = json_object();

		json_object_set_new(object, "netdev",
				    json_text(forward->netdev));
		json_object_set_new(object, "protocol",
				    json_string(fwd->is_udp ? "udp" : "tcp"));
		json_object_set_new(object, "address", json_text(fwd->address));
		json_object_set_new(object, "port",
				    fwd->host_port
					    ? json_integer(fwd->host_port)
					    : json_null());
		json_object_set_new(object, "guest-port",
				    json_integer(fwd->guest_port));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *helper_json(const struct plan_helper *helper)
{
	json_t *object = json_object(), *ways = json_array();

	for (size_t i = 0; i < helper->way_count; i++) {
		enum helper_way name = helper->ways[i];
		json_t *way = json_object();

		json_object_set_new(way, "way",
				    json_string(helper_way_name(name)));
		json_object_set_new(
			way, "path",
			json_text(plan_helper_target(helper, name)));
		if (name == HELPER_SUDO)
			json_object_set_new(way, "asks",
					    helper->asks ? json_true()
							 : json_false());
		json_array_append_new(ways, way);
	}
	json_object_set_new(object, "ways", ways);
	if (helper->cause)
		json_object_set_new(object, "cause", json_text(helper->cause));
	return object;
}

static json_t *files_json(const struct plan *plan)
{
	static const char *const actions[] = {
		[PLAN_FILE_CREATE_NVRAM] = "create",
		[PLAN_FILE_CREATE_IMAGE] = "create-image",
		[PLAN_FILE_GROW_IMAGE] = "grow-image",
		[PLAN_FILE_MARK_RAW] = "mark-raw",
		[PLAN_FILE_UNMARK_RAW] = "unmark-raw",
	};
	json_t *array = json_array();

	for (size_t i = 0; i < plan->file_count; i++) {
		const struct plan_file *file = &plan->files[i];
		json_t *object = json_object();

		json_object_set_new(object, "action",
				    json_string(actions[file->kind]));
		json_object_set_new(object, "path", json_text(file->path));
		if (file->source)
			json_object_set_new(object, "source",
					    json_text(file->source));
		if (file->image.format)
			add_image_json(object, &file->image);
		if (file->size)
			json_object_set_new(
				object, "size",
				json_integer((json_int_t)file->size));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *tpm_json(const struct plan_tpm *tpm)
{
	json_t *object = json_object();

	json_object_set_new(object, "program", json_text(tpm->program));
	json_object_set_new(object, "argv", json_text_array(&tpm->argv));
	json_object_set_new(object, "folder", json_text(tpm->folder));
	return object;
}

static json_t *console_json(const struct plan_console *console)
{
	json_t *object = json_object();

	if (console->place != CONSOLE_UNSAID)
		json_object_set_new(
			object, "place",
			json_string(console_place_name(console->place)));
	if (console->path)
		json_object_set_new(object, "path", json_text(console->path));
	if (console->log) {
		json_object_set_new(object, "log", json_text(console->log));
		json_object_set_new(object, "timestamps",
				    console->log_has_times ? json_true()
							   : json_false());
		json_object_set_new(object, "append",
				    console->log_appends ? json_true()
							 : json_false());
	}
	return object;
}

static json_t *waits_json(const struct plan *plan)
{
	json_t *object = json_object(), *conditions = json_array();

	for (size_t i = 0; i < plan->wait_count; i++)
		json_array_append_new(conditions,
				      json_text(plan->waits[i].arg));
	json_object_set_new(object, "for", conditions);
	if (plan->timeout_ms)
		json_object_set_new(object, "timeout-ms",
				    json_integer(plan->timeout_ms));
	return object;
}

static json_t *command_json(const struct plan *plan)
{
	const struct plan_command *command = &plan->command;
	json_t *object = json_object(), *ways = json_array();

	if (command->by_agent)
		json_array_append_new(ways, json_string("agent"));
	if (command->by_ssh)
		json_array_append_new(ways, json_string("ssh"));
	json_object_set_new(object, "command", json_text(command->text));
	json_object_set_new(object, "by", ways);
	if (command->by_ssh)
		json_object_set_new(object, "ssh", json_text(plan->ssh));
	json_object_set_new(object, "user", json_text(command->user));
	return object;
}

static json_t *notes_json(const struct plan *plan)
{
	json_t *array = json_array();

	for (size_t i = 0; i < plan->note_count; i++) {
		const struct plan_note *note = &plan->notes[i];
		json_t *object = json_object();

		json_object_set_new(object, "level",
				    json_string(note->level == NOTE_WARNING
							? "warning"
							: "note"));
		json_object_set_new(object, "text", json_text(note->text));
		json_array_append_new(array, object);
	}
	return array;
}

char *plan_json_text(const struct plan *plan)
{
	cleanup_json json_t *object = json_object();

	json_object_set_new(object, "program", json_text(plan->program));
	json_object_set_new(object, "argv", json_text_array(&plan->argv));
	json_object_set_new(object, "exec",
			    plan->is_exec ? json_true() : json_false());
	json_object_set_new(object, "descriptors", fds_json(plan));
	json_object_set_new(object, "taps", taps_json(plan));
	if (plan->forward_count > 0)
		json_object_set_new(object, "forwards", forwards_json(plan));
	if (plan->ovsdb)
		json_object_set_new(object, "ovsdb", json_text(plan->ovsdb));
	if (plan->tap_count > 0)
		json_object_set_new(object, "helper",
				    helper_json(&plan->helper));
	json_object_set_new(object, "files", files_json(plan));
	if (plan->tpm.program)
		json_object_set_new(object, "tpm", tpm_json(&plan->tpm));
	if (plan->seed.count > 0)
		json_object_set_new(object, "seed", seed_json(&plan->seed));
	if (plan->console.is_ours)
		json_object_set_new(object, "console",
				    console_json(&plan->console));
	if (plan->wait_count > 0)
		json_object_set_new(object, "wait", waits_json(plan));
	if (plan->command.text)
		json_object_set_new(object, "run", command_json(plan));
	json_object_set_new(object, "notes", notes_json(plan));
	cleanup_free char *text = json_dumps(object, JSON_INDENT(2));
	return xasprintf("%s\n", text);
}
