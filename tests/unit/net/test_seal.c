/* SPDX-License-Identifier: Apache-2.0 */
/* Each attempt is made by a process of its own, after it has sealed itself. */
#include "seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <jansson.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* What the process exits with. */
#define RETURNED 0
#define NOT_SEALED 99

static void *page;

static void open_file(void)
{
	open("/dev/null", O_RDONLY);
}

static void open_file_again(void)
{
	syscall(SYS_openat2, AT_FDCWD, "/dev/null", NULL, 0);
}

static void remove_file(void)
{
	unlink("/nowhere/at/all");
}

static void look_at_file(void)
{
	(void)access("/", F_OK);
}

static void read_something(void)
{
	char byte;

	if (read(-1, &byte, 1) == 1)
		_exit(1);
}

static void execute(void)
{
	char *argv[] = { NULL };

	execve("/bin/true", argv, argv);
}

static void fork_once(void)
{
	if (fork() == 0)
		_exit(RETURNED);
}

static void make_thread(void)
{
	syscall(SYS_clone, CLONE_FILES, 0, NULL, NULL, 0);
}

static void trace(void)
{
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static void signal_parent(void)
{
	kill(getppid(), 0);
}

static void make_inet_socket(void)
{
	socket(AF_INET, SOCK_STREAM, 0);
}

static void make_netlink_socket(void)
{
	socket(AF_NETLINK, SOCK_RAW, 0);
}

static void make_packet_socket(void)
{
	socket(AF_PACKET, SOCK_RAW, 0);
}

static void listen_somewhere(void)
{
	listen(-1, 1);
}

static void become_root(void)
{
	if (setuid(0) < 0)
		_exit(1);
}

static void leave_namespace(void)
{
	unshare(CLONE_NEWUSER);
}

static void mount_something(void)
{
	mount("none", "/", "tmpfs", 0, NULL);
}

static void change_process(void)
{
	prctl(PR_SET_DUMPABLE, 1);
}

static void map_code(void)
{
	(void)mmap(NULL, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		   -1, 0);
}

static void turn_into_code(void)
{
	mprotect(page, 1, PROT_READ | PROT_EXEC);
}

static const struct {
	const char *name;
	void (*attempt)(void);
} forbidden[] = {
	{ "open", open_file },
	{ "openat2", open_file_again },
	{ "unlink", remove_file },
	{ "access", look_at_file },
	{ "read", read_something },
	{ "execve", execute },
	{ "fork", fork_once },
	{ "clone", make_thread },
	{ "ptrace", trace },
	{ "kill", signal_parent },
	{ "socket(AF_INET)", make_inet_socket },
	{ "socket(AF_NETLINK)", make_netlink_socket },
	{ "socket(AF_PACKET)", make_packet_socket },
	{ "listen", listen_somewhere },
	{ "setuid", become_root },
	{ "unshare", leave_namespace },
	{ "mount", mount_something },
	{ "prctl", change_process },
	{ "mmap(PROT_EXEC)", map_code },
	{ "mprotect(PROT_EXEC)", turn_into_code },
};

/* The wait status of a process that seals itself and makes the attempt. */
static int after_seal(void (*attempt)(void))
{
	struct fail fail;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
		if (seal_process(&fail) < 0)
			_exit(NOT_SEALED);
		attempt();
		_exit(RETURNED);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void test_forbidden(void **state)
{
	(void)state;
	page = mmap(NULL, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(page, MAP_FAILED);
	for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++) {
		int status = after_seal(forbidden[i].attempt);

		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
			fail_msg("%s: wait status 0x%x", forbidden[i].name,
				 status);
	}
	munmap(page, 1);
}

static void allocate(void)
{
	static const size_t sizes[] = { 1, 100, 100000, 10000000 };
	char *memory = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		memory = realloc(memory, sizes[i]);
		if (!memory)
			_exit(1);
		memset(memory, 1, sizes[i]);
	}
	free(memory);
}

static void parse_json(void)
{
	json_t *json = json_loads("{\"a\": [1, 2]}", 0, NULL);

	if (!json)
		_exit(1);
	json_decref(json);
}

static void tell_time(void)
{
	struct timespec ts;
	struct tm tm;
	time_t now;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	now = time(NULL);
	if (!localtime_r(&now, &tm))
		_exit(1);
}

/* What the guardian says when it gives up; to nobody, if nobody listens. */
static void log_something(void)
{
	syslog(LOG_USER | LOG_DEBUG, "a test of xkvm");
}

static void connect_somewhere(void)
{
	const struct sockaddr_un address = { .sun_family = AF_UNIX,
					     .sun_path = "/nowhere/at/all" };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 ||
	    connect(fd, (const void *)&address, sizeof(address)) == 0 ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		_exit(1);
	close(fd);
}

/* What it does where xkvm-net has gone before the report. */
static void shut_something(void)
{
	shutdown(-1, SHUT_RDWR);
}

static void wait_a_moment(void)
{
	poll(NULL, 0, 1);
}

static const struct {
	const char *name;
	void (*attempt)(void);
} allowed[] = {
	{ "memory", allocate },
	{ "JSON", parse_json },
	{ "time", tell_time },
	{ "syslog", log_something },
	{ "connect", connect_somewhere },
	{ "shutdown", shut_something },
	{ "poll", wait_a_moment },
};

/* A sanitizer makes calls of its own, which the seal does not allow. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED true
#elif defined(__has_feature)
#define IS_SANITIZED __has_feature(address_sanitizer)
#else
#define IS_SANITIZED false
#endif

static void test_allowed(void **state)
{
	(void)state;
	if (IS_SANITIZED)
		skip();
	for (size_t i = 0; i < ARRAY_SIZE(allowed); i++) {
		int status = after_seal(allowed[i].attempt);

		if (!WIFEXITED(status) || WEXITSTATUS(status) != RETURNED)
			fail_msg("%s: wait status 0x%x", allowed[i].name,
				 status);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forbidden),
		cmocka_unit_test(test_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
