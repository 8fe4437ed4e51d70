/* SPDX-License-Identifier: Apache-2.0 */
#include "run/seed_image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

#define SECTOR 2048L
/* ECMA-119, 8.4: the first volume descriptor, and what it begins with. */
#define DESCRIPTOR (16 * SECTOR)
#define IDENTIFIER \
	"\x01"     \
	"CD001"

static struct seed make_seed(void)
{
	static char user_data[] = "#cloud-config\nhostname: unit\n";
	static char empty[] = "";

	return (struct seed){
		.files = { { "user-data", user_data, strlen(user_data) },
			   { "vendor-data", empty, 0 } },
		.count = 2,
	};
}

static void check_image(int fd)
{
	struct stat st;

	assert_return_code(fstat(fd, &st), errno);
	assert_true(st.st_size > DESCRIPTOR);
	assert_int_equal(st.st_size % SECTOR, 0);
	char *image =
		mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	assert_ptr_not_equal(image, MAP_FAILED);
	assert_memory_equal(image + DESCRIPTOR, IDENTIFIER, 6);
	assert_non_null(
		memmem(image, (size_t)st.st_size, "hostname: unit", 14));
	munmap(image, (size_t)st.st_size);
}

/* Nobody can change what QEMU shows the guest. */
static void test_sealed(void **state)
{
	const struct seed seed = make_seed();
	cleanup_close int fd = -1;
	struct err err;

	(void)state;
	assert_int_equal(seed_image_open(&seed, &fd, &err), 0);
	check_image(fd);
	assert_int_equal(pwrite(fd, "x", 1, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(ftruncate(fd, 0), -1);
}

/* What QEMU starts with is the user's. */
static void test_environment(void **state)
{
	const struct seed seed = make_seed();
	const char *folder = "/nowhere/at/all";
	cleanup_close int fd = -1;
	struct err err;

	(void)state;
	setenv("TMPDIR", folder, 1);
	assert_int_equal(seed_image_open(&seed, &fd, &err), 0);
	assert_string_equal(getenv("TMPDIR"), folder);
	unsetenv("TMPDIR");
	assert_int_equal(seed_image_open(&seed, &fd, &err), 0);
	assert_null(getenv("TMPDIR"));
}

/* A disk that is full. */
static void test_full(void **state)
{
	const struct seed seed = make_seed();
	cleanup_close int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct err err;

	(void)state;
	assert_int_equal(seed_image_write(&seed, fd, &err), -ENOSPC);
	assert_non_null(strstr(err.text, "cannot write the image of the seed"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sealed),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
