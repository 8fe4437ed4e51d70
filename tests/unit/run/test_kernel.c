/* SPDX-License-Identifier: Apache-2.0 */
#include "run/kernel.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"
#include "plan/kernel_image.h"
#include "run/kernel_cache.h"

static char *folder;
static char *cache;

static int set_up(void **state)
{
	(void)state;
	folder = folder_new();
	cache = folder_path(folder, "a/b/kernels");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(cache);
	folder_remove(folder);
	return 0;
}

/* An ELF of 60000 bytes, whose segment of notes is the whole PVH note. */
struct elf {
	Elf64_Ehdr head;
	Elf64_Phdr segment;
	Elf64_Nhdr note;
	char name[4], content[8];
	char rest[60000 - sizeof(Elf64_Ehdr) - sizeof(Elf64_Phdr) -
		  sizeof(Elf64_Nhdr) - 12];
};

static struct elf make_elf(unsigned char fill)
{
	struct elf elf = {
		.head = { .e_phoff = sizeof(Elf64_Ehdr), .e_phnum = 1 },
		.segment = { .p_type = PT_NOTE,
			     .p_offset = offsetof(struct elf, note),
			     .p_filesz = sizeof(Elf64_Nhdr) + 12 },
		.note = { 4, 8, 18 },
		.name = "Xen",
	};

	memcpy(elf.head.e_ident, ELFMAG, SELFMAG);
	elf.head.e_ident[EI_CLASS] = ELFCLASS64;
	memset(elf.rest, fill, sizeof(elf.rest));
	return elf;
}

