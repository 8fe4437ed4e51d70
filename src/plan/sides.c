/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/sides.h"

#include <errno.h>

#include "base/suggest.h"

/*
 * Words that need not be asked for. QEMU's schema, which has most of them,
 * takes longer to answer than everything else together; it is asked only for
 * words that are neither here nor among a device's properties.
 *
 * Of -drive: those that QEMU renames or reads before its lists of options come
 * in, so that none of its answers has them (blockdev.c, drive_new), and what
 * every QEMU since 2.10 has for images that are opened twice.
 */
static const char *const KNOWN_DRIVE_OPTIONS[] = {
	"cache",	"readonly",    "iops",	      "iops_rd",
	"iops_wr",	"bps",	       "bps_rd",      "bps_wr",
	"iops_max",	"iops_rd_max", "iops_wr_max", "bps_max",
	"bps_rd_max",	"bps_wr_max",  "iops_size",   "group",
	"file.locking",
};

/* Of -netdev user: QAPI's NetdevUserOptions of QEMU 7.2, and a name that only
 * the command line has (net/net.c, net_client_init). */
static const char *const KNOWN_USER_OPTIONS[] = {
	"hostname",    "restrict",
	"ipv4",	       "ipv6",
	"net",	       "host",
	"tftp",	       "bootfile",
	"dhcpstart",   "dns",
	"dnssearch",   "domainname",
	"ipv6-prefix", "ipv6-prefixlen",
	"ipv6-host",   "ipv6-dns",
	"smb",	       "smbserver",
	"hostfwd",     "guestfwd",
	"ipv6-net",    "tftp-server-name",
};

/* Of -netdev tap: NetdevTapOptions. */
static const char *const KNOWN_TAP_OPTIONS[] = {
	"ifname",  "fd",       "fds",	     "script",	 "downscript",
	"br",	   "helper",   "sndbuf",     "vnet_hdr", "vhost",
	"vhostfd", "vhostfds", "vhostforce", "queues",	 "poll-us",
};

/* Every device takes the bus it is plugged into; no property says so. */
static const char *const DEVICE_KEYS[] = { "bus" };

static bool is_among(const char *const *list, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(list[i], key))
			return true;
	return false;
}

#define IS_AMONG(list, key) is_among(list, ARRAY_SIZE(list), key)

/* An entry that ends in '.' stands for every key that begins with it. */
static bool has_block_option(const struct strv *options, const char *key)
{
	for (size_t i = 0; i < options->count; i++) {
		const char *option = options->items[i];
		size_t len = strlen(option);

		if (str_eq(option, key) ||
		    (option[len - 1] == '.' && str_starts(key, option)))
			return true;
	}
	return false;
}

enum side sides_of_disk_key(const struct model_facts *model,
			    const struct qemu_facts *qemu, const char *key)
{
	if (model && strv_has(&model->properties, key))
		return SIDE_DEVICE;
	if (IS_AMONG(KNOWN_DRIVE_OPTIONS, key) ||
	    strv_has(&qemu->drive_options, key) ||
	    has_block_option(&qemu->block_options, key))
		return SIDE_BACKEND;
	return SIDE_UNKNOWN;
}

static bool is_netdev_option(const struct qemu_facts *qemu, enum nic_kind kind,
			     const char *key)
{
	if (kind == NIC_USER)
		return IS_AMONG(KNOWN_USER_OPTIONS, key) ||
		       strv_has(&qemu->user_options, key);
	return IS_AMONG(KNOWN_TAP_OPTIONS, key) ||
	       strv_has(&qemu->tap_options, key);
}

enum side sides_of_nic_key(const struct model_facts *model,
			   const struct qemu_facts *qemu, enum nic_kind kind,
			   const char *key)
{
	if (IS_AMONG(DEVICE_KEYS, key) ||
	    (model && strv_has(&model->properties, key)))
		return SIDE_DEVICE;
	return is_netdev_option(qemu, kind, key) ? SIDE_BACKEND : SIDE_UNKNOWN;
}

