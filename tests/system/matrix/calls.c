/* SPDX-License-Identifier: Apache-2.0 */
#include "calls.h"

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>

#define CALL(name, ...)             \
	{                           \
		SYS_##name, #name,  \
		{                   \
			__VA_ARGS__ \
		}                   \
	}

/*
 * Errors of the host: limits, memory, rights, peers that went away. Not what
 * only a mistake in the program gives (EBADF, EFAULT). Calls that fail on no
 * host, or whose failure changes nothing, are not here: close(), getpid(). Nor
 * is brk(), which tells of a failure in another way.
 */
static const struct call CALLS[] = {
	CALL(openat, EMFILE, EACCES, ENOENT, ENOMEM),
	CALL(read, EIO, EINTR),
	CALL(pread64, EIO),
	CALL(write, EIO, ENOSPC, EINTR),
	CALL(pwrite64, ENOSPC, EINTR),
	CALL(ftruncate, EFBIG, EIO),
	CALL(fsync, EIO, ENOSPC),
	CALL(linkat, EEXIST, ENOSPC),
	CALL(readlinkat, EACCES, ENOENT),
	CALL(newfstatat, EACCES, ENOMEM),
	CALL(statx, EACCES, ENOMEM),
	CALL(faccessat, EACCES, ENOENT),
	CALL(faccessat2, EACCES, ENOENT),
	CALL(getcwd, ENOENT),
	CALL(chdir, EACCES),
	CALL(getdents64, EIO),
	CALL(ioctl, EBUSY, ENOMEM, EPERM, ENOBUFS),
	CALL(socket, EMFILE, ENFILE, EPERM, EAFNOSUPPORT),
	CALL(socketpair, EMFILE, ENFILE, ENOMEM),
	CALL(connect, ECONNREFUSED, EAGAIN, EACCES, ENOENT),
	CALL(bind, ENOBUFS, EPERM),
	CALL(setsockopt, ENOPROTOOPT, ENOMEM),
	CALL(getsockopt, ENOPROTOOPT, ENOBUFS),
	CALL(getpeername, ENOBUFS),
	CALL(getsockname, ENOBUFS),
	CALL(sendto, ENOBUFS, EPERM, EINTR),
	CALL(sendmsg, ENOBUFS, ETOOMANYREFS, EPIPE, EINTR),
	CALL(recvfrom, ENOMEM, ENOBUFS, ECONNRESET, EINTR),
	CALL(recvmsg, ENOMEM, ENOBUFS, ECONNRESET, EINTR),
	CALL(ppoll, ENOMEM, EINTR),
	CALL(clone, EAGAIN, ENOMEM),
	CALL(clone3, EAGAIN, ENOMEM),
	CALL(execve, ENOENT, EACCES, ENOMEM),
	CALL(wait4, EINTR),
	CALL(mmap, ENOMEM),
	CALL(mprotect, ENOMEM),
	CALL(memfd_create, EMFILE, ENOMEM),
	CALL(pipe2, EMFILE, ENFILE),
	CALL(dup3, EMFILE, EBUSY),
	CALL(fcntl, EMFILE),
	CALL(close_range, ENOMEM),
	CALL(pidfd_open, EMFILE, ENOMEM),
	CALL(signalfd4, EMFILE, ENOMEM),
	CALL(prctl, EPERM),
	CALL(setsid, EPERM),
	CALL(setpgid, EPERM),
	CALL(capset, EPERM),
	CALL(getrandom, ENOSYS),
	CALL(prlimit64, EPERM),
#ifdef SYS_dup2 /* old calls, which new architectures do not have */
	CALL(access, EACCES, ENOENT),
	CALL(dup2, EMFILE, EBUSY),
	CALL(poll, ENOMEM, EINTR),
	CALL(readlink, EACCES, ENOENT),
	CALL(vfork, EAGAIN, ENOMEM),
#endif
};

const struct call *call_find(long number)
{
	for (size_t i = 0; i < sizeof(CALLS) / sizeof(CALLS[0]); i++)
		if (CALLS[i].number == number)
			return &CALLS[i];
	return NULL;
}
