/* SPDX-License-Identifier: Apache-2.0 */
#include "run/seed_server.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define SIZE ((size_t)1 << 20)
#define REQUEST "GET /user-data HTTP/1.1\r\n\r\n"

/* As many bytes as there are until the other end closes or `len` came. */
static size_t receive(int fd, char *buf, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = recv(fd, buf + done, len - done, 0);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return done;
}

/* A request in pieces, with half of another behind it, and then a large
 * answer; both servers end when the other end does. */
static void test_server(void **state)
{
	cleanup_free char *content = xcalloc(1, SIZE);
	cleanup_free char *answer = xcalloc(1, 2 * SIZE);
	const struct seed seed = {
		.files = { { "user-data", content, SIZE } },
		.count = 1,
	};
	cleanup_close int fd = -1;
	struct err err;
	int status;

	(void)state;
	memset(content, 'x', SIZE);
	check_ok("start", seed_server_start(&seed, &fd, &err), &err);
	assert_int_equal(send(fd, REQUEST, 7, 0), 7);
	assert_int_equal(send(fd, REQUEST "POST", strlen(REQUEST) + 4, 0) > 0,
			 true);
	close_fd(&fd);
	assert_int_equal(waitpid(-1, &status, 0) > 0, true);
	assert_int_equal(WIFEXITED(status), true);
	assert_int_equal(WEXITSTATUS(status), 0);

	check_ok("start", seed_server_start(&seed, &fd, &err), &err);
	assert_int_equal(send(fd, REQUEST, strlen(REQUEST), 0),
			 strlen(REQUEST));
	assert_int_equal(receive(fd, answer, SIZE + 64) > SIZE, true);
	assert_memory_equal(answer, "HTTP/1.1 200 OK\r\n", 17);
	close_fd(&fd);
	assert_int_equal(waitpid(-1, &status, 0) > 0, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_server) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
