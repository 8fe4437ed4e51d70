/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/seed_server.h"

#include <errno.h>

#include "base/words.h"

#define SERVER_ID "seed-xkvm"
/* A free address of the network that QEMU chooses; the host is 2, its name
 * server 3, a file server 4, and guests begin at 15. */
#define FORWARD "tcp:10.0.2.5:80-chardev:" SERVER_ID

static bool is_asked(const struct run_spec *spec)
{
	return spec->cloud_init.is_asked &&
	       spec->cloud_init.via != SEED_VIA_ISO;
}

/* With other addresses than QEMU's own, ours may not be there. */
static bool is_plain(const struct nic_spec *nic)
{
	for (size_t i = 1; i < nic->words.count; i++) {
		const char *key = nic->words.items[i].key;

		if (str_eq(key, "net") || str_eq(key, "ipv4"))
			return false;
	}
	return true;
}

bool seed_server_is_on(const struct plan *plan, const struct run_spec *spec,
		       const struct nic_spec *nic)
{
	return is_asked(spec) && !plan->has_seed_server &&
	       nic->kind == NIC_USER && is_plain(nic);
}

void seed_server_add_forward(struct plan *plan, struct strbuf *netdev)
{
	words_add(netdev, "guestfwd", FORWARD);
	plan->has_seed_server = true;
}

static int check(const struct plan *plan, const struct run_spec *spec,
		 const struct machine *machine, struct err *err)
{
	enum seed_via via = spec->cloud_init.via;

	if (via == SEED_VIA_HTTP && !spec->kernel.file)
		return err_set(err, -EINVAL,
			       "--seed-via http: the guest is told by its "
			       "kernel's command line, which takes --kernel; "
			       "use smbios or iso");
	if (via == SEED_VIA_SMBIOS && !machine->has_smbios)
		return err_set(err, -EINVAL,
			       "--seed-via smbios: QEMU has no SMBIOS for %s "
			       "guests; use iso, or http with --kernel",
			       machine->arch);
	if (!plan->has_seed_server)
		return err_set(err, -EINVAL,
			       "--seed-via %s: the server is on QEMU's user "
			       "network; add '--netdev user', without net= and "
			       "ipv4=, or use iso",
			       seed_via_name(via));
	return 0;
}

int seed_server_add(struct plan *plan, const struct run_spec *spec,
		    const struct machine *machine, struct err *err)
{
	int r = check(plan, spec, machine, err);

	if (r < 0)
		return r;
	plan_add_arg(plan, "-chardev",
		     xasprintf("socket,id=" SERVER_ID ",fd=%d",
			       plan_add_fd(plan, PLAN_FD_SEED_SERVER)->number));
	if (spec->cloud_init.via == SEED_VIA_SMBIOS)
		plan_add_arg(plan, "-smbios",
			     xstrdup("type=1,serial=" SEED_SERVER_WORDS));
	return 0;
}

const char *seed_server_kernel_words(const struct run_spec *spec)
{
	return is_asked(spec) && spec->cloud_init.via == SEED_VIA_HTTP
		       ? SEED_SERVER_WORDS
		       : NULL;
}
