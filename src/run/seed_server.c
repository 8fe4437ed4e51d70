/* SPDX-License-Identifier: Apache-2.0 */
#include "run/seed_server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "run/seed_http.h"

#define BLOCK 4096
#define SOCKET 3

static bool send_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

/* What never becomes a request is thrown away: the next one begins a new
 * connection, which cannot be seen here. */
static bool answer_all(int fd, struct strbuf *in, const struct seed *seed)
{
	size_t len;

	while ((len = seed_http_length(strbuf_str(in), in->len)) > 0) {
		cleanup_strbuf struct strbuf out = STRBUF_INIT;

		seed_http_answer(in->buf, len, seed, &out);
		strbuf_consume(in, len);
		if (!send_all(fd, out.buf, out.len))
			return false;
	}
	if (in->len > SEED_HTTP_MAX)
		strbuf_consume(in, in->len);
	return true;
}

static void serve(int fd, const struct seed *seed)
{
	cleanup_strbuf struct strbuf in = STRBUF_INIT;
	char block[BLOCK];

	for (;;) {
		ssize_t n = recv(fd, block, sizeof(block), 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		strbuf_add(&in, block, (size_t)n);
		if (!answer_all(fd, &in, seed))
			return;
	}
}

/* Of what the caller had open nothing may live on in here, nor may signals from
 * the terminal end this before QEMU. */
static void become_server(int fd)
{
	sigset_t none;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int standard = 0; standard < SOCKET; standard++)
		dup2(null, standard);
	if (fd != SOCKET)
		dup2(fd, SOCKET);
	/* QEMU's end of the socket is among them: with it, there is no end. */
	if (close_range(SOCKET + 1, ~0U, 0) < 0)
		for (long each = SOCKET + 1; each < sysconf(_SC_OPEN_MAX);
		     each++)
			close((int)each);
	setsid();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_NAME, "xkvm-seed");
	if (chdir("/") < 0)
		return; /* it may not be unmounted then */
}

int seed_server_start(const struct seed *seed, int *ret, struct err *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set_errno(err, -errno, "cannot make a socket pair");
	cleanup_close int ours = pair[0];
	cleanup_close int theirs = pair[1];
	pid_t pid = fork();
	if (pid < 0)
		return err_set_errno(err, -errno,
				     "cannot start the seed's server");
	if (pid == 0) {
		become_server(ours);
		serve(SOCKET, seed);
		_exit(0);
	}
	*ret = take_fd(theirs);
	return 0;
}
