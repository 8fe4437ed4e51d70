/* SPDX-License-Identifier: Apache-2.0 */
#include "seal.h"

#include <errno.h>
#include <jansson.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* With any arguments. A call that this machine does not have is no fault. */
static const int allowed[] = {
	/* to talk: to xkvm-net, the kernel, the database, the system log */
	SCMP_SYS(close),
	SCMP_SYS(connect),
	SCMP_SYS(fcntl),
	SCMP_SYS(fcntl64),
	SCMP_SYS(getsockopt),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(ppoll_time64),
	SCMP_SYS(recv),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(send),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendto),
	SCMP_SYS(setsockopt),
	SCMP_SYS(shutdown),

	/* to raise and lower the privilege */
	SCMP_SYS(capget),
	SCMP_SYS(capset),
	SCMP_SYS(gettid),

	/* what the C library does by itself */
	SCMP_SYS(brk),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_gettime64),
	SCMP_SYS(getpid),
	SCMP_SYS(getrandom),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(madvise),
	SCMP_SYS(mremap),
	SCMP_SYS(munmap),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(time),

	/* to end */
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* With one kind of argument only. */
static const struct {
	int call;
	struct scmp_arg_cmp argument;
} restricted[] = {
	{ SCMP_SYS(socket), { 0, SCMP_CMP_EQ, AF_UNIX, 0 } },
	{ SCMP_SYS(mmap), { 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0 } },
	{ SCMP_SYS(mmap2), { 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0 } },
	{ SCMP_SYS(mprotect), { 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0 } },
};

/* A filter sees no argument that is passed in memory, which is so on machines
 * that have this call. */
#ifdef SYS_socketcall
#define N_ARGUMENTS 0
#else
#define N_ARGUMENTS 1
#endif

static int add_rules(scmp_filter_ctx filter)
{
	int rc = 0;

	for (size_t i = 0; i < ARRAY_SIZE(allowed) && rc == 0; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; i < ARRAY_SIZE(restricted) && rc == 0; i++)
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
					    restricted[i].call, N_ARGUMENTS,
					    &restricted[i].argument);
	return rc;
}

/* It sets no_new_privs as well. */
static int load_filter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int rc;

	if (!filter)
		return -ENOMEM;
	rc = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
			      SCMP_ACT_KILL_PROCESS);
	if (rc == 0)
		rc = add_rules(filter);
	if (rc == 0)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	return rc;
}

int seal_process(struct fail *fail)
{
	int rc;

	/* They read /etc/localtime and /dev/urandom, once. */
	tzset();
	json_object_seed(0);
	rc = load_filter();
	if (rc == 0)
		return 0;
	return fail_errno(fail, -rc, NULL,
			  "cannot seal the process that is to guard the taps "
			  "(seccomp)");
}
