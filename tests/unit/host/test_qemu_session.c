/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU is a shell script here: what it says is what a test lets it say. */
#include "host/qemu_session.h"

#include <errno.h>
#include <sys/wait.h>

#include "base/json.h"
#include "check.h"
#include "folder.h"

#define GREET "echo '{\"QMP\": {}}' >&3\n"
/* Reads a command and takes its id. */
#define TAKE "read -r line <&3; id=${line##*:}; id=${id%\\}}\n"
#define ANSWER(text) TAKE "echo '" text "'\", \\\"id\\\": $id}\" >&3\n"
#define EMPTY_ANSWER ANSWER("{\"return\": {}")
/* Stays until it is killed. */
#define STAY "read -r line <&3\n"

/* A program whose lines are `body`. Owned by the caller. */
static char *program(const char *body)
{
	cleanup_free char *text = xasprintf("#!/bin/sh\n%s", body);

	return folder_file(test_folder, "qemu", text, strlen(text), 0755);
}

static void check_no_child(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/* Asks once and compares the whole answer; NULL: there is none. */
static void check_answer(struct qemu_session *session, const char *want)
{
	cleanup_json json_t *answer = NULL;
	struct err err;

	check_ok("ask",
		 qemu_session_ask(session, "query-name", NULL, &answer, &err),
		 &err);
	cleanup_free char *text = answer ? json_dumps(answer, JSON_COMPACT)
					 : NULL;
	check_text("answer", text, want);
}

static void test_ask(void **state)
{
	cleanup_free char *path = program(
		GREET EMPTY_ANSWER ANSWER("{\"return\": {\"a\": 1}")
		/* An event in between, and an answer to somebody else. */
		TAKE "echo '{\"event\": \"STOP\"}' >&3\n"
		     "echo '{\"return\": 5, \"id\": 999}' >&3\n"
		     "echo '{\"return\": [2], \"id\": '$id'}' >&3\n" ANSWER(
			     "{\"error\": {\"class\": \"CommandNotFound\"}")
			     STAY);
	struct qemu_session session;
	struct err err;

	(void)state;
	check_ok("start", qemu_session_start(path, &session, &err), &err);
	check_answer(&session, "{\"a\":1}");
	check_answer(&session, "[2]");
	check_answer(&session, NULL);
	qemu_session_end(&session);
	check_no_child();
}

/* Why a program could not be asked; the last line that it wrote is shown. */
static const struct {
	const char *body;
	const char *message;
} bad[] = {
	{ "", "it does not speak QMP" },
	{ "exit 1\n", "it does not speak QMP" },
	{ "echo first; echo 'no such machine' >&2\n",
	  "it does not speak QMP; it said 'no such machine'" },
	{ "echo 'to stdout'\n", "it does not speak QMP; it said 'to stdout'" },
	{ "printf 'no line end'\n",
	  "it does not speak QMP; it said 'no line end'" },
	{ "printf 'two\\n\\n'\n", "it does not speak QMP; it said 'two'" },
	{ "i=0; while [ $i -lt 300 ]; do echo 0123456789; i=$((i + 1)); done\n"
	  "echo last\n",
	  "it does not speak QMP; it said 'last'" },
	{ "echo hello >&3\n" STAY, "QEMU sent what is not QMP: 'hello'" },
	{ "echo '{\"return\": {}}' >&3\n" STAY,
	  "it does not greet as QMP does" },
	/* Whether the command after the greeting is sent before that or not. */
	{ GREET "echo gone\n", "it does not speak QMP; it said 'gone'" },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		cleanup_free char *path = program(bad[i].body);
		struct qemu_session session;
		struct err err;
		int r = qemu_session_start(path, &session, &err);

		check_error(bad[i].body, r, &err, -EPROTO, bad[i].message);
		check_no_child();
	}
}

static void test_cannot_execute(void **state)
{
	struct qemu_session session;
	struct err err;

	(void)state;
	check_error("missing",
		    qemu_session_start("/nonexistent", &session, &err), &err,
		    -ENOENT,
		    "cannot execute '/nonexistent': No such file or directory");
	check_no_child();
}

/* It ends in the middle of an answer. */
static void test_ends_early(void **state)
{
	cleanup_free char *path = program(GREET EMPTY_ANSWER TAKE
					  "printf '{\"return\"' >&3\n"
					  "echo 'assertion failed' >&2\n");
	struct qemu_session session;
	json_t *answer = NULL;
	struct err err;

	(void)state;
	check_ok("start", qemu_session_start(path, &session, &err), &err);
	check_error("ask",
		    qemu_session_ask(&session, "quit", NULL, &answer, &err),
		    &err, -EPROTO,
		    "it does not speak QMP; it said 'assertion failed'");
	assert_null(answer);
	qemu_session_end(&session);
	check_no_child();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ask),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_cannot_execute),
		cmocka_unit_test(test_ends_early),
	};

	return cmocka_run_group_tests(tests, folder_set_up, folder_tear_down);
}
