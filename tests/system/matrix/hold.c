/* SPDX-License-Identifier: Apache-2.0 */
#include "hold.h"

#include <elf.h>
#include <errno.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#if defined(__x86_64__)

int hold_skip(pid_t pid)
{
	return (int)ptrace(PTRACE_POKEUSER, pid,
			   offsetof(struct user, regs.orig_rax), -1L);
}

int hold_fail(pid_t pid, int error)
{
	return (int)ptrace(PTRACE_POKEUSER, pid,
			   offsetof(struct user, regs.rax), (long)-error);
}

#elif defined(__aarch64__)

int hold_skip(pid_t pid)
{
	int number = -1;
	struct iovec vector = { &number, sizeof(number) };

	return (int)ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &vector);
}

int hold_fail(pid_t pid, int error)
{
	struct user_regs_struct regs;
	struct iovec vector = { &regs, sizeof(regs) };

	if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &vector) < 0)
		return -1;
	regs.regs[0] = (unsigned long long)-(long long)error;
	return (int)ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &vector);
}

#else

int hold_skip(pid_t pid)
{
	(void)pid;
	errno = ENOSYS;
	return -1;
}

int hold_fail(pid_t pid, int error)
{
	(void)pid;
	(void)error;
	errno = ENOSYS;
	return -1;
}

#endif
