/* SPDX-License-Identifier: Apache-2.0 */
/* What is shown of the kernels that are kept, and their end; test_kernel.c has
 * how they come and are found. */
#include "run/kernel_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"
#include "run/cache_folder.h"
#include "run/cache_store.h"

#define ELF "an ELF"

/* Keeps what stands for an ELF, of the kernel at `path`. */
static void keep(const char *kernels, const char *path, const char *elf)
{
	const size_t size = strlen(elf);
	cleanup_close int folder = cache_folder_open(kernels, 2);
	cleanup_close int file = -1;
	void *map = NULL;
	struct stat st;

	assert_true(folder >= 0);
	assert_int_equal(stat(path, &st), 0);
	cleanup_free char *name = kernel_cache_name(&st);
	assert_true(kernel_cache_is_name(name));
	assert_int_equal(kernel_cache_begin(folder, size, &file, &map), 0);
	if (size > 0) {
		memcpy(map, elf, size);
		munmap(map, size);
	}
	kernel_cache_finish(folder, name, file, size, path);
}

/* There is one entry. */
static void check_entry(const char *kernels, const char *path, bool is_fresh,
			size_t unpacked)
{
	size_t count;
	struct kernel_cache_entry *entries =
		kernel_cache_entries(kernels, &count);

	assert_int_equal(count, 1);
	check_text("path", entries[0].path, path);
	assert_int_equal(entries[0].is_fresh, is_fresh);
	assert_int_equal(entries[0].unpacked, unpacked);
	assert_true(entries[0].size > unpacked);
	kernel_cache_entries_free(entries, count);
}

static void test_entries(void **state)
{
	cleanup_free char *kernels = kernel_cache_folder(test_folder);
	cleanup_free char *path =
		folder_file(test_folder, "vmlinuz", "k", 1, 0644);
	size_t count;

	(void)state;
	assert_null(kernel_cache_entries(kernels, &count));
	assert_int_equal(count, 0);
	keep(kernels, path, ELF);
	check_entry(kernels, path, true, strlen(ELF));
	/* What is no file of this cache is no entry. */
	cleanup_free char *other = folder_file(kernels, "notes", "x", 1, 0644);
	check_entry(kernels, path, true, strlen(ELF));
	/* Another kernel has its name. */
	assert_int_equal(truncate(path, 2), 0);
	check_entry(kernels, path, false, strlen(ELF));
	assert_int_equal(unlink(path), 0);
	check_entry(kernels, path, false, strlen(ELF));
}

static void test_without_elf(void **state)
{
	cleanup_free char *kernels = kernel_cache_folder(test_folder);
	cleanup_free char *path =
		folder_file(test_folder, "vmlinuz", "k", 1, 0644);

	(void)state;
	keep(kernels, path, "");
	check_entry(kernels, path, true, 0);
}

/* Half a file, and one whose path was changed. */
static void test_damaged(void **state)
{
	cleanup_free char *kernels = kernel_cache_folder(test_folder);
	cleanup_free char *path =
		folder_file(test_folder, "vmlinuz", "k", 1, 0644);
	struct stat st;

	(void)state;
	keep(kernels, path, ELF);
	assert_int_equal(stat(path, &st), 0);
	cleanup_free char *name = kernel_cache_name(&st);
	cleanup_free char *file = folder_path(kernels, name);
	cleanup_close int fd = open(file, O_WRONLY | O_CLOEXEC);
	assert_int_equal(pwrite(fd, "x", 1, strlen(ELF)), 1);
	check_entry(kernels, NULL, false, 0);
	assert_int_equal(ftruncate(fd, 3), 0);
	check_entry(kernels, NULL, false, 0);
}

static void test_clear(void **state)
{
	cleanup_free char *cache = folder_path(test_folder, "xkvm");
	cleanup_free char *kernels = kernel_cache_folder(cache);
	cleanup_free char *path =
		folder_file(test_folder, "vmlinuz", "k", 1, 0644);
	struct err err;
	size_t count;

	(void)state;
	keep(kernels, path, ELF);
	cleanup_free char *other = folder_file(kernels, "notes", "x", 1, 0644);
	check_ok("clear", cache_clear(cache, &count, &err), &err);
	assert_int_equal(count, 1);
	assert_int_equal(folder_count(kernels), 1);
	assert_int_equal(unlink(other), 0);
	check_ok("folders", cache_clear(cache, &count, &err), &err);
	assert_int_equal(count, 0);
	assert_int_equal(access(cache, F_OK), -1);
	assert_int_equal(access(path, F_OK), 0);
}

/* root, with the HOME of another user. */
static void test_foreign_home(void **state)
{
	cleanup_free char *deep = folder_path(test_folder, "a/b/kernels");

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(test_folder, 1, 1), 0);
	assert_int_equal(cache_folder_open(deep, 2), -EPERM);
	assert_int_equal(folder_count(test_folder), 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_entries), TEST(test_without_elf),  TEST(test_damaged),
		TEST(test_clear),   TEST(test_foreign_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
