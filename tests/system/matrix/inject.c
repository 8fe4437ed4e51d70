/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inject FILE WHAT COMMAND...: runs COMMAND, and all that it starts, to the end
 * of the last of them, and has one system call of one process go wrong.
 *
 *	list		none; FILE lists all calls
 *	kill:P:N	SIGKILL when process P is about to make its call N
 *	fail:P:N:E	that call fails with the error of the number E
 *
 * Processes are numbered in the order in which they come, from 0, and calls
 * from 1, from the execution of COMMAND. FILE has a line for each call that is
 * listed, or that went wrong:
 *
 *	P N NAME PLACE [ERROR...]
 *
 * NAME is "-" where it is not one that is made to fail, PLACE "loader" for what
 * the dynamic loader does, "program" otherwise, and ERRORs the numbers of those
 * with which it may plausibly fail.
 *
 * strace(1) can do as much to the call N of each process, but not of one alone.
 *
 * Ends with the status of COMMAND, 128+S where signal S ended it, and 120 where
 * that could not be done. After DEADLINE_SECONDS all are killed, and it ends
 * with 124.
 */
#include "calls.h"
#include "hold.h"

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define STATUS_BROKEN 120
#define STATUS_DEADLINE 124
/* Above all that xkvm and xkvm-net wait for. */
#define DEADLINE_SECONDS 20
#define PROCESSES_MAX 64
#define ANY_PROCESS (-1)
#define OPTIONS                                                            \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | \
	 PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL)

enum what {
	WHAT_LIST,
	WHAT_KILL,
	WHAT_FAIL,
};

struct target {
	enum what what;
	int process; /* or ANY_PROCESS */
	unsigned long call;
	int error;
};

struct process {
	pid_t pid; /* 0 when it has ended */
	unsigned long calls;
	bool has_begun; /* the first one: it has executed COMMAND */
	bool is_failing; /* it is in the call that is to fail */
};

static struct target target;
static FILE *list;
static struct process processes[PROCESSES_MAX];
static int count;
static volatile sig_atomic_t is_late;

static void on_alarm(int signal)
{
	(void)signal;
	is_late = 1;
}

/* The process of that id, which may be a new one. */
static struct process *process_of(pid_t pid)
{
	for (int i = 0; i < count; i++)
		if (processes[i].pid == pid)
			return &processes[i];
	if (count == PROCESSES_MAX)
		errx(STATUS_BROKEN, "too many processes");
	processes[count] = (struct process){ .pid = pid, .has_begun = count };
	return &processes[count++];
}

static bool is_watched(const struct process *process)
{
	return target.process == ANY_PROCESS ||
	       process - processes == target.process;
}

/* Is the dynamic loader mapped at that address of the process? */
static bool is_in_loader(pid_t pid, unsigned long address)
{
	char path[32], line[4096];
	unsigned long first, end;
	bool is_in = false;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "re");
	while (maps && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx", &first, &end) == 2 &&
		    address >= first && address < end)
			is_in = strstr(line, "/ld-linux") ||
				strstr(line, "/ld64");
	}
	if (maps)
		fclose(maps);
	return is_in;
}

static void print_call(const struct process *process,
		       const struct __ptrace_syscall_info *info)
{
	const struct call *call = call_find((long)info->entry.nr);

	fprintf(list, "%td %lu %s %s", process - processes, process->calls,
		call ? call->name : "-",
		is_in_loader(process->pid, info->instruction_pointer)
			? "loader"
			: "program");
	for (const int *e = call ? call->errors : NULL; e && *e; e++)
		fprintf(list, " %d", *e);
	fputc('\n', list);
}

static void enter(struct process *process,
		  const struct __ptrace_syscall_info *info)
{
	process->calls++;
	if (target.what == WHAT_LIST) {
		print_call(process, info);
		return;
	}
	if (process->calls != target.call)
		return;
	print_call(process, info);
	if (target.what == WHAT_KILL) {
		kill(process->pid, SIGKILL);
		return;
	}
	if (hold_skip(process->pid) < 0)
		err(STATUS_BROKEN, "a call cannot be skipped here");
	process->is_failing = true;
}

