/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/forward.h"

#include <errno.h>

#include "scene.h"

static int add(struct scene *s, struct strbuf *netdev)
{
	return forward_add_all(&s->plan, netdev, &s->spec.nics[0], "net00",
			       &s->facts, &s->err);
}

static void test_add(void **state)
{
	cleanup_strbuf struct strbuf netdev = STRBUF_INIT;
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_nic(&s, "user,fwd=2222:22,hostfwd=tcp::80-:80,"
		      "fwd=0.0.0.0:53:5353/udp,fwd=:22");
	check_ok("four", add(&s, &netdev), &s.err);
	assert_string_equal(strbuf_str(&netdev),
			    ",hostfwd=tcp:127.0.0.1:2222-:22"
			    ",hostfwd=udp:0.0.0.0:53-:5353"
			    ",hostfwd=tcp:127.0.0.1:0-:22");
	assert_int_equal(s.plan.forward_count, 4);
	assert_string_equal(s.plan.forwards[1].netdev, "net00");
	assert_int_equal(s.plan.forwards[1].fwd.host_port, 80);
	assert_true(s.plan.forwards[1].fwd.is_hostfwd);
	scene_done(&s);
}

static const struct {
	int error;
	const char *holder;
	int code;
	const char *message; /* NULL: the port can be had */
} ports[] = {
	{ 0, NULL, 0, NULL },
	{ EADDRINUSE, "process 7 (sshd)", -EADDRINUSE,
	  "port 2222 of 127.0.0.1 is in use by process 7 (sshd); another one "
	  "may be free, and fwd=:22 takes one that is" },
	{ EADDRINUSE, NULL, -EADDRINUSE,
	  "port 2222 of 127.0.0.1 is in use by somebody; another one may be "
	  "free, and fwd=:22 takes one that is" },
	{ EACCES, NULL, -EACCES,
	  "port 2222 of this host needs a privilege; those from 1024 on do "
	  "not, unless net.ipv4.ip_unprivileged_port_start says so" },
	{ EADDRNOTAVAIL, NULL, -EADDRNOTAVAIL,
	  "no interface of this host has the address 127.0.0.1; 'ip address' "
	  "shows those there are, 0.0.0.0 is all of them" },
	{ EMFILE, NULL, -EMFILE,
	  "port 2222 of 127.0.0.1 cannot be had: Too many open files" },
};

static void test_ports(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		cleanup_strbuf struct strbuf netdev = STRBUF_INIT;
		cleanup_free char *row = xasprintf("row %zu", i);
		struct scene s;

		scene_init(&s);
		scene_nic(&s, "user,fwd=2222:22");
		s.facts.ports = xcalloc(1, sizeof(*s.facts.ports));
		s.facts.port_count = 1;
		s.facts.ports[0] = (struct port_facts){
			.address = xstrdup("127.0.0.1"),
			.port = 2222,
			.error = ports[i].error,
			.holder = ports[i].holder ? xstrdup(ports[i].holder)
						  : NULL,
		};
		int r = add(&s, &netdev);
		if (ports[i].message)
			check_error(row, r, &s.err, ports[i].code,
				    ports[i].message);
		else
			check_ok(row, r, &s.err);
		scene_done(&s);
	}
}

/* Nobody is there to say which port it is. */
static void test_unsupervised(void **state)
{
	cleanup_strbuf struct strbuf netdev = STRBUF_INIT;
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_nic(&s, "user,fwd=2222:22,hostfwd=tcp::0-:22,fwd=:22");
	s.plan.is_exec = true;
	check_error("--exec", add(&s, &netdev), &s.err, -EINVAL,
		    "a free port of 127.0.0.1 can be told only while xkvm "
		    "supervises the guest: not with --exec; name the port");
	s.plan.is_exec = false;
	s.plan.is_daemonized = true;
	check_error("-daemonize", add(&s, &netdev), &s.err, -EINVAL,
		    "a free port of 127.0.0.1 can be told only while xkvm "
		    "supervises the guest: not with -daemonize; name the "
		    "port");
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_unsupervised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
