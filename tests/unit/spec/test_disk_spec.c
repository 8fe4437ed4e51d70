/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/disk_spec.h"

#include <errno.h>

#include "check.h"

/* The members of a disk_spec that a row of the table talks about. */
struct expected {
	const char *file, *bare, *bare2;
	const char *driver;
	enum disk_interface interface;
	const char *id, *format, *serial, *wwn, *bus, *unit, *index;
	bool is_cdrom, is_readonly, is_snapshot;
	uint64_t size;
	const char *base;
	bool grows, is_ro;
	enum disk_ephemeral ephemeral;
};

static const struct {
	const char *arg;
	struct expected want;
} good[] = {
	{ "d.img", { .bare = "d.img" } },
	{ "-x.img", { .bare = "-x.img" } },
	{ "a,,b.img", { .bare = "a,b.img" } },
	{ "a:b.img", { .bare = "a:b.img" } },
	{ "d[1]*?.img", { .bare = "d[1]*?.img" } },
	{ "dir/a=b.img", { .bare = "dir/a=b.img" } },
	{ "json:{}", { .bare = "json:{}" } },
	{ "two words\n", { .bare = "two words\n" } },
	{ "a,b.img", { .bare = "a", .bare2 = "b.img" } },
	{ "d.img,readonly", { .bare = "d.img", .bare2 = "readonly" } },
	{ "readonly,d.img", { .bare = "readonly", .bare2 = "d.img" } },
	{ "file=a=b.img", { .file = "a=b.img" } },
	{ "file=a,,b", { .file = "a,b" } },
	{ "file=a,file=b", { .file = "b" } },
	{ "if=virtio,file=d", { .file = "d", .interface = DISK_IF_VIRTIO } },
	{ "d,if=virtio", { .bare = "d", .interface = DISK_IF_VIRTIO } },
	{ "d,if=scsi", { .bare = "d", .interface = DISK_IF_SCSI } },
	{ "d,if=ide", { .bare = "d", .interface = DISK_IF_IDE } },
	{ "d,if=pflash", { .bare = "d", .interface = DISK_IF_PFLASH } },
	{ "d,if=none", { .bare = "d" } },
	{ "d,if=scsi,if=none", { .bare = "d" } },
	{ "d,driver=nvme", { .bare = "d", .driver = "nvme" } },
	{ "d,id=drv1", { .bare = "d", .id = "drv1" } },
	{ "d,format=qcow2", { .bare = "d", .format = "qcow2" } },
	{ "d,fmt=qcow2", { .bare = "d", .format = "qcow2" } },
	{ "d,format=qcow2,fmt=raw", { .bare = "d", .format = "raw" } },
	{ "d,format=", { .bare = "d" } },
	{ "d,driver=", { .bare = "d" } },
	{ "d,", { .bare = "d" } },
	{ "d,serial=s 1", { .bare = "d", .serial = "s 1" } },
	{ "d,serial=", { .bare = "d" } },
	{ "d,wwn=0x5", { .bare = "d", .wwn = "0x5" } },
	{ "d,wwn=0x5,serial=s", { .bare = "d", .wwn = "0x5", .serial = "s" } },
	{ "d,wwn=", { .bare = "d" } },
	{ "d,bus=b.0,unit=3", { .bare = "d", .bus = "b.0", .unit = "3" } },
	{ "d,bus=b.0", { .bare = "d", .bus = "b.0" } },
	{ "d,index=4", { .bare = "d", .index = "4" } },
	{ "d,index=,bus=b", { .bare = "d", .bus = "b" } },
	{ "d,readonly=on", { .bare = "d", .is_readonly = true } },
	{ "d,read-only=yes", { .bare = "d", .is_readonly = true } },
	{ "d,readonly=true", { .bare = "d", .is_readonly = true } },
	{ "d,readonly=y", { .bare = "d", .is_readonly = true } },
	{ "d,readonly=off", { .bare = "d" } },
	{ "d,readonly=on,readonly=off", { .bare = "d" } },
	{ "d,snapshot=on", { .bare = "d", .is_snapshot = true } },
	{ "d,snapshot=off", { .bare = "d" } },
	{ "d,media=cdrom",
	  { .bare = "d", .is_cdrom = true, .is_readonly = true } },
	{ "d,media=cdrom,readonly=off",
	  { .bare = "d", .is_cdrom = true, .is_readonly = true } },
	{ "d,media=disk", { .bare = "d" } },
	{ "d,size=1M", { .bare = "d", .size = 1 << 20 } },
	{ "d,size=2k,grow=on", { .bare = "d", .size = 2048, .grows = true } },
	{ "d,size=2k,grow", { .bare = "d", .size = 2048, .grows = true } },
	{ "d,grow=on,grow=off", { .bare = "d" } },
	{ "d,base=b,,c.img", { .bare = "d", .base = "b,c.img" } },
	{ "d,base=b,format=qcow2",
	  { .bare = "d", .base = "b", .format = "qcow2" } },
	{ "d,ephemeral", { .bare = "d", .ephemeral = DISK_EPHEMERAL_ON } },
	{ "ephemeral,d", { .bare = "d", .ephemeral = DISK_EPHEMERAL_ON } },
	{ "d,ephemeral=on", { .bare = "d", .ephemeral = DISK_EPHEMERAL_ON } },
	{ "d,ephemeral=off", { .bare = "d", .ephemeral = DISK_EPHEMERAL_OFF } },
	{ "d,ro", { .bare = "d", .is_readonly = true, .is_ro = true } },
	{ "d,ro=on", { .bare = "d", .is_readonly = true, .is_ro = true } },
	{ "d,ro=off", { .bare = "d" } },
	{ "file=ro,ro", { .file = "ro", .is_readonly = true, .is_ro = true } },
	/* Alone, or as the last one that is left, a word is a path. */
	{ "ro", { .bare = "ro" } },
	{ "ephemeral", { .bare = "ephemeral" } },
	{ "ephemeral,ro", { .bare = "ro", .ephemeral = DISK_EPHEMERAL_ON } },
	{ "d,cache=unsafe,logical_block_size=512", { .bare = "d" } },
};