static void at_call(struct process *process)
{
	struct __ptrace_syscall_info info;

	if (!process->has_begun || ptrace(PTRACE_GET_SYSCALL_INFO, process->pid,
					  sizeof(info), &info) < 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		enter(process, &info);
	} else if (process->is_failing) {
		process->is_failing = false;
		if (hold_fail(process->pid, target.error) < 0)
			err(STATUS_BROKEN, "a call cannot fail here");
	}
}

/* Looks why a process has stopped. Returns the signal that it is to get. */
static int handle_stop(struct process *process, bool is_new, int status)
{
	const int event = status >> 16;
	const int signal = WSTOPSIG(status);
	unsigned long child;

	if (signal == (SIGTRAP | 0x80)) {
		at_call(process);
		return 0;
	}
	switch (event) {
	case 0:
		/* With this a traced process begins. */
		return is_new && signal == SIGSTOP ? 0 : signal;
	case PTRACE_EVENT_EXEC:
		process->has_begun = true;
		break;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		/* It is the next in number, whoever is seen first. */
		if (ptrace(PTRACE_GETEVENTMSG, process->pid, NULL, &child) == 0)
			process_of((pid_t)child);
		break;
	}
	return 0;
}

static int status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

static void kill_all(void)
{
	for (int i = 0; i < count; i++)
		if (processes[i].pid)
			kill(processes[i].pid, SIGKILL);
	exit(STATUS_DEADLINE);
}

/* Goes with the processes to the end of the last. Returns the first one's. */
static int follow(void)
{
	static bool has_stopped[PROCESSES_MAX];
	int status, result = STATUS_BROKEN;
	pid_t pid;

	for (;;) {
		pid = waitpid(-1, &status, __WALL);
		if (is_late)
			kill_all();
		if (pid < 0 && errno == ECHILD)
			return result;
		if (pid < 0)
			continue;
		struct process *process = process_of(pid);
		const ptrdiff_t number = process - processes;

		if (!WIFSTOPPED(status)) {
			if (number == 0)
				result = status_of(status);
			process->pid = 0;
			continue;
		}
		int signal = handle_stop(process, !has_stopped[number], status);
		has_stopped[number] = true;
		ptrace(is_watched(process) ? PTRACE_SYSCALL : PTRACE_CONT, pid,
		       NULL, (long)signal);
	}
}

static void start(char **argv)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		err(STATUS_BROKEN, "fork");
	if (pid == 0) {
		fclose(list);
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 ||
		    raise(SIGSTOP) != 0)
			err(STATUS_BROKEN, "cannot be traced");
		execvp(argv[0], argv);
		err(STATUS_BROKEN, "%s", argv[0]);
	}
	process_of(pid);
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, pid, NULL, (long)OPTIONS) < 0)
		err(STATUS_BROKEN, "cannot trace");
	ptrace(is_watched(&processes[0]) ? PTRACE_SYSCALL : PTRACE_CONT, pid,
	       NULL, 0L);
}

static int read_target(const char *text, struct target *ret)
{
	char end;

	ret->process = ANY_PROCESS;
	if (strcmp(text, "list") == 0)
		return 0;
	ret->what = WHAT_KILL;
	if (sscanf(text, "kill:%d:%lu%c", &ret->process, &ret->call, &end) == 2)
		return 0;
	ret->what = WHAT_FAIL;
	return sscanf(text, "fail:%d:%lu:%d%c", &ret->process, &ret->call,
		      &ret->error, &end) == 3
		       ? 0
		       : -1;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_alarm };

	if (argc < 4 || read_target(argv[2], &target) < 0)
		errx(STATUS_BROKEN, "usage: inject FILE WHAT COMMAND...");
	list = fopen(argv[1], "we");
	if (!list)
		err(STATUS_BROKEN, "%s", argv[1]);
	sigaction(SIGALRM, &action, NULL);
	alarm(DEADLINE_SECONDS);
	start(argv + 3);
	int status = follow();
	if (fclose(list) != 0)
		err(STATUS_BROKEN, "%s", argv[1]);
	return status;
}
