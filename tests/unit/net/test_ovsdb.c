/* SPDX-License-Identifier: Apache-2.0 */
/* A connection to a server of the test's own, which says what a test has it
 * say, one answer for each request. */
#include "ovsdb.h"

#include "deadline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define REQUEST_MAX 4096
#define SOON_MS 30
#define LATE_MS 10000

/* A request that is awaited, and what is sent then. */
struct turn {
	const char *request; /* NULL: none is awaited */
	const char *answer;
};

struct server {
	char folder[32];
	char path[64];
	pid_t pid;
};

static bool read_request(int fd, const char *want)
{
	struct ovsdb_frame frame = { 0 };
	char data[REQUEST_MAX];
	size_t len = 0;

	while (ovsdb_frame_end(&frame, data, len) == 0) {
		if (len == sizeof(data) || read(fd, &data[len], 1) != 1)
			return false;
		len++;
	}
	return len == strlen(want) && memcmp(data, want, len) == 0;
}

/* Serves one connection. The exit status tells whether all was as awaited. */
static int serve(int listener, const struct turn *turns, size_t count)
{
	int fd = accept(listener, NULL, NULL);

	for (size_t i = 0; i < count; i++) {
		const char *answer = turns[i].answer;

		if (turns[i].request && !read_request(fd, turns[i].request))
			return EXIT_FAILURE;
		/* In pieces, for who reads them as they come; or hangs up. */
		while (*answer && send(fd, answer, 1, MSG_NOSIGNAL) == 1)
			answer++;
	}
	close(fd);
	return EXIT_SUCCESS;
}

static void start(struct server *server, const struct turn *turns, size_t count)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(server->folder, sizeof(server->folder), "/tmp/ovsdb.XXXXXX");
	assert_non_null(mkdtemp(server->folder));
	snprintf(server->path, sizeof(server->path), "%s/sock", server->folder);
	memcpy(address.sun_path, server->path, strlen(server->path));
	assert_int_equal(bind(listener, (void *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 1), 0);
	server->pid = fork();
	assert_true(server->pid >= 0);
	if (server->pid == 0)
		_exit(serve(listener, turns, count));
	close(listener);
}

static void stop(struct server *server)
{
	int status;

	assert_int_equal(waitpid(server->pid, &status, 0), server->pid);
	assert_int_equal(status, 0);
	unlink(server->path);
	rmdir(server->folder);
}

static void open_database(struct ovsdb *db, const struct server *server)
{
	struct fail fail;

	if (ovsdb_open(db, server->path, deadline_in(LATE_MS), &fail) < 0)
		fail_msg("%s", fail.text);
}

#define TRANSACT(number)                                                           \
	"{\"method\":\"transact\",\"params\":[\"Open_vSwitch\",{}],\"id\":" number \
	"}"
#define RESULT(number, value) \
	"{\"id\":" number ",\"error\":null,\"result\":[" value "]}"
#define ECHO "{\"id\":\"e\",\"method\":\"echo\",\"params\":[\"x\"]}"
#define ECHO_ANSWER "{\"result\":[\"x\"],\"error\":null,\"id\":\"e\"}"

static int transact(struct ovsdb *db, int64_t ms, json_int_t *ret,
		    struct fail *fail)
{
	json_t *results = NULL;

	if (ovsdb_transact(db, json_pack("[{}]"), deadline_in(ms), &results,
			   fail) < 0)
		return -1;
	*ret = json_integer_value(json_array_get(results, 0));
	json_decref(results);
	return 0;
}

/* An echo and an old answer come before the answer. */
static void test_transact(void **state)
{
	static const struct turn turns[] = {
		{ TRANSACT("1"), " \n" ECHO RESULT("0", "6") },
		{ ECHO_ANSWER, RESULT("1", "7") },
		{ TRANSACT("2"), RESULT("2", "8") },
	};
	struct server server;
	struct ovsdb db = OVSDB_CLOSED;
	struct fail fail;
	json_int_t value = 0;

	(void)state;
	start(&server, turns, 3);
	open_database(&db, &server);
	assert_int_equal(transact(&db, LATE_MS, &value, &fail), 0);
	assert_int_equal(value, 7);
	assert_int_equal(transact(&db, LATE_MS, &value, &fail), 0);
	assert_int_equal(value, 8);
	stop(&server);
	ovsdb_close(&db);
	ovsdb_close(&db);
}

/* What comes after its deadline is not taken for the next answer. */
static void test_deadline(void **state)
{
	static const struct turn turns[] = {
		{ TRANSACT("1"), "" },
		{ TRANSACT("2"), RESULT("1", "7") RESULT("2", "8") },
	};
	struct server server;
	struct ovsdb db = OVSDB_CLOSED;
	struct fail fail;
	json_int_t value = 0;

	(void)state;
	start(&server, turns, 2);
	open_database(&db, &server);
	assert_int_equal(transact(&db, SOON_MS, &value, &fail), -1);
	assert_int_equal(fail.code, FAIL_OVS);
	assert_non_null(strstr(fail.text, "does not answer"));
	assert_true(db.fd >= 0);
	assert_int_equal(transact(&db, LATE_MS, &value, &fail), 0);
	assert_int_equal(value, 8);
	ovsdb_close(&db);
	stop(&server);
}