static const char *bare_item(const struct disk_spec *disk, size_t i)
{
	return i < disk->bare.count ? disk->bare.items[i] : NULL;
}

static void check_disk(const char *row, const struct disk_spec *disk,
		       const struct expected *want)
{
	check_text(row, disk->arg, row);
	check_text(row, disk->file, want->file);
	check_text(row, bare_item(disk, 0), want->bare);
	check_text(row, bare_item(disk, 1), want->bare2);
	check_text(row, bare_item(disk, 2), NULL);
	check_text(row, disk->driver, want->driver);
	check_number(row, disk->interface, want->interface);
	check_text(row, disk->id, want->id);
	check_text(row, disk->format, want->format);
	check_text(row, disk->serial, want->serial);
	check_text(row, disk->wwn, want->wwn);
	check_text(row, disk->bus, want->bus);
	check_text(row, disk->unit, want->unit);
	check_text(row, disk->index, want->index);
	check_number(row, disk->is_cdrom, want->is_cdrom);
	check_number(row, disk->is_readonly, want->is_readonly);
	check_number(row, disk->is_snapshot, want->is_snapshot);
	check_number(row, (long long)disk->size, (long long)want->size);
	check_text(row, disk->base, want->base);
	check_number(row, disk->grows, want->grows);
	check_number(row, disk->is_ro, want->is_ro);
	check_number(row, disk->ephemeral, want->ephemeral);
	check_text(row, disk->option, "--disk");
}

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct disk_spec disk;
		struct err err;

		check_ok(good[i].arg, disk_spec_parse(good[i].arg, &disk, &err),
			 &err);
		check_disk(good[i].arg, &disk, &good[i].want);
		disk_spec_done(&disk);
		assert_null(disk.arg);
	}
}

#define EMPTY(n)                                                          \
	"word " n " is empty (words are separated by one ','; ',,' is a " \
	"comma in a word)"
#define BAD_IF(w, i)                                                     \
	"word " w ": if=" i " is not supported; use virtio, scsi, ide, " \
	"pflash or none, or name the device with driver="
#define BAD_SIZE(s)                                                \
	"word 2: size=" s ": give a number and its unit, such as " \
	"10G or 512M"
#define NO_CD "media=cdrom excludes size= and base=: a CD is not made here"
#define EXCLUDE "index= and bus=/unit= exclude each other"

