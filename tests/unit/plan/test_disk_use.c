/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/disk_use.h"

#include "scene.h"

static const struct {
	const char *arg;
	enum disk_use plain, with_ephemeral, with_snapshot;
	bool is_made;
} rows[] = {
	{ "d", DISK_WRITTEN, DISK_EPHEMERAL, DISK_SNAPSHOT, false },
	{ "d,size=1G", DISK_WRITTEN, DISK_EPHEMERAL, DISK_SNAPSHOT, true },
	{ "d,base=b", DISK_WRITTEN, DISK_EPHEMERAL, DISK_SNAPSHOT, true },
	{ "d,ephemeral", DISK_EPHEMERAL, DISK_EPHEMERAL, DISK_EPHEMERAL,
	  false },
	{ "d,ephemeral=off", DISK_WRITTEN, DISK_WRITTEN, DISK_SNAPSHOT, false },
	{ "d,snapshot=on", DISK_SNAPSHOT, DISK_EPHEMERAL, DISK_SNAPSHOT,
	  false },
	{ "d,snapshot", DISK_SNAPSHOT, DISK_EPHEMERAL, DISK_SNAPSHOT, false },
	{ "d,ro", DISK_READ, DISK_READ, DISK_READ, false },
	{ "d,readonly=on", DISK_READ, DISK_READ, DISK_READ, false },
	{ "d,readonly", DISK_READ, DISK_READ, DISK_READ, false },
	{ "file=d,read-only,ephemeral", DISK_READ, DISK_READ, DISK_READ,
	  false },
	{ "d,media=cdrom", DISK_READ, DISK_READ, DISK_READ, false },
	/* These are paths. */
	{ "readonly", DISK_WRITTEN, DISK_EPHEMERAL, DISK_SNAPSHOT, false },
	{ "snapshot", DISK_WRITTEN, DISK_EPHEMERAL, DISK_SNAPSHOT, false },
};

static void test_use(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *row = rows[i].arg;
		struct scene s;

		scene_init(&s);
		scene_disk(&s, row);
		check_number(row, disk_use_of(&s.spec, &s.spec.disks[0]),
			     rows[i].plain);
		s.spec.is_ephemeral = true;
		check_number(row, disk_use_of(&s.spec, &s.spec.disks[0]),
			     rows[i].with_ephemeral);
		s.spec.is_ephemeral = false;
		s.spec.passthrough.is_snapshot = true;
		check_number(row, disk_use_of(&s.spec, &s.spec.disks[0]),
			     rows[i].with_snapshot);
		check_number(row, disk_use_makes(&s.spec.disks[0]),
			     rows[i].is_made);
		scene_done(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
