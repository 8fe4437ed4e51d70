/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/disk.h"

#include <errno.h>

#include "scene.h"

/* A host with QEMU's answers about a few devices, and files of all kinds. */
static void set_up(struct scene *s)
{
	static const char *const paths[] = {
		"d.img",
		"a,b.img",
		"c:d.img",
		"/x/c:d.img",
		"two words.img",
		"-x.img",
		"abcdefghijklmnopqrstuvwxyz.img",
	};

	scene_init(s);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		scene_file(s, paths[i]);
	scene_file(s, "q.qcow2")->format = IMAGE_QCOW2;
	scene_file(s, "ro.img")->can_write = false;
	scene_file(s, "/dev/sdx")->kind = FILE_BLOCK;
	scene_file(s, "b:lock")->kind = FILE_BLOCK;
	scene_model(s, "virtio-blk", "virtio-blk-pci",
		    "drive serial logical_block_size write-cache bootindex");
	scene_model(s, "scsi-hd", "scsi-hd",
		    "drive serial wwn product share-rw bootindex");
	scene_model(s, "scsi-block", "scsi-block", "drive bootindex");
	scene_model(s, "nvme", "nvme", "drive serial share-rw addr");
	scene_model(s, "e1000", "e1000", "netdev mac");
	scene_words(&s->facts.qemu.drive_options,
		    "file media readonly snapshot aio discard read-only");
}

static int add(struct scene *s, const char *arch)
{
	const struct machine machine = machine_of(arch);

	return disk_add_all(&s->plan, &s->spec, &s->facts, &machine, &s->err);
}

/* The only disk of a command line, and what QEMU is told. */
static const struct {
	const char *arg;
	const char *command;
} good[] = {
	{ "d.img", "-drive file=d.img,id=disk00,if=none,format=raw,index=0 "
		   "-device virtio-blk,drive=disk00,serial=d.img" },
	{ "file=q.qcow2",
	  "-drive file=q.qcow2,id=disk00,if=none,format=qcow2,index=0 "
	  "-device virtio-blk,drive=disk00,serial=q.qcow2" },
	{ "-x.img", "-drive file=-x.img,id=disk00,if=none,format=raw,index=0 "
		    "-device virtio-blk,drive=disk00,serial=-x.img" },
	/* A comma is doubled on the way out, too. */
	{ "a,,b.img",
	  "-drive file=a,,b.img,id=disk00,if=none,format=raw,index=0 "
	  "-device virtio-blk,drive=disk00,serial=a,,b.img" },
	/* What stands before ':' is no protocol. */
	{ "c:d.img", "-drive file.driver=file,file.filename=c:d.img,"
		     "id=disk00,if=none,format=raw,index=0 "
		     "-device virtio-blk,drive=disk00,serial=c:d.img" },
	{ "b:lock", "-drive file.driver=host_device,file.filename=b:lock,"
		    "id=disk00,if=none,format=raw,index=0 "
		    "-device virtio-blk,drive=disk00,serial=b:lock" },
	{ "/x/c:d.img",
	  "-drive file=/x/c:d.img,id=disk00,if=none,format=raw,index=0 "
	  "-device virtio-blk,drive=disk00,serial=c:d.img" },
	{ "/dev/sdx",
	  "-drive file=/dev/sdx,id=disk00,if=none,format=raw,index=0 "
	  "-device virtio-blk,drive=disk00,serial=sdx" },
	{ "d.img,id=drv1,index=4",
	  "-drive file=d.img,id=drv1,if=none,format=raw,index=4 "
	  "-device virtio-blk,drive=drv1,serial=d.img" },
	{ "d.img,bus=b.0", "-drive file=d.img,id=disk00,if=none,format=raw,"
			   "bus=b.0,unit=0 "
			   "-device virtio-blk,drive=disk00,serial=d.img" },
	{ "d.img,unit=3", "-drive file=d.img,id=disk00,if=none,format=raw,"
			  "unit=3 "
			  "-device virtio-blk,drive=disk00,serial=d.img" },
	/* Each word on its side, in the order in which it was given. */
	{ "d.img,driver=scsi-hd,cache=unsafe,wwn=0x5,aio=native,product=P",
	  "-drive file=d.img,id=disk00,if=none,format=raw,index=0,"
	  "cache=unsafe,aio=native "
	  "-device scsi-hd,drive=disk00,serial=0x5,wwn=0x5,product=P" },
	{ "d.img,if=scsi,wwn=0x5,serial=s",
	  "-drive file=d.img,id=disk00,if=none,format=raw,index=0 "
	  "-device scsi-hd,drive=disk00,serial=s,wwn=0x5" },
	{ "d.img,readonly", "-drive file=d.img,id=disk00,if=none,format=raw,"
			    "index=0,readonly=on "
			    "-device virtio-blk,drive=disk00,serial=d.img" },
	{ "ro.img,read-only=on",
	  "-drive file=ro.img,id=disk00,if=none,format=raw,index=0,"
	  "read-only=on -device virtio-blk,drive=disk00,serial=ro.img" },
	{ "ro.img,media=cdrom",
	  "-drive file=ro.img,id=disk00,if=none,format=raw,index=0,"
	  "media=cdrom -device virtio-blk,drive=disk00,serial=ro.img" },
	{ "ro.img,snapshot=on",
	  "-drive file=ro.img,id=disk00,if=none,format=raw,index=0,"
	  "snapshot=on -device virtio-blk,drive=disk00,serial=ro.img" },
	/* A host's disk has a serial of its own. */
	{ "/dev/sdx,driver=scsi-block",
	  "-drive file=/dev/sdx,id=disk00,if=none,format=raw,index=0 "
	  "-device scsi-block,drive=disk00" },
	{ "d.img,if=pflash",
	  "-drive file=d.img,id=disk00,if=pflash,format=raw" },
	{ "d.img,file.locking=off,driver=nvme,share-rw=on",
	  "-drive file=d.img,id=disk00,if=none,format=raw,index=0,"
	  "file.locking=off "
	  "-device nvme,drive=disk00,serial=d.img,share-rw=on" },
	{ "two words.img,serial=s 1",
	  "-drive file=two words.img,id=disk00,if=none,format=raw,index=0 "
	  "-device virtio-blk,drive=disk00,serial=s 1" },
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct scene s;

		set_up(&s);
		scene_disk(&s, good[i].arg);
		check_ok(good[i].arg, add(&s, "x86_64"), &s.err);
		cleanup_free char *command = scene_command(&s);
		check_text(good[i].arg, command, good[i].command);
		scene_done(&s);
	}
}