static const struct {
	const char *arg;
	const char *message;
} bad[] = {
	{ "", EMPTY("1") },
	{ ",d", EMPTY("1") },
	{ "file=", "word 1: file= needs a path" },
	{ "d,id=", "word 2: id= needs a name" },
	{ "d,=x", "word 2: '=x' has no key before its '='" },
	{ "d,if=sd", BAD_IF("2", "sd") },
	{ "d,a=b,if=mtd", BAD_IF("3", "mtd") },
	{ "d,if=", BAD_IF("2", "") },
	{ "d,if=Virtio", BAD_IF("2", "Virtio") },
	{ "d,floppy", "word 2: 'floppy' is not supported; pass QEMU's own "
		      "-drive if=floppy after --" },
	{ "if=virtio,cache=none", "no file is named; write PATH or file=PATH" },
	{ "a=b.img", "no file is named; write PATH or file=PATH (file=PATH "
		     "also where the path itself holds a '=')" },
	{ "d,index=1,bus=b", EXCLUDE },
	{ "d,unit=1,index=2", EXCLUDE },
	{ "d,bus=b,unit=1,index=2", EXCLUDE },
	{ "d,size=", BAD_SIZE("") },
	{ "d,size=10", BAD_SIZE("10") },
	{ "d,size=0G", BAD_SIZE("0G") },
	{ "d,size=1.5G", BAD_SIZE("1.5G") },
	{ "d,size=9999999T", BAD_SIZE("9999999T") },
	{ "d,grow=1,size=1G", "word 2: grow=1: give on or off" },
	{ "d,ro=yes", "word 2: ro=yes: give on or off" },
	{ "d,ephemeral=", "word 2: ephemeral=: give on or off" },
	{ "d,base=", "word 2: base= needs a path" },
	{ "d,grow", "grow=on needs a size, such as size=10G" },
	{ "d,base=b,format=raw", "base= is for overlays, which are qcow2; "
				 "format=raw is not" },
	{ "d,media=cdrom,base=b", NO_CD },
	{ "d,media=cdrom,size=1G", NO_CD },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct disk_spec disk, before;
		struct err err;

		memset(&before, 0x5a, sizeof(before));
		disk = before;
		check_error(bad[i].arg,
			    disk_spec_parse(bad[i].arg, &disk, &err), &err,
			    -EINVAL, bad[i].message);
		assert_memory_equal(&disk, &before, sizeof(disk));
	}
}

/* Whether xkvm places the word itself, or QEMU's lists are to be asked. */
static const struct {
	const char *word;
	bool is_taken;
} words[] = {
	{ "d.img", true },	   { "dir/a=b", true },
	{ "file=d", true },	   { "driver=nvme", true },
	{ "if=scsi", true },	   { "id=x", true },
	{ "format=raw", true },	   { "fmt=raw", true },
	{ "serial=s", true },	   { "bus=b", true },
	{ "unit=1", true },	   { "index=1", true },
	{ "size=1G", true },	   { "base=b", true },
	{ "grow=on", true },	   { "ephemeral=off", true },
	{ "ro=on", true },	   { "wwn=0x5", false },
	{ "readonly=on", false },  { "media=cdrom", false },
	{ "read-only=on", false }, { "snapshot=on", false },
	{ "cache=unsafe", false }, { "file.locking=off", false },
};

static void test_takes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct words parsed;
		struct err err;

		check_ok(words[i].word,
			 words_parse(words[i].word, &parsed, &err), &err);
		check_number(words[i].word, disk_spec_takes(&parsed.items[0]),
			     words[i].is_taken);
		words_done(&parsed);
	}
}

/* The path of a --cdrom is text. */
static void test_cdrom(void **state)
{
	struct disk_spec disk = disk_spec_of_cdrom("a,b=c.iso");

	(void)state;
	check_text("option", disk.option, "--cdrom");
	check_text("arg", disk.arg, "a,b=c.iso");
	check_text("file", disk.file, "a,b=c.iso");
	assert_true(disk.is_cdrom && disk.is_readonly);
	assert_int_equal(disk.interface, DISK_IF_CDROM);
	disk_spec_done(&disk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_takes),
		cmocka_unit_test(test_cdrom),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
