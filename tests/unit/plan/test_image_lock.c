/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/image_lock.h"

#include <errno.h>

#include "scene.h"

#define W FILE_LOCK_WRITER
#define NW FILE_LOCK_NO_WRITERS
#define NR FILE_LOCK_NO_READERS

/* What a disk that is opened so does not go with, of each kind of lock. */
static const struct {
	const char *arg;
	enum image_format format;
	unsigned int conflicts; /* of the file */
	unsigned int base_conflicts; /* where that is its base */
} rows[] = {
	{ "d", IMAGE_RAW, W | NW | NR, W | NR },
	{ "d", IMAGE_QCOW2, W | NW | NR, W | NR },
	{ "d,readonly=on", IMAGE_RAW, W | NR, W | NR },
	{ "d,ro", IMAGE_QCOW2, W | NR, W | NR },
	{ "d,snapshot=on", IMAGE_RAW, W | NR, W | NR },
	{ "d,ephemeral", IMAGE_RAW, W | NR, W | NR },
	/* Only raw disks can be shared with a writer. */
	{ "d,share-rw=on", IMAGE_RAW, NW | NR, W | NR },
	{ "d,share-rw", IMAGE_RAW, NW | NR, W | NR },
	{ "d,share-rw=on,ro", IMAGE_RAW, NR, W | NR },
	{ "d,share-rw=off", IMAGE_RAW, W | NW | NR, W | NR },
	{ "d,share-rw=on", IMAGE_QCOW2, W | NW | NR, W | NR },
	{ "d,share-rw=on,format=raw", IMAGE_QCOW2, NW | NR, W | NR },
	{ "d,share-rw=on,format=qcow2", IMAGE_RAW, W | NW | NR, W | NR },
	{ "d,file.locking=off", IMAGE_RAW, 0, 0 },
	{ "d,file.locking=auto", IMAGE_RAW, W | NW | NR, W | NR },
};

static void test_conflicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct file_facts file = { .format = rows[i].format };
		const char *row = rows[i].arg;
		struct scene s;

		scene_init(&s);
		scene_disk(&s, row);
		check_number(row,
			     image_lock_conflicts(&s.spec, &s.spec.disks[0],
						  &file, false),
			     false);
		for (unsigned int lock = 1; lock <= NR; lock <<= 1) {
			file.locks = lock;
			check_number(row,
				     image_lock_conflicts(&s.spec,
							  &s.spec.disks[0],
							  &file, false),
				     (rows[i].conflicts & lock) != 0);
			check_number(row,
				     image_lock_conflicts(&s.spec,
							  &s.spec.disks[0],
							  &file, true),
				     (rows[i].base_conflicts & lock) != 0);
		}
		scene_done(&s);
	}
}

/* Only for those in the way the processes are looked through. */
static void test_questions(void **state)
{
	cleanup_strv struct strv files = STRV_INIT;
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_disk(&s, "busy");
	scene_disk(&s, "file=free");
	scene_disk(&s, "shared,ephemeral");
	scene_disk(&s, "missing,base=written");
	scene_disk(&s, "file=busy");
	scene_file(&s, "busy")->locks = NW;
	scene_file(&s, "free");
	scene_file(&s, "shared")->locks = NW;
	scene_file(&s, "written")->locks = W;
	scene_missing_file(&s, "missing");
	image_lock_questions(&s.spec, &s.facts, &files);
	assert_int_equal(files.count, 2);
	assert_string_equal(files.items[0], "busy");
	assert_string_equal(files.items[1], "written");
	scene_done(&s);
}

static void test_messages(void **state)
{
	struct file_facts file = { .path = (char *)"d", .locks = W };
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_disk(&s, "d");
	const struct disk_spec *disk = &s.spec.disks[0];
	check_error("nobody",
		    image_lock_check(&s.spec, disk, &file, false, &s.err),
		    &s.err, -EBUSY,
		    "'d' is in use by a process that this user cannot see; "
		    "root can, with 'fuser -v'");
	file.holder = (struct file_holder){ 7, (char *)"qemu", NULL };
	check_error("a program",
		    image_lock_check(&s.spec, disk, &file, false, &s.err),
		    &s.err, -EBUSY,
		    "'d' is in use by process 7 (qemu); end that first, or "
		    "use a copy");
	file.holder.guest = (char *)"web";
	file.locks = NW;
	check_error("a reader",
		    image_lock_check(&s.spec, disk, &file, false, &s.err),
		    &s.err, -EBUSY,
		    "'d' is in use by process 7 (qemu, guest 'web'); "
		    "ephemeral can be had beside it");
	file.locks = 0;
	check_ok("free", image_lock_check(&s.spec, disk, &file, false, &s.err),
		 &s.err);
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conflicts),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
