/* SPDX-License-Identifier: Apache-2.0 */
#include "run/tpm.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"

/* A shell in swtpm's place. */
#define ANSWER                       \
	"head -c 4 <&3 >/dev/null; " \
	"printf '\\0\\0\\0\\0\\0\\0\\0\\1' >&3; "
#define UNTIL_CLOSED "cat <&3 >/dev/null"

static struct plan_tpm make_plan(const char *script, const char *folder)
{
	struct plan_tpm plan = { .program = xstrdup("/bin/sh") };

	strv_add(&plan.argv, "sh");
	strv_add(&plan.argv, "-c");
	strv_add(&plan.argv, script);
	if (folder)
		plan.folder = xstrdup(folder);
	return plan;
}

static void plan_free(struct plan_tpm *plan)
{
	cleanup_free_p(&plan->program);
	cleanup_free_p(&plan->folder);
	strv_done(&plan->argv);
}

/* It lives as long as QEMU's end of the socket. */
static void test_life(void **state)
{
	struct plan_tpm plan = make_plan(ANSWER UNTIL_CLOSED, NULL);
	struct tpm_program tpm = TPM_PROGRAM_INIT;
	struct err err;
	int socket = -1;

	(void)state;
	check_ok("start", tpm_start(&plan, &tpm, &socket, &err), &err);
	assert_true(fcntl(socket, F_GETFD) & FD_CLOEXEC);
	assert_true(tpm.process.pidfd >= 0);
	close_fd(&socket);
	assert_int_equal(tpm_end(&tpm), 0);
	assert_int_equal(tpm.process.pidfd, -1);
	plan_free(&plan);
}

/* One that is killed is told of; one that does not end is not waited for. */
static void test_killed(void **state)
{
	struct plan_tpm plan = make_plan(ANSWER UNTIL_CLOSED, NULL);
	struct tpm_program tpm = TPM_PROGRAM_INIT;
	struct err err;
	int socket = -1;

	(void)state;
	check_ok("start", tpm_start(&plan, &tpm, &socket, &err), &err);
	process_signal(&tpm.process, SIGKILL);
	assert_int_equal(tpm_end(&tpm), SIGKILL);
	close_fd(&socket);
	plan_free(&plan);

	plan = make_plan(ANSWER "exec sleep 60", NULL);
	check_ok("stuck", tpm_start(&plan, &tpm, &socket, &err), &err);
	close_fd(&socket);
	assert_int_equal(tpm_end(&tpm), 0);
	plan_free(&plan);
}

static const struct {
	const char *script;
	const char *message;
} failures[] = {
	{ "exit 1", "--tpm: swtpm does not answer" },
	{ "echo one; echo 'no\x1bstate' >&2; exit 1",
	  "--tpm: swtpm does not start; it said 'no?state'" },
	{ "head -c 4 <&3 >/dev/null; printf 12 >&3; echo half",
	  "--tpm: swtpm does not start; it said 'half'" },
};

static void test_failure(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(failures); i++) {
		const char *row = failures[i].script;
		cleanup_free char *folder = folder_path(test_folder, "tpm");
		struct plan_tpm plan = make_plan(row, folder);
		struct tpm_program tpm = TPM_PROGRAM_INIT;
		struct err err;
		int socket = -1;

		check_error(row, tpm_start(&plan, &tpm, &socket, &err), &err,
			    -EPROTO, failures[i].message);
		assert_int_equal(socket, -1);
		assert_int_equal(tpm_end(&tpm), 0);
		/* The folder was made for nothing. */
		assert_int_equal(folder_count(test_folder), 0);
		plan_free(&plan);
	}
}

/* Its state, and its lock, are in the folder that it gets as a descriptor. */
static void test_folder_kept(void **state)
{
	cleanup_free char *folder = folder_path(test_folder, "a, b");
	struct plan_tpm plan = make_plan(
		": >/proc/self/fd/4/state; " ANSWER UNTIL_CLOSED, folder);
	struct tpm_program first = TPM_PROGRAM_INIT, second = TPM_PROGRAM_INIT;
	cleanup_free char *busy =
		xasprintf("--tpm: '%s' is the TPM of a guest that runs; give "
			  "each its own",
			  folder);
	struct err err;
	struct stat st;
	int socket = -1, other = -1;

	(void)state;
	check_ok("start", tpm_start(&plan, &first, &socket, &err), &err);
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	check_error("busy", tpm_start(&plan, &second, &other, &err), &err,
		    -EBUSY, busy);
	assert_int_equal(tpm_end(&second), 0);
	close_fd(&socket);
	assert_int_equal(tpm_end(&first), 0);
	assert_int_equal(folder_count(folder), 1);
	/* And free again. */
	check_ok("again", tpm_start(&plan, &second, &other, &err), &err);
	close_fd(&other);
	assert_int_equal(tpm_end(&second), 0);
	assert_int_equal(folder_count(folder), 1);
	plan_free(&plan);
}

static void test_bad_folder(void **state)
{
	cleanup_free char *file =
		folder_file(test_folder, "file", "x", 1, 0600);
	cleanup_free char *below = xasprintf("%s/tpm", file);
	cleanup_free char *no_folder =
		xasprintf("--tpm: cannot open '%s': Not a directory", file);
	cleanup_free char *no_way = xasprintf(
		"--tpm: cannot make the folder '%s': Not a directory", below);
	struct plan_tpm plan = make_plan("exit 0", file);
	struct tpm_program tpm = TPM_PROGRAM_INIT;
	struct err err;
	int socket = -1;

	(void)state;
	check_error("file", tpm_start(&plan, &tpm, &socket, &err), &err,
		    -ENOTDIR, no_folder);
	str_replace(&plan.folder, below);
	check_error("below", tpm_start(&plan, &tpm, &socket, &err), &err,
		    -ENOTDIR, no_way);
	assert_int_equal(tpm_end(&tpm), 0);
	plan_free(&plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_killed),
		cmocka_unit_test_setup_teardown(test_failure, folder_set_up,
						folder_tear_down),
		cmocka_unit_test_setup_teardown(test_folder_kept, folder_set_up,
						folder_tear_down),
		cmocka_unit_test_setup_teardown(test_bad_folder, folder_set_up,
						folder_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