static const struct {
	const char *arg;
	const char *message;
} bad[] = {
	{ "ro.img",
	  "--disk 'ro.img': 'ro.img' cannot be written by this user (owner "
	  "uid 1000, mode 0644); add readonly=on or snapshot=on, or have it "
	  "given to you" },
	{ "d.img,driver=nvme,caceh=none",
	  "--disk 'd.img,driver=nvme,caceh=none': neither nvme nor QEMU's "
	  "-drive knows 'caceh'; did you mean 'cache'?" },
	{ "d.img,zzzzz=1",
	  "--disk 'd.img,zzzzz=1': neither virtio-blk-pci nor QEMU's -drive "
	  "knows 'zzzzz'" },
	{ "d.img,if=pflash,logical_block_size=512",
	  "--disk 'd.img,if=pflash,logical_block_size=512': neither the "
	  "machine nor QEMU's -drive knows 'logical_block_size'" },
	{ "d.img,if=pflash,serial=s", "--disk 'd.img,if=pflash,serial=s': "
				      "serial= is for disks; if=pflash has "
				      "none" },
	{ "d.img,driver=e1000", "--disk 'd.img,driver=e1000': the device "
				"'e1000' takes no drive: it is no disk" },
	{ "d.img,b.img",
	  "--disk 'd.img,b.img': 'b.img' is neither an option nor, after "
	  "'d.img', the file; a comma in a file's name is written ',,'" },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct scene s;

		set_up(&s);
		scene_disk(&s, bad[i].arg);
		check_error(bad[i].arg, add(&s, "x86_64"), &s.err, -EINVAL,
			    bad[i].message);
		scene_done(&s);
	}
}

static void test_numbers(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	scene_disk(&s, "d.img");
	scene_disk(&s, "q.qcow2,bus=b");
	check_ok("two", add(&s, "x86_64"), &s.err);
	cleanup_free char *command = scene_command(&s);
	assert_string_equal(
		command,
		"-drive file=d.img,id=disk00,if=none,format=raw,index=0 "
		"-device virtio-blk,drive=disk00,serial=d.img "
		"-drive file=q.qcow2,id=disk01,if=none,format=qcow2,bus=b,"
		"unit=1 -device virtio-blk,drive=disk01,serial=q.qcow2");
	scene_done(&s);
}

