/* SPDX-License-Identifier: Apache-2.0 */
#include "host/port_facts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "host/port_holder.h"

/*
 * libslirp sets SO_REUSEADDR, and for TCP so does this: else a port would count
 * as taken for the minute after its last connection. For UDP that would let two
 * sockets have one port, and only one of them would hear anything.
 */
static int try_bind(const struct fwd_spec *fwd)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)fwd->host_port),
		.sin_addr.s_addr = inet_addr(fwd->address),
	};
	int type = fwd->is_udp ? SOCK_DGRAM : SOCK_STREAM, on = 1;
	cleanup_close int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return errno;
	if (!fwd->is_udp)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return errno;
	return 0;
}

void host_look_at_port(const struct fwd_spec *fwd, struct port_facts *ret)
{
	*ret = (struct port_facts){
		.address = xstrdup(fwd->address),
		.port = fwd->host_port,
		.is_udp = fwd->is_udp,
		.error = try_bind(fwd),
	};
	if (ret->error == EADDRINUSE)
		ret->holder = port_holder(fwd);
}
