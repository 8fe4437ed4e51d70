/* SPDX-License-Identifier: Apache-2.0 */
/* What it takes at the least to have ports on a bridge of Open vSwitch: one
 * transaction, and the switch's word that it has come to it. */
#include "taps.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define TEXT_SIZE 65536

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		err(1, "%s", path);
	return fd;
}

/* One request, one answer: both are well below what a socket takes at once. The
 * end of a JSON text is where its braces are closed. */
static void ask(int fd, const char *request, char answer[TEXT_SIZE])
{
	size_t len = 0;
	int depth = 0;

	if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0)
		err(1, "Open vSwitch");
	do {
		ssize_t got = recv(fd, answer + len, TEXT_SIZE - 1 - len, 0);

		if (got <= 0)
			err(1, "Open vSwitch");
		for (ssize_t i = 0; i < got; i++)
			depth += (answer[len + (size_t)i] == '{') -
				 (answer[len + (size_t)i] == '}');
		len += (size_t)got;
	} while (depth > 0);
	answer[len] = '\0';
}

static long number_after(const char *text, const char *mark)
{
	const char *found = strstr(text, mark);

	if (!found)
		errx(1, "Open vSwitch says %s", text);
	return strtol(found + strlen(mark), NULL, 10);
}

static char *port_texts(char *to, char names[][16], unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		to += sprintf(
			to,
			",{\"op\":\"insert\",\"table\":\"Interface\","
			"\"uuid-name\":\"i%u\",\"row\":{\"name\":\"%s\"}},"
			"{\"op\":\"insert\",\"table\":\"Port\","
			"\"uuid-name\":\"p%u\",\"row\":{\"name\":\"%s\","
			"\"interfaces\":[\"named-uuid\",\"i%u\"]}}",
			i, names[i], i, names[i], i);
	return to;
}

static char *bridge_text(char *to, const char *bridge, unsigned int count)
{
	to += sprintf(to,
		      ",{\"op\":\"mutate\",\"table\":\"Bridge\",\"where\":"
		      "[[\"name\",\"==\",\"%s\"]],\"mutations\":[[\"ports\","
		      "\"insert\",[\"set\",[",
		      bridge);
	for (unsigned int i = 0; i < count; i++)
		to += sprintf(to, "%s[\"named-uuid\",\"p%u\"]", i ? "," : "",
			      i);
	return to + sprintf(to, "]]]]}");
}

void ovs_port_add(const struct bridge *bridge, char names[][16],
		  unsigned int count)
{
	static char request[TEXT_SIZE], answer[TEXT_SIZE];
	static const char number[] =
		"{\"op\":\"select\",\"table\":\"Open_vSwitch\",\"where\":[],"
		"\"columns\":[\"%s\"]}]}";
	int fd = connect_to(bridge->ovsdb);
	char *to = request;
	long wanted;

	to += sprintf(to, "{\"method\":\"transact\",\"id\":1,\"params\":"
			  "[\"Open_vSwitch\"");
	to = port_texts(to, names, count);
	to = bridge_text(to, bridge->name, count);
	to += sprintf(to, ",{\"op\":\"mutate\",\"table\":\"Open_vSwitch\","
			  "\"where\":[],\"mutations\":[[\"next_cfg\",\"+=\","
			  "1]]},");
	sprintf(to, number, "next_cfg");
	ask(fd, request, answer);
	if (strstr(answer, "\"details\""))
		errx(1, "Open vSwitch says %s", answer);
	wanted = number_after(answer, "\"next_cfg\":");
	/* The database answers when it is so: to ask again and again would keep
	 * the switch from it. */
	sprintf(request,
		"{\"method\":\"transact\",\"id\":2,\"params\":[\"Open_vSwitch\","
		"{\"op\":\"wait\",\"timeout\":10000,\"table\":\"Open_vSwitch\","
		"\"where\":[],\"columns\":[\"cur_cfg\"],\"until\":\"==\","
		"\"rows\":[{\"cur_cfg\":%ld}]}]}",
		wanted);
	ask(fd, request, answer);
	if (strstr(answer, "\"details\""))
		errx(1, "Open vSwitch says %s", answer);
	close(fd);
}
