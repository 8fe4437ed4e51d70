/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/disk_path.h"

#include <errno.h>

#include "scene.h"

/* Which word is the path; "readonly" and "share-rw" are flags here. */
static const struct {
	const char *arg;
	const char *path; /* NULL: an error */
	const char *message;
} paths[] = {
	{ "d.img", "d.img", NULL },
	{ "file=d.img", "d.img", NULL },
	{ "file=d.img,readonly", "d.img", NULL },
	{ "d.img,readonly", "d.img", NULL },
	{ "readonly,d.img", "d.img", NULL },
	{ "readonly,share-rw,d.img", "d.img", NULL },
	/* Alone, a word is a path, whatever else it may be. */
	{ "readonly", "readonly", NULL },
	{ "a,b.img", NULL,
	  "'b.img' is neither an option nor, after 'a', the file; a comma in "
	  "a file's name is written ',,'" },
	{ "file=a,b.img", NULL,
	  "'b.img' is neither an option nor, after 'a', the file; a comma in "
	  "a file's name is written ',,'" },
	{ "readonly,share-rw", NULL, "no file is named; write file=PATH" },
};

static void test_find(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		const char *row = paths[i].arg;
		const char *path = NULL;
		struct scene s;

		scene_init(&s);
		scene_model(&s, "nvme", "nvme", "drive serial share-rw");
		scene_words(&s.facts.qemu.drive_options, "readonly media");
		scene_disk(&s, row);
		int r = disk_path_find(&s.spec.disks[0],
				       facts_model(&s.facts, "nvme"), &s.facts,
				       &path, &s.err);
		if (paths[i].path)
			check_ok(row, r, &s.err);
		else
			check_error(row, r, &s.err, -EINVAL, paths[i].message);
		check_text(row, path, paths[i].path);
		scene_done(&s);
	}
}

/* One file, as it is and as it is asked for. */
static const struct {
	struct file_facts file;
	bool is_readonly;
	const char *message; /* NULL: it can be a disk */
} files[] = {
	{ { .kind = FILE_REGULAR, .can_write = true }, false, NULL },
	{ { .kind = FILE_BLOCK, .can_write = true }, false, NULL },
	{ { .kind = FILE_CHAR, .can_write = true }, false, NULL },
	{ { .kind = FILE_REGULAR }, true, NULL },
	{ { .kind = FILE_REGULAR, .owner = 0, .mode = 0644 },
	  false,
	  "'f' cannot be written by this user (owner uid 0, mode 0644); add "
	  "readonly=on or snapshot=on, or have it given to you" },
	{ { .kind = FILE_REGULAR, .error = EACCES, .owner = 7, .mode = 0600 },
	  true,
	  "'f' cannot be read by this user (owner uid 7, mode 0600)" },
	{ { .kind = FILE_BLOCK, .error = EPERM, .owner = 0, .mode = 0660 },
	  true,
	  "'f' cannot be read by this user (owner uid 0, mode 0660)" },
	{ { .kind = FILE_REGULAR, .error = EIO, .can_write = true },
	  false,
	  "'f' cannot be read: Input/output error" },
	{ { .kind = FILE_MISSING }, false, "'f': no such file" },
	{ { .kind = FILE_UNREACHABLE, .error = ENOTDIR },
	  false,
	  "'f' cannot be looked at: Not a directory" },
	{ { .kind = FILE_DIRECTORY }, false, "'f' is a directory" },
	{ { .kind = FILE_FIFO }, true, "'f' is a FIFO" },
	{ { .kind = FILE_SOCKET }, true, "'f' is a socket" },
};

static void test_check(void **state)
{
	char path[] = "f";

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct file_facts file = files[i].file;
		cleanup_free char *row = xasprintf("file %zu", i);
		struct err err;

		file.path = path;
		int r = disk_path_check(&file, files[i].is_readonly, &err);
		if (files[i].message)
			check_error(row, r, &err, -EINVAL, files[i].message);
		else
			check_ok(row, r, &err);
	}
}

#define TURNED                                                            \
	"'f' was used as a raw disk before and now has a qcow2 header, "  \
	"which its guest may have written; say format=raw to go on with " \
	"it, or format=qcow2 if that header is yours"

static const struct {
	const char *arg;
	enum file_kind kind;
	enum image_format header;
	bool was_raw;
	const char *format; /* NULL: an error */
} formats[] = {
	{ "f", FILE_REGULAR, IMAGE_RAW, false, "raw" },
	{ "f", FILE_REGULAR, IMAGE_RAW, true, "raw" },
	{ "f", FILE_REGULAR, IMAGE_QCOW2, false, "qcow2" },
	{ "f", FILE_REGULAR, IMAGE_VMDK, false, "vmdk" },
	{ "f", FILE_REGULAR, IMAGE_QCOW2, true, NULL },
	{ "f,format=raw", FILE_REGULAR, IMAGE_QCOW2, true, "raw" },
	{ "f,format=qcow2", FILE_REGULAR, IMAGE_QCOW2, true, "qcow2" },
	{ "f,fmt=vpc", FILE_REGULAR, IMAGE_RAW, false, "vpc" },
	{ "f,format=", FILE_REGULAR, IMAGE_QCOW2, false, "qcow2" },
	/* A device's content is its guest's: never a format. */
	{ "f", FILE_BLOCK, IMAGE_QCOW2, false, "raw" },
	{ "f,format=qcow2", FILE_BLOCK, IMAGE_RAW, false, "qcow2" },
};

static void test_format(void **state)
{
	char path[] = "f";

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		const char *row = formats[i].arg;
		const struct file_facts file = {
			.path = path,
			.kind = formats[i].kind,
			.format = formats[i].header,
			.was_raw = formats[i].was_raw,
		};
		const char *format = NULL;
		struct scene s;

		scene_init(&s);
		scene_disk(&s, row);
		int r = disk_path_format(&s.spec.disks[0], &file, &format,
					 &s.err);
		if (formats[i].format)
			check_ok(row, r, &s.err);
		else
			check_error(row, r, &s.err, -EINVAL, TURNED);
		check_text(row, format, formats[i].format);
		scene_done(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
