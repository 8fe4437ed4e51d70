/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/seed_disk.h"

#include "plan/seed_server.h"

#include "base/words.h"

#define SEED_ID "seed-xkvm"

/*
 * That of the first disk, or else of all disks, for which the guest certainly
 * has a driver. And a BIOS boots only the first hard disk, where it sorts by
 * kind before place: beside an nvme, a virtio-blk would be what it tries.
 */
static const char *choose_driver(const struct run_spec *spec,
				 const struct machine *machine)
{
	static const char *const plain[] = { "virtio-blk", "scsi-hd", "nvme" };
	const struct disk_spec none = { .interface = DISK_IF_DEFAULT };
	const char *driver = machine_disk_driver(
		spec, spec->disk_count > 0 ? &spec->disks[0] : &none, machine);

	for (size_t i = 0; driver && i < ARRAY_SIZE(plain); i++)
		if (str_starts(driver, plain[i]))
			return driver;
	/* An ide-hd cannot be read-only. */
	return driver && str_eq(driver, "ide-hd") ? "ide-cd" : "virtio-blk";
}

int seed_disk_add(struct plan *plan, const struct run_spec *spec,
		  const struct facts *facts, const struct machine *machine,
		  struct err *err)
{
	if (!spec->cloud_init.is_asked)
		return 0;
	int r = seed_make(spec, facts, plan->nics, plan->nic_count, &plan->seed,
			  err);
	if (r < 0)
		return r;
	if (spec->cloud_init.via != SEED_VIA_ISO)
		return seed_server_add(plan, spec, machine, err);
	const struct plan_fd *fd = plan_add_fd(plan, PLAN_FD_SEED);
	plan_add_arg(plan, "-drive",
		     xasprintf("file=/dev/fd/%d,id=" SEED_ID
			       ",if=none,format=raw,readonly=on",
			       fd->number));
	plan_add_arg(plan, "-device",
		     xasprintf("%s,drive=" SEED_ID ",serial=" SEED_VOLUME,
			       choose_driver(spec, machine)));
	return 0;
}
