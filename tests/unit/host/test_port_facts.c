/* SPDX-License-Identifier: Apache-2.0 */
#include "host/port_facts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

/* A socket of this process on a port of the kernel's choice. */
static int hold(int family, int type, const char *address,
		unsigned int *ret_port)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr *any = family == AF_INET6 ? (struct sockaddr *)&six
						  : (struct sockaddr *)&four;
	socklen_t len = family == AF_INET6 ? sizeof(six) : sizeof(four);
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	if (family == AF_INET)
		four.sin_addr.s_addr = inet_addr(address);
	else
		assert_int_equal(inet_pton(AF_INET6, address, &six.sin6_addr),
				 1);
	if (fd < 0 || bind(fd, any, len) < 0) {
		close_fd(&fd);
		return -1;
	}
	assert_true(type != SOCK_STREAM || listen(fd, 1) == 0);
	assert_int_equal(getsockname(fd, any, &len), 0);
	*ret_port = ntohs(family == AF_INET6 ? six.sin6_port : four.sin_port);
	return fd;
}

static struct port_facts look(const char *address, unsigned int port,
			      bool is_udp)
{
	struct fwd_spec fwd = { .is_udp = is_udp, .host_port = port };
	struct port_facts facts;

	snprintf(fwd.address, sizeof(fwd.address), "%s", address);
	host_look_at_port(&fwd, &facts);
	check_text(address, facts.address, address);
	check_number(address, facts.port, port);
	check_number(address, facts.is_udp, is_udp);
	free(facts.address);
	return facts;
}

static void check_held(const char *address, unsigned int port, bool is_udp)
{
	cleanup_free char *me =
		xasprintf("process %d (holds a port)", getpid());
	struct port_facts facts = look(address, port, is_udp);

	check_number(address, facts.error, EADDRINUSE);
	check_text(address, facts.holder, me);
	free(facts.holder);
}

static void check_free(const char *address, unsigned int port, bool is_udp)
{
	struct port_facts facts = look(address, port, is_udp);

	check_number(address, facts.error, 0);
	assert_null(facts.holder);
}

static const struct {
	int family;
	int type;
	const char *address;
} holders[] = {
	{ AF_INET, SOCK_STREAM, "127.0.0.1" },
	{ AF_INET, SOCK_STREAM, "0.0.0.0" },
	{ AF_INET, SOCK_DGRAM, "127.0.0.1" },
	{ AF_INET, SOCK_DGRAM, "0.0.0.0" },
	/* They have the port of IPv4, too. */
	{ AF_INET6, SOCK_STREAM, "::" },
	{ AF_INET6, SOCK_DGRAM, "::" },
	{ AF_INET6, SOCK_STREAM, "::ffff:127.0.0.1" },
};

static void test_held(void **state)
{
	(void)state;
	prctl(PR_SET_NAME, "holds a port");
	for (size_t i = 0; i < ARRAY_SIZE(holders); i++) {
		bool is_udp = holders[i].type == SOCK_DGRAM;
		unsigned int port = 0;
		int fd = hold(holders[i].family, holders[i].type,
			      holders[i].address, &port);

		/* A host without IPv6. */
		if (fd < 0 && holders[i].family == AF_INET6)
			continue;
		assert_true(fd >= 0);
		check_held("127.0.0.1", port, is_udp);
		check_held("0.0.0.0", port, is_udp);
		check_free("127.0.0.1", port, !is_udp);
		close(fd);
		check_free("127.0.0.1", port, is_udp);
	}
}

/* One address's port is free where another's is not. */
static void test_other_address(void **state)
{
	unsigned int port = 0;
	int fd = hold(AF_INET, SOCK_STREAM, "127.0.0.2", &port);

	(void)state;
	assert_true(fd >= 0);
	check_free("127.0.0.1", port, false);
	check_held("127.0.0.2", port, false);
	close(fd);
}

/* TEST-NET-1, RFC 5737. */
static void test_foreign_address(void **state)
{
	struct port_facts facts = look("192.0.2.200", 2222, false);

	(void)state;
	assert_int_equal(facts.error, EADDRNOTAVAIL);
	assert_null(facts.holder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_held),
		cmocka_unit_test(test_other_address),
		cmocka_unit_test(test_foreign_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