bool sides_disk_has_unknown(const struct run_spec *spec,
			    const struct disk_spec *disk,
			    const struct machine *machine,
			    const struct facts *facts)
{
	const char *driver = machine_disk_driver(spec, disk, machine);
	const struct model_facts *model = driver ? facts_model(facts, driver)
						 : NULL;
	size_t unknown_bare = 0;

	for (size_t i = 0; i < disk->words.count; i++) {
		const struct word *word = &disk->words.items[i];

		if (!disk_spec_takes(word) &&
		    sides_of_disk_key(model, &facts->qemu, word->key) ==
			    SIDE_UNKNOWN)
			return true;
	}
	for (size_t i = 0; i < disk->bare.count; i++)
		if (sides_of_disk_key(model, &facts->qemu,
				      disk->bare.items[i]) == SIDE_UNKNOWN)
			unknown_bare++;
	return unknown_bare > (disk->file ? 0 : 1);
}

bool sides_nic_has_unknown(const struct run_spec *spec,
			   const struct nic_spec *nic,
			   const struct machine *machine,
			   const struct facts *facts)
{
	const struct model_facts *model =
		facts_model(facts, machine_nic_model(spec, nic, machine));

	for (size_t i = 1; i < nic->words.count; i++) {
		const struct word *word = &nic->words.items[i];

		if (!nic_spec_takes(word) &&
		    sides_of_nic_key(model, &facts->qemu, nic->kind,
				     word->key) == SIDE_UNKNOWN)
			return true;
	}
	return false;
}

static void offer_list(struct suggest *s, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		suggest_offer(s, list[i]);
}

static void offer_strv(struct suggest *s, const struct strv *v)
{
	offer_list(s, (const char *const *)v->items, v->count);
}

const char *sides_nearest_disk_key(const struct model_facts *model,
				   const struct qemu_facts *qemu,
				   const char *key)
{
	static const char *const own[] = { "file",   "driver", "format",
					   "serial", "wwn",    "index",
					   "unit",   "media",  "size",
					   "base",   "grow",   "ephemeral",
					   "ro" };
	struct suggest s = SUGGEST_INIT(key);

	offer_list(&s, own, ARRAY_SIZE(own));
	offer_list(&s, KNOWN_DRIVE_OPTIONS, ARRAY_SIZE(KNOWN_DRIVE_OPTIONS));
	if (model)
		offer_strv(&s, &model->properties);
	offer_strv(&s, &qemu->drive_options);
	offer_strv(&s, &qemu->block_options);
	return s.best;
}

const char *sides_nearest_nic_key(const struct model_facts *model,
				  const struct qemu_facts *qemu,
				  enum nic_kind kind, const char *key)
{
	static const char *const own[] = { "mac", "macaddr", "model" };
	struct suggest s = SUGGEST_INIT(key);

	offer_list(&s, own, ARRAY_SIZE(own));
	if (model)
		offer_strv(&s, &model->properties);
	if (kind == NIC_USER) {
		offer_list(&s, KNOWN_USER_OPTIONS,
			   ARRAY_SIZE(KNOWN_USER_OPTIONS));
		offer_strv(&s, &qemu->user_options);
	} else {
		offer_list(&s, KNOWN_TAP_OPTIONS,
			   ARRAY_SIZE(KNOWN_TAP_OPTIONS));
		offer_strv(&s, &qemu->tap_options);
	}
	return s.best;
}

int sides_find_model(const struct facts *facts, const char *asked,
		     const struct model_facts **ret, struct err *err)
{
	const struct model_facts *model = facts_model(facts, asked);

	if (facts->qemu.failure)
		return err_set(err, -ENODEV,
			       "cannot tell what '%s' understands: %s", asked,
			       facts->qemu.failure);
	if (model && model->name) {
		*ret = model;
		return 0;
	}
	struct suggest s = SUGGEST_INIT(asked);
	offer_strv(&s, &facts->qemu.devices);
	return err_set(err, -EINVAL, "%s has no device '%s'%s%s%s",
		       facts->qemu.path, asked,
		       s.best ? "; did you mean '" : "", s.best ? s.best : "",
		       s.best ? "'?" : "");
}
