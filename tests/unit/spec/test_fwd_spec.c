/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/fwd_spec.h"

#include <errno.h>

#include "check.h"

static const struct {
	const char *value;
	bool is_udp;
	const char *address;
	unsigned int host_port;
	unsigned int guest_port;
} good[] = {
	{ "2222:22", false, "127.0.0.1", 2222, 22 },
	{ "2222:22/tcp", false, "127.0.0.1", 2222, 22 },
	{ "5353:53/udp", true, "127.0.0.1", 5353, 53 },
	{ ":22", false, "127.0.0.1", 0, 22 },
	{ "0.0.0.0:2222:22", false, "0.0.0.0", 2222, 22 },
	{ "192.0.2.7:8080:80/udp", true, "192.0.2.7", 8080, 80 },
	{ "192.0.2.7::80", false, "192.0.2.7", 0, 80 },
	{ ":2222:22", false, "127.0.0.1", 2222, 22 },
	{ "::22", false, "127.0.0.1", 0, 22 },
	{ "127.000.0.01:1:65535", false, "127.0.0.1", 1, 65535 },
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		const char *row = good[i].value;
		struct fwd_spec fwd;
		struct err err;

		check_ok(row, fwd_spec_parse(row, &fwd, &err), &err);
		check_number(row, fwd.is_udp, good[i].is_udp);
		check_text(row, fwd.address, good[i].address);
		check_number(row, fwd.host_port, good[i].host_port);
		check_number(row, fwd.guest_port, good[i].guest_port);
		assert_false(fwd.is_hostfwd);
	}
}

#define TWO(text)                                                           \
	"two ports are needed, the host's and the guest's, as in 2222:22; " \
	":" text " takes a free one of the host"
#define PORT(text, whose) "'" text "' is no port of " whose ", from 1 to 65535"
#define IPV4(text) "'" text "' is no IPv4 address; QEMU forwards no others"
#define ADDRESS(text)                                              \
	"'" text "' is no address of this host; give one such as " \
	"127.0.0.1, or 0.0.0.0 for all"

static const struct {
	const char *value;
	const char *message;
} bad[] = {
	{ "", TWO("") },
	{ "22", TWO("22") },
	{ "22/udp", TWO("22") },
	{ "2222:", PORT("", "the guest") },
	{ "2222:0", PORT("0", "the guest") },
	{ "2222:65536", PORT("65536", "the guest") },
	{ "2222:99999999999999999999",
	  PORT("99999999999999999999", "the guest") },
	{ "2222:ssh", PORT("ssh", "the guest") },
	{ "2222:-22", PORT("-22", "the guest") },
	{ "2222:22 ", PORT("22 ", "the guest") },
	{ "0:22", PORT("0", "this host") },
	{ "65536:22", PORT("65536", "this host") },
	{ "a:22", PORT("a", "this host") },
	{ "2222:22/sctp", "'/sctp' is no protocol; use /tcp or /udp" },
	{ "2222:22/", "'/' is no protocol; use /tcp or /udp" },
	{ "localhost:2222:22", ADDRESS("localhost") },
	{ "127.0.0:2222:22", ADDRESS("127.0.0") },
	{ "127.0.0.256:2222:22", ADDRESS("127.0.0.256") },
	{ "127.0.0.1.1:2222:22", ADDRESS("127.0.0.1.1") },
	{ "127.0.0.:2222:22", ADDRESS("127.0.0.") },
	{ "[::1]:2222:22", IPV4("[::1]") },
	{ "fe80::1:2222:22", IPV4("fe80::1") },
	{ "[]:2222:22", IPV4("[]") },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		cleanup_free char *message =
			xasprintf("fwd=%s: %s", bad[i].value, bad[i].message);
		struct fwd_spec fwd, before;
		struct err err;

		memset(&before, 0x5a, sizeof(before));
		fwd = before;
		check_error(bad[i].value,
			    fwd_spec_parse(bad[i].value, &fwd, &err), &err,
			    -EINVAL, message);
		assert_memory_equal(&fwd, &before, sizeof(fwd));
	}
}

/* As QEMU's slirp_hostfwd() reads it. NULL: it is something else. */
static const struct {
	const char *value;
	const char *address;
	bool is_udp;
	unsigned int host_port;
	unsigned int guest_port;
} hostfwds[] = {
	{ "tcp::2222-:22", "0.0.0.0", false, 2222, 22 },
	{ "::2222-:22", "0.0.0.0", false, 2222, 22 },
	{ "udp:127.0.0.1:53-10.0.2.15:53", "127.0.0.1", true, 53, 53 },
	{ "tcp::0-:22", "0.0.0.0", false, 0, 22 },
	{ "tcp:2222-:22", NULL, false, 0, 0 },
	{ "sctp::2222-:22", NULL, false, 0, 0 },
	{ "tcp::2222-22", NULL, false, 0, 0 },
	{ "tcp::2222:22", NULL, false, 0, 0 },
	{ "tcp:host:2222-:22", NULL, false, 0, 0 },
	{ "tcp::-:22", NULL, false, 0, 0 },
	{ "tcp::2222-:0", NULL, false, 0, 0 },
	{ "tcp::2222-:", NULL, false, 0, 0 },
	{ "unix:/run/s-:22", NULL, false, 0, 0 },
	{ "", NULL, false, 0, 0 },
};

static void test_hostfwd(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hostfwds); i++) {
		const char *row = hostfwds[i].value;
		struct fwd_spec fwd;
		bool is_read = fwd_spec_read_hostfwd(row, &fwd);

		check_number(row, is_read, hostfwds[i].address != NULL);
		if (!is_read)
			continue;
		check_text(row, fwd.address, hostfwds[i].address);
		check_number(row, fwd.is_udp, hostfwds[i].is_udp);
		check_number(row, fwd.host_port, hostfwds[i].host_port);
		check_number(row, fwd.guest_port, hostfwds[i].guest_port);
		assert_true(fwd.is_hostfwd);
	}
}

static const struct {
	const char *a;
	const char *b;
	bool clash;
} pairs[] = {
	{ "2222:22", "2222:23", true },
	{ "2222:22", "2223:22", false },
	{ "2222:22", "2222:22/udp", false },
	{ ":22", ":22", false },
	{ "192.0.2.1:2222:22", "192.0.2.2:2222:22", false },
	{ "192.0.2.1:2222:22", "0.0.0.0:2222:22", true },
	{ "0.0.0.0:53:53/udp", "53:53/udp", true },
};

static void test_clash(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		struct fwd_spec a, b;
		struct err err;

		check_ok(pairs[i].a, fwd_spec_parse(pairs[i].a, &a, &err),
			 &err);
		check_ok(pairs[i].b, fwd_spec_parse(pairs[i].b, &b, &err),
			 &err);
		check_number(pairs[i].a, fwd_spec_clash(&a, &b),
			     pairs[i].clash);
		check_number(pairs[i].b, fwd_spec_clash(&b, &a),
			     pairs[i].clash);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_hostfwd),
		cmocka_unit_test(test_clash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