/* The s390x block device passes SCSI commands through unless told not to. */
static void test_s390x(void **state)
{
	static const struct {
		const char *arg, *properties, *device;
	} rows[] = {
		{ "d.img", "drive serial scsi",
		  "virtio-blk,drive=disk00,serial=d.img,scsi=off" },
		{ "d.img", "drive serial",
		  "virtio-blk,drive=disk00,serial=d.img" },
		{ "d.img,scsi=on", "drive serial scsi",
		  "virtio-blk,drive=disk00,serial=d.img,scsi=on" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene s;

		scene_init(&s);
		scene_file(&s, "d.img");
		scene_model(&s, "virtio-blk", "virtio-blk-ccw",
			    rows[i].properties);
		scene_disk(&s, rows[i].arg);
		check_ok(rows[i].arg, add(&s, "s390x"), &s.err);
		assert_int_equal(s.plan.argv.count, 4);
		check_text(rows[i].arg, s.plan.argv.items[3], rows[i].device);
		scene_done(&s);
	}
}

/* _QEMU_SUPPORTS_FILE_LOCKING=false drops the word. */
static void test_file_locking(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	s.spec.supports_file_locking = 0;
	scene_disk(&s, "d.img,file.locking=off");
	check_ok("dropped", add(&s, "x86_64"), &s.err);
	assert_string_equal(s.plan.argv.items[1],
			    "file=d.img,id=disk00,if=none,format=raw,index=0");
	scene_done(&s);
}

/* Serials that the device cuts are said to be cut. */
static void test_long_serial(void **state)
{
	static const struct {
		const char *arg, *note;
	} rows[] = {
		{ "d.img,serial=01234567890123456789", "" },
		{ "d.img,serial=012345678901234567890",
		  "--disk 'd.img,serial=012345678901234567890': virtio-blk "
		  "shows only 20 bytes of a serial; the guest sees "
		  "'01234567890123456789' (serial= gives another)" },
		{ "abcdefghijklmnopqrstuvwxyz.img,driver=nvme",
		  "--disk 'abcdefghijklmnopqrstuvwxyz.img,driver=nvme': nvme "
		  "shows only 20 bytes of a serial; the guest sees "
		  "'abcdefghijklmnopqrst' (serial= gives another)" },
		{ "abcdefghijklmnopqrstuvwxyz.img,if=scsi", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene s;

		set_up(&s);
		scene_disk(&s, rows[i].arg);
		check_ok(rows[i].arg, add(&s, "x86_64"), &s.err);
		cleanup_free char *notes = scene_notes(&s);
		check_text(rows[i].arg, notes, rows[i].note);
		scene_done(&s);
	}
}

/* A raw image is remembered as one, once, where the guest can write it. */
static void test_raw_marks(void **state)
{
	static const struct {
		const char *arg;
		bool was_raw;
		int kind; /* of the file in the plan; -1: none */
	} rows[] = {
		{ "d.img", false, PLAN_FILE_MARK_RAW },
		{ "d.img", true, -1 },
		{ "d.img,readonly=on", false, -1 },
		{ "d.img,snapshot=on", false, -1 },
		{ "d.img,format=qcow2", false, -1 },
		{ "d.img,format=qcow2", true, PLAN_FILE_UNMARK_RAW },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene s;

		scene_init(&s);
		scene_file(&s, "d.img")->was_raw = rows[i].was_raw;
		scene_disk(&s, rows[i].arg);
		scene_model(&s, "virtio-blk", "virtio-blk-pci", "drive serial");
		scene_words(&s.facts.qemu.drive_options, "snapshot");
		check_ok(rows[i].arg, add(&s, "x86_64"), &s.err);
		check_number(rows[i].arg, (long long)s.plan.file_count,
			     rows[i].kind >= 0);
		if (rows[i].kind >= 0)
			check_number(rows[i].arg, s.plan.files[0].kind,
				     rows[i].kind);
		scene_done(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_s390x),
		cmocka_unit_test(test_file_locking),
		cmocka_unit_test(test_long_serial),
		cmocka_unit_test(test_raw_marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