static uint32_t crc32(const unsigned char *data, size_t len)
{
	uint32_t crc = ~UINT32_C(0);

	while (len-- > 0) {
		crc ^= *data++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void put(unsigned char *at, uint32_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = (unsigned char)(value >> 8 * i);
}

/* RFC 1952 and 1951, with one block that is stored as it is. */
#define GZIP_HEAD "\x1f\x8b\x08\0\0\0\0\0\0\xff\x01"
#define GZIP_SIZE(len) (sizeof(GZIP_HEAD) - 1 + 4 + (len) + 8)

static void put_gzip(unsigned char *at, const void *data, size_t len)
{
	memcpy(at, GZIP_HEAD, sizeof(GZIP_HEAD) - 1);
	at += sizeof(GZIP_HEAD) - 1;
	put(at, (uint32_t)len, 2);
	put(at + 2, ~(uint32_t)len, 2);
	memcpy(at + 4, data, len);
	put(at + 4 + len, crc32(data, len), 4);
	put(at + 8 + len, (uint32_t)len, 4);
}

#define PAYLOAD ((size_t)5 * 512)

/* A bzImage in which this ELF is packed. Owned by the caller. */
static char *make_kernel(const char *name, const struct elf *elf)
{
	static const unsigned char signature[] = { 0x55, 0xaa };
	static const unsigned char magic[] = { 'H', 'd', 'r', 'S', 15, 2 };
	unsigned char file[PAYLOAD + GZIP_SIZE(sizeof(*elf))] = { 0 };

	file[0x1f1] = 4;
	memcpy(file + 0x1fe, signature, sizeof(signature));
	memcpy(file + 0x202, magic, sizeof(magic));
	put(file + 0x24c, GZIP_SIZE(sizeof(*elf)), 4);
	put_gzip(file + PAYLOAD, elf, sizeof(*elf));
	return folder_file(folder, name, file, sizeof(file), 0644);
}

static int open_it(const char *path, const char *where, char **obstacle)
{
	struct err err;
	int fd = -1;

	check_ok(path, kernel_open(path, where, &fd, obstacle, &err), &err);
	assert_true(fd >= 0);
	return fd;
}

/* The ELF comes out, and what is behind it does no harm. */
static void check_elf(const char *path, const char *where,
		      const struct elf *elf)
{
	cleanup_free struct elf *got = xcalloc(1, sizeof(*got));
	cleanup_free char *obstacle = NULL;
	cleanup_close int fd = open_it(path, where, &obstacle);

	check_text(path, obstacle, NULL);
	assert_int_equal(pread(fd, got, sizeof(*got), 0), sizeof(*got));
	assert_memory_equal(got, elf, sizeof(*got));
}

/* The kernel itself comes back. */
static void check_obstacle(const char *path, const char *where,
			   const char *want)
{
	cleanup_free char *obstacle = NULL;
	cleanup_close int fd = open_it(path, where, &obstacle);
	struct stat a, b;

	check_text(path, obstacle, want);
	assert_int_equal(fstat(fd, &a), 0);
	assert_int_equal(stat(path, &b), 0);
	assert_int_equal(a.st_ino, b.st_ino);
}

/* The path of the kernel's file in the cache. Owned by the caller. */
static char *cached(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	cleanup_free char *name = kernel_cache_name(&st);
	return xasprintf("%s/%s", cache, name);
}

static ino_t inode(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_ino;
}

static void test_cache(void **state)
{
	const struct elf elf = make_elf('a');
	cleanup_free char *path = make_kernel("k", &elf);
	struct stat st;

	(void)state;
	check_elf(path, cache, &elf);
	cleanup_free char *file = cached(path);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	check_elf(path, cache, &elf);
	assert_int_equal(inode(file), st.st_ino);
	assert_int_equal(stat(cache, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(folder_count(cache), 1);
}

static void test_no_cache(void **state)
{
	const struct elf elf = make_elf('a');
	cleanup_free char *path = make_kernel("k", &elf);

	(void)state;
	check_elf(path, NULL, &elf);
	check_elf(path, "/proc/no/such/folder", &elf);
	assert_int_equal(folder_count(folder), 1);
}

/* Each of these must be noticed, and mended. */
static void test_damage(void **state)
{
	const struct elf elf = make_elf('a');
	cleanup_free char *path = make_kernel("k", &elf);

	(void)state;
	check_elf(path, cache, &elf);
	cleanup_free char *file = cached(path);
	for (off_t at = 0; at < (off_t)sizeof(elf) + 24; at += 1009) {
		cleanup_close int fd = open(file, O_RDWR | O_CLOEXEC);
		char byte;

		assert_int_equal(pread(fd, &byte, 1, at), 1);
		byte ^= 1;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		ino_t before = inode(file);
		check_elf(path, cache, &elf);
		assert_int_not_equal(inode(file), before);
	}
	assert_int_equal(truncate(file, sizeof(elf)), 0);
	check_elf(path, cache, &elf);
	assert_int_equal(truncate(file, 0), 0);
	check_elf(path, cache, &elf);
	assert_int_equal(chmod(file, 0666), 0);
	ino_t before = inode(file);
	check_elf(path, cache, &elf);
	assert_int_not_equal(inode(file), before);
}

/* A folder that others can write is not used. */
static void test_open_folder(void **state)
{
	const struct elf elf = make_elf('a');
	cleanup_free char *path = make_kernel("k", &elf);

	(void)state;
	check_elf(path, cache, &elf);
	cleanup_free char *file = cached(path);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(chmod(cache, 0770), 0);
	check_elf(path, cache, &elf);
	assert_int_equal(folder_count(cache), 0);
}

/* A kernel that was changed is another one. */
static void test_changed_kernel(void **state)
{
	const struct elf old = make_elf('a'), new = make_elf('b');
	cleanup_free char *path = make_kernel("k", &old);

	(void)state;
	check_elf(path, cache, &old);
	assert_int_equal(unlink(path), 0);
	free(make_kernel("k", &new));
	check_elf(path, cache, &new);
}

/* The one not used for longest goes. */
static void test_prune(void **state)
{
	const struct elf elf = make_elf('a');
	char *paths[KERNEL_CACHE_SIZE + 1];

	(void)state;
	for (size_t i = 0; i <= KERNEL_CACHE_SIZE; i++) {
		cleanup_free char *name = xasprintf("k%zu", i);

		paths[i] = make_kernel(name, &elf);
		check_elf(paths[i], cache, &elf);
		/* Times of files have the clock's ticks. */
		usleep(20000);
		if (i == 1) /* The first is used again. */
			check_elf(paths[0], cache, &elf);
	}
	assert_int_equal(folder_count(cache), KERNEL_CACHE_SIZE);
	for (size_t i = 0; i <= KERNEL_CACHE_SIZE; i++) {
		cleanup_free char *file = cached(paths[i]);

		check_number(paths[i], access(file, F_OK) == 0, i != 1);
		free(paths[i]);
	}
}

#define NO_PVH "its ELF has no PVH note to enter it by"

static void test_no_pvh(void **state)
{
	struct elf elf = make_elf('a');

	(void)state;
	elf.note.n_type = 17;
	cleanup_free char *path = make_kernel("k", &elf);
	check_obstacle(path, NULL, NO_PVH);
	check_obstacle(path, cache, NO_PVH);
	/* It is not unpacked again to find that out. */
	cleanup_free char *file = cached(path);
	ino_t before = inode(file);
	check_obstacle(path, cache, NO_PVH);
	assert_int_equal(inode(file), before);
}

static void change(const char *path, off_t at, char byte)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
}

static void test_bad_kernel(void **state)
{
	const struct elf elf = make_elf('a');
	const off_t size = PAYLOAD + GZIP_SIZE(sizeof(elf));
	cleanup_free char *path = make_kernel("k", &elf);

	(void)state;
	assert_int_equal(truncate(path, size - 1), 0);
	check_obstacle(path, cache, "it is cut off or damaged");
	assert_int_equal(unlink(path), 0);
	free(make_kernel("k", &elf));
	change(path, size - 4, 1); /* another length */
	cleanup_free char *obstacle = NULL;
	close(open_it(path, cache, &obstacle));
	assert_non_null(obstacle);
	change(path, PAYLOAD, 0); /* another magic */
	check_obstacle(path, cache, "it is packed in an unknown way");
	assert_int_equal(folder_count(cache), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cache, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_cache, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_damage, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_open_folder, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_changed_kernel, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_prune, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_pvh, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bad_kernel, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
