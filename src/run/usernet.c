/* SPDX-License-Identifier: Apache-2.0 */
#include "run/usernet.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#define PORT_MAX 65535

/* "Hub -1 (net00):", or whatever stands before the id. */
static void read_netdev(const char *line, char ret[32])
{
	const char *open = strrchr(line, '(');

	if (!open || sscanf(open, "(%31[^)])", ret) != 1)
		ret[0] = '\0';
}

static bool read_connection(const char *line, struct usernet_line *ret)
{
	char protocol[4];

	if (sscanf(line, " %3[A-Z][%23[^]]] %*d %15s %5u %*15s %5u", protocol,
		   ret->state, ret->source, &ret->source_port,
		   &ret->target_port) != 5)
		return false;
	ret->is_udp = str_eq(protocol, "UDP");
	return (ret->is_udp || str_eq(protocol, "TCP")) &&
	       ret->source_port <= PORT_MAX && ret->target_port <= PORT_MAX;
}

bool usernet_next(struct usernet_text *text, struct usernet_line *ret)
{
	while (*text->rest) {
		char line[160];
		size_t len = strcspn(text->rest, "\n");
		struct usernet_line found = { 0 };

		snprintf(line, sizeof(line), "%.*s",
			 (int)(len < sizeof(line) ? len : sizeof(line) - 1),
			 text->rest);
		text->rest += len + (text->rest[len] == '\n');
		if (*line != ' ') {
			read_netdev(line, text->netdev);
		} else if (read_connection(line, &found)) {
			snprintf(found.netdev, sizeof(found.netdev), "%s",
				 text->netdev);
			*ret = found;
			return true;
		}
	}
	return false;
}
