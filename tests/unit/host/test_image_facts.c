/* SPDX-License-Identifier: Apache-2.0 */
#include "host/image_facts.h"

#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"
#include "host/file_facts.h"

#define NAME_OFFSET 600

/* A qcow2 header that names `base`, whose name is behind the first 512 bytes.
 */
static char *make_overlay(const char *name, const char *base)
{
	char header[NAME_OFFSET + 100] = "QFI\xfb\0\0\0\3";

	header[14] = NAME_OFFSET >> 8;
	header[15] = NAME_OFFSET & 0xff;
	size_t len = strlen(base);

	header[19] = (char)len;
	for (size_t i = 0; i < len; i++)
		header[NAME_OFFSET + i] = base[i];
	return folder_file(test_folder, name, header, sizeof(header), 0600);
}

static struct file_facts look(const char *path)
{
	struct file_facts file;

	host_look_at_file(path, &file);
	host_look_at_image(&file);
	return file;
}

static void forget(struct file_facts *file)
{
	free(file->path);
	free(file->real_path);
	free(file->backing);
	free(file->future_path);
}

/* Relative to the overlay, absolute, by a link, and one that is not there. */
static void test_backing(void **state)
{
	cleanup_free char *base =
		folder_file(test_folder, "base.img", "x", 1, 0600);
	cleanup_free char *link = folder_path(test_folder, "link.img");
	cleanup_free char *real = realpath(base, NULL);
	const char *const names[] = { "base.img", base, "link.img",
				      "./base.img" };

	(void)state;
	assert_int_equal(symlink("base.img", link), 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		cleanup_free char *path = make_overlay("o.img", names[i]);
		struct file_facts file = look(path);

		check_text(names[i], file.backing, real);
		assert_null(file.future_path);
		forget(&file);
	}
	cleanup_free char *path = make_overlay("o.img", "nbd://host/x");
	struct file_facts file = look(path);
	check_text("none", file.backing, "nbd://host/x");
	forget(&file);
}

static void test_no_backing(void **state)
{
	cleanup_free char *raw =
		folder_file(test_folder, "raw.img", "x", 1, 0600);
	cleanup_free char *cut = make_overlay("cut.img", "base.img");
	struct file_facts file = look(raw);

	(void)state;
	assert_null(file.backing);
	forget(&file);
	assert_int_equal(truncate(cut, NAME_OFFSET + 3), 0);
	file = look(cut);
	assert_null(file.backing);
	forget(&file);
}

/* Where a file will be that is not there. */
static void test_future(void **state)
{
	cleanup_free char *real = realpath(test_folder, NULL);
	cleanup_free char *want = xasprintf("%s/new.img", real);
	cleanup_free char *path = folder_path(test_folder, "new.img");
	cleanup_free char *nowhere = folder_path(test_folder, "no/new.img");
	struct file_facts file = look(path);

	(void)state;
	check_text("absolute", file.future_path, want);
	assert_null(file.real_path);
	forget(&file);
	assert_int_equal(chdir(test_folder), 0);
	file = look("new.img");
	check_text("relative", file.future_path, want);
	forget(&file);
	assert_int_equal(chdir("/"), 0);
	file = look("no-such-file.img");
	check_text("root", file.future_path, "/no-such-file.img");
	forget(&file);
	file = look(nowhere);
	assert_null(file.future_path);
	forget(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_backing, folder_set_up,
						folder_tear_down),
		cmocka_unit_test_setup_teardown(test_no_backing, folder_set_up,
						folder_tear_down),
		cmocka_unit_test_setup_teardown(test_future, folder_set_up,
						folder_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
