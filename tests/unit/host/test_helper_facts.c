/* SPDX-License-Identifier: Apache-2.0 */
#include "host/helper_facts.h"

#include <errno.h>
#include <stdlib.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"
#include "namespaces.h"

static char *program(mode_t mode)
{
	return folder_file(test_folder, "p", "", 0, mode);
}

static void test_file(void **state)
{
	static const struct {
		mode_t mode;
		int error;
		bool is_private;
	} rows[] = {
		{ 0755, 0, true },  { 0700, 0, true },	{ 0644, EACCES, true },
		{ 0777, 0, false }, { 0757, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_free char *row = xasprintf("%o", rows[i].mode);
		cleanup_free char *path = program(rows[i].mode);
		struct privileged_file file;

		host_look_at_privileged_file(path, &file);
		check_text(row, file.path, path);
		check_number(row, file.error, rows[i].error);
		check_number(row, file.is_roots,
			     getuid() == 0 && rows[i].is_private);
		assert_false(file.gives);
		assert_int_equal(unlink(path), 0);
	}
}

static void test_missing_file(void **state)
{
	cleanup_free char *path = folder_path(test_folder, "none");
	struct privileged_file file;

	(void)state;
	host_look_at_privileged_file(path, &file);
	assert_int_equal(file.error, ENOENT);
	assert_false(file.is_roots);
	host_look_at_privileged_file(NULL, &file);
	assert_null(file.path);
}

/* Only of root's files the bit gives a privilege. */
static void test_setuid(void **state)
{
	cleanup_free char *path = program(0755);
	struct privileged_file file;

	(void)state;
	assert_int_equal(chmod(path, 04755), 0);
	host_look_at_privileged_file(path, &file);
	assert_int_equal(file.gives, getuid() == 0);
}

static void test_capability(void **state)
{
	cleanup_free char *path = program(0755);
	static const struct {
		const char *capability;
		bool gives;
	} rows[] = {
		{ "cap_net_admin+p", true },
		{ "cap_net_raw,cap_net_admin+ep", true },
		{ "cap_net_raw+p", false },
		{ "cap_net_admin+i", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_free char *line =
			xasprintf("PATH=$PATH:/sbin:/usr/sbin; setcap %s '%s' "
				  "2>/dev/null",
				  rows[i].capability, path);
		struct privileged_file file;

		/* Only root may, and not everywhere. */
		if (system(line) != 0) /* NOLINT(cert-env33-c) */
			skip();
		host_look_at_privileged_file(path, &file);
		check_number(rows[i].capability, file.gives, rows[i].gives);
	}
}

static void check_socket(const char *path, int want)
{
	struct helper_facts helper;
	struct facts facts = { 0 };

	host_look_at_helper(path, &helper);
	check_text(path, helper.socket, path);
	check_number(path, helper.socket_error, want);
	assert_non_null(helper.net.path);
	assert_non_null(helper.user);
	facts.helper = helper;
	facts_done(&facts);
}

/* Whether it can be connected to is seen without doing it. */
static void test_socket(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	cleanup_close int fd =
		socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);
	cleanup_free char *path = folder_path(test_folder, "s");

	(void)state;
	check_socket(path, ENOENT);
	memcpy(address.sun_path, path, strlen(path));
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)),
			 0);
	assert_int_equal(listen(fd, 1), 0);
	check_socket(path, 0);
	assert_int_equal(accept(fd, NULL, NULL), -1);
	assert_int_equal(errno, EAGAIN);
}

/* In a process of its own: its facts stay with it. */
static void in_child(const char *what, bool (*is_so)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(is_so() ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	check_number(what, status, 0);
}

static bool sees_no_new_privs(void)
{
	struct helper_facts before, after;

	host_look_at_helper("/none", &before);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	host_look_at_helper("/none", &after);
	return !before.has_no_new_privs && after.has_no_new_privs;
}

static bool sees_bounding_set(void)
{
	struct helper_facts before, after;

	host_look_at_helper("/none", &before);
	if (before.is_bounded || prctl(PR_CAPBSET_DROP, 12, 0, 0, 0) < 0)
		return true; /* not for this user, or done already */
	host_look_at_helper("/none", &after);
	return after.is_bounded && !after.is_capable;
}

/* With its own network a user namespace has all there is. */
static bool sees_own_network(void)
{
	struct helper_facts helper;

	if (namespaces_new(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return true; /* not on this host */
	host_look_at_helper("/none", &helper);
	return helper.is_in_user_namespace && helper.is_capable;
}

static bool sees_foreign_network(void)
{
	struct helper_facts helper;

	if (namespaces_new(CLONE_NEWUSER) < 0)
		return true;
	host_look_at_helper("/none", &helper);
	return helper.is_in_user_namespace && !helper.is_capable;
}

static void test_process(void **state)
{
	(void)state;
	in_child("no_new_privs", sees_no_new_privs);
	in_child("bounding set", sees_bounding_set);
	in_child("own network", sees_own_network);
	in_child("foreign network", sees_foreign_network);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_file, folder_set_up,
						folder_tear_down),
		cmocka_unit_test_setup_teardown(
			test_missing_file, folder_set_up, folder_tear_down),
		cmocka_unit_test_setup_teardown(test_setuid, folder_set_up,
						folder_tear_down),
		cmocka_unit_test_setup_teardown(test_capability, folder_set_up,
						folder_tear_down),
		cmocka_unit_test_setup_teardown(test_socket, folder_set_up,
						folder_tear_down),
		cmocka_unit_test(test_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
