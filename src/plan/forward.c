/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/forward.h"

#include <errno.h>
#include <stdio.h>

/* Who else could tell which port the kernel chose? */
static int check_free(const struct plan *plan, const struct fwd_spec *fwd,
		      struct err *err)
{
	if (fwd->host_port != 0 || (!plan->is_daemonized && !plan->is_exec))
		return 0;
	return err_set(err, -EINVAL,
		       "a free port of %s can be told only while xkvm "
		       "supervises the guest: not with %s; name the port",
		       fwd->address, plan->is_exec ? "--exec" : "-daemonize");
}

static int check_port(const struct fwd_spec *fwd, const struct facts *facts,
		      struct err *err)
{
	const struct port_facts *port = facts_port(facts, fwd);

	if (!port || port->error == 0)
		return 0;
	switch (port->error) {
	case EADDRINUSE:
		return err_set(err, -EADDRINUSE,
			       "port %u of %s is in use by %s; another one may "
			       "be free, and fwd=:%u takes one that is",
			       fwd->host_port, fwd->address,
			       port->holder ? port->holder : "somebody",
			       fwd->guest_port);
	case EACCES:
		return err_set(err, -EACCES,
			       "port %u of this host needs a privilege; those "
			       "from 1024 on do not, unless "
			       "net.ipv4.ip_unprivileged_port_start says so",
			       fwd->host_port);
	case EADDRNOTAVAIL:
		return err_set(err, -EADDRNOTAVAIL,
			       "no interface of this host has the address %s; "
			       "'ip address' shows those there are, 0.0.0.0 "
			       "is all of them",
			       fwd->address);
	default:
		return err_set_errno(err, -port->error,
				     "port %u of %s cannot be had",
				     fwd->host_port, fwd->address);
	}
}

void forward_add(struct plan *plan, struct strbuf *netdev, const char *id,
		 const struct fwd_spec *fwd)
{
	plan->forwards = xreallocarray(plan->forwards, plan->forward_count + 1,
				       sizeof(*plan->forwards));
	struct plan_forward *forward = &plan->forwards[plan->forward_count++];
	*forward = (struct plan_forward){ .fwd = *fwd };
	snprintf(forward->netdev, sizeof(forward->netdev), "%s", id);
	if (!fwd->is_hostfwd)
		strbuf_addf(netdev, ",hostfwd=%s:%s:%u-:%u",
			    fwd->is_udp ? "udp" : "tcp", fwd->address,
			    fwd->host_port, fwd->guest_port);
}

int forward_add_all(struct plan *plan, struct strbuf *netdev,
		    const struct nic_spec *nic, const char *id,
		    const struct facts *facts, struct err *err)
{
	for (size_t i = 0; i < nic->forward_count; i++) {
		const struct fwd_spec *fwd = &nic->forwards[i];
		int r = 0;

		if (!fwd->is_hostfwd)
			r = check_free(plan, fwd, err);
		if (r == 0)
			r = check_port(fwd, facts, err);
		if (r < 0)
			return r;
		forward_add(plan, netdev, id, fwd);
	}
	return 0;
}
