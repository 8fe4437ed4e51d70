/* SPDX-License-Identifier: Apache-2.0 */
#include "host/port_holder.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

/* The state of a socket that waits for connections (net/tcp_states.h). */
#define LISTENS 0x0a
/* What stands before the IPv4 address in one of IPv6 that stands for it. */
#define MAPPED "0000000000000000FFFF0000"
#define ANY_IPV6 "00000000000000000000000000000000"

/* A line of /proc/net/tcp and its like, as far as it is needed. */
struct socket_line {
	char address[33]; /* in hexadecimal, as the kernel has it in memory */
	unsigned int port;
	unsigned int state;
	unsigned int uid;
	uint64_t inode;
};

static bool read_line(const char *line, struct socket_line *ret)
{
	return sscanf(line,
		      "%*u: %32[0-9A-F]:%x %*[0-9A-F]:%*x %x %*x:%*x %*x:%*x "
		      "%*x %u %*u %" SCNu64,
		      ret->address, &ret->port, &ret->state, &ret->uid,
		      &ret->inode) == 5;
}

/* Whether a socket with this address has the port to itself on `fwd`'s. */
static bool is_in_the_way(const char *address, const struct fwd_spec *fwd)
{
	char own[9];

	if (str_eq(address, ANY_IPV6))
		return true;
	if (str_starts(address, MAPPED))
		address += strlen(MAPPED);
	snprintf(own, sizeof(own), "%08X", inet_addr(fwd->address));
	return str_eq(address, own) || str_eq(address, "00000000") ||
	       (str_eq(own, "00000000") && strlen(address) == strlen(own));
}

/* One that listens comes before one that is connected. */
static bool find_socket(const char *table, const struct fwd_spec *fwd,
			struct socket_line *ret)
{
	FILE *file = fopen(table, "re");
	struct socket_line line;
	bool is_found = false;
	char text[512];

	if (!file)
		return false;
	while (fgets(text, sizeof(text), file)) {
		if (!read_line(text, &line) || line.port != fwd->host_port ||
		    line.inode == 0 || !is_in_the_way(line.address, fwd))
			continue;
		if (!is_found || line.state == LISTENS)
			*ret = line;
		is_found = true;
	}
	fclose(file);
	return is_found;
}

/* Whether a descriptor of the process is the socket. */
static bool has_socket(const char *pid, uint64_t inode)
{
	cleanup_free char *path = xasprintf("/proc/%s/fd", pid);
	cleanup_free char *wanted = xasprintf("socket:[%" PRIu64 "]", inode);
	DIR *dir = opendir(path);
	bool is_found = false;

	if (!dir)
		return false;
	for (struct dirent *entry; !is_found && (entry = readdir(dir));) {
		char target[64];
		ssize_t len = readlinkat(dirfd(dir), entry->d_name, target,
					 sizeof(target) - 1);

		target[len > 0 ? len : 0] = '\0';
		is_found = str_eq(target, wanted);
	}
	closedir(dir);
	return is_found;
}

static char *describe_process(const char *pid)
{
	cleanup_free char *path = xasprintf("/proc/%s/comm", pid);
	FILE *file = fopen(path, "re");
	char name[64] = "";

	if (file) {
		if (!fgets(name, sizeof(name), file))
			*name = '\0';
		fclose(file);
	}
	name[strcspn(name, "\n")] = '\0';
	return xasprintf("process %s (%s)", pid, *name ? name : "?");
}

static char *find_process(uint64_t inode)
{
	DIR *dir = opendir("/proc");
	char *found = NULL;

	if (!dir)
		return NULL;
	for (struct dirent *entry; !found && (entry = readdir(dir));) {
		const char *name = entry->d_name;

		if (strspn(name, "0123456789") == strlen(name) &&
		    has_socket(name, inode))
			found = describe_process(name);
	}
	closedir(dir);
	return found;
}

char *port_holder(const struct fwd_spec *fwd)
{
	const char *protocol = fwd->is_udp ? "udp" : "tcp";
	cleanup_free char *table = xasprintf("/proc/net/%s", protocol);
	cleanup_free char *table6 = xasprintf("/proc/net/%s6", protocol);
	struct socket_line line;

	if (!find_socket(table, fwd, &line) && !find_socket(table6, fwd, &line))
		return NULL;
	char *process = find_process(line.inode);
	if (process)
		return process;
	return xasprintf("another user's process (uid %u)", line.uid);
}