static void test_refusal(void **state)
{
	static const struct turn turns[] = {
		{ TRANSACT("1"), "{\"id\":1,\"result\":null,\"error\":"
				 "{\"error\":\"unknown\\ndatabase\"}}" },
		{ TRANSACT("2"), "{\"id\":2}" },
	};
	struct server server;
	struct ovsdb db = OVSDB_CLOSED;
	struct fail fail;
	json_int_t value = 0;

	(void)state;
	start(&server, turns, 2);
	open_database(&db, &server);
	assert_int_equal(transact(&db, LATE_MS, &value, &fail), -1);
	assert_string_equal(fail.text,
			    "Open vSwitch's database refuses the request "
			    "'transact': {\"error\": \"unknown\\ndatabase\"}");
	assert_int_equal(transact(&db, LATE_MS, &value, &fail), -1);
	assert_non_null(strstr(fail.text, "it does not say why"));
	assert_true(db.fd >= 0);
	ovsdb_close(&db);
	stop(&server);
}

/* Half an answer, or nonsense, is the end of the connection. */
static void test_broken(void **state)
{
	static const struct {
		struct turn turn;
		const char *text;
	} cases[] = {
		{ { TRANSACT("1"), "{\"id\":1,\"res" },
		  "cannot read from Open vSwitch's database: Connection reset "
		  "by peer" },
		{ { TRANSACT("1"), "hello" },
		  "cannot understand Open vSwitch's database: Bad message" },
		{ { TRANSACT("1"), "{]" },
		  "the database sends what is not JSON" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct server server;
		struct ovsdb db = OVSDB_CLOSED;
		struct fail fail;
		json_int_t value;

		start(&server, &cases[i].turn, 1);
		open_database(&db, &server);
		assert_int_equal(transact(&db, LATE_MS, &value, &fail), -1);
		assert_non_null(strstr(fail.text, cases[i].text));
		assert_int_equal(db.fd, -1);
		/* It stays closed, and says so. */
		assert_int_equal(transact(&db, LATE_MS, &value, &fail), -1);
		assert_non_null(strstr(fail.text, "not connected"));
		stop(&server);
	}
}

static bool has_reached(const json_t *value, const void *context)
{
	return json_integer_value(value) >= *(const json_int_t *)context;
}

#define MONITOR(number)                                                \
	"{\"method\":\"monitor\",\"params\":[\"Open_vSwitch\"," number \
	",{\"T\":{\"columns\":[\"c\"]}}],\"id\":" number "}"
#define CANCEL(number, monitor)                               \
	"{\"method\":\"monitor_cancel\",\"params\":[" monitor \
	"],\"id\":" number "}"
#define STATE(value) "{\"T\":{\"row\":{\"new\":{\"c\":" value "}}}}"
#define UPDATE(value) \
	"{\"id\":null,\"method\":\"update\",\"params\":[1," STATE(value) "]}"

static void test_await(void **state)
{
	static const struct turn turns[] = {
		{ MONITOR("1"),
		  "{\"id\":1,\"error\":null,\"result\":" STATE("3") "}" },
		{ NULL, UPDATE("4") ECHO },
		{ ECHO_ANSWER, UPDATE("5") },
		{ CANCEL("2", "1"), UPDATE("6") RESULT("2", "") },
		{ MONITOR("3"),
		  "{\"id\":3,\"error\":null,\"result\":" STATE("6") "}" },
		{ CANCEL("4", "3"), RESULT("4", "") },
		{ MONITOR("5"), "{\"id\":5,\"error\":null,\"result\":{}}" },
	};
	const json_int_t five = 5;
	struct server server;
	struct ovsdb db = OVSDB_CLOSED;
	struct fail fail;

	(void)state;
	start(&server, turns, 7);
	open_database(&db, &server);
	assert_int_equal(ovsdb_await(&db, "T", "c", has_reached, &five,
				     deadline_in(LATE_MS), &fail),
			 0);
	/* The second time it is so from the start; the third, never. */
	assert_int_equal(ovsdb_await(&db, "T", "c", has_reached, &five,
				     deadline_in(LATE_MS), &fail),
			 0);
	assert_int_equal(ovsdb_await(&db, "T", "c", has_reached, &five,
				     deadline_in(LATE_MS), &fail),
			 -1);
	assert_int_equal(db.fd, -1);
	stop(&server);
}

static void test_open(void **state)
{
	char path[200];
	struct ovsdb db = OVSDB_CLOSED;
	struct fail fail;

	(void)state;
	assert_int_equal(ovsdb_open(&db, "/nonexistent/db.sock",
				    deadline_in(LATE_MS), &fail),
			 -1);
	assert_int_equal(fail.code, FAIL_NOOVS);
	assert_non_null(strstr(fail.text, "'/nonexistent/db.sock'"));
	assert_int_equal(
		ovsdb_open(&db, "/dev/null", deadline_in(LATE_MS), &fail), -1);
	assert_int_equal(fail.code, FAIL_NOOVS);
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(ovsdb_open(&db, path, deadline_in(LATE_MS), &fail),
			 -1);
	assert_non_null(strstr(fail.text, "is too long for"));
}

/* The queue of a server that accepts nobody is full at some time. */
static void test_full(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char folder[] = "/tmp/ovsdb.XXXXXX", path[64];
	struct ovsdb first, second;
	struct fail fail;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/sock", folder);
	memcpy(address.sun_path, path, strlen(path));
	assert_int_equal(bind(listener, (void *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 0), 0);
	assert_int_equal(ovsdb_open(&first, path, deadline_in(SOON_MS), &fail),
			 0);
	assert_int_equal(ovsdb_open(&second, path, deadline_in(SOON_MS), &fail),
			 -1);
	assert_int_equal(fail.code, FAIL_OVS);
	assert_int_equal(ovsdb_open(&second, path, deadline_in(0), &fail), -1);
	assert_non_null(strstr(fail.text, "does not answer"));
	ovsdb_close(&first);
	close(listener);
	unlink(path);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transact),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_refusal),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_await),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
