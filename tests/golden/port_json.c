/* SPDX-License-Identifier: Apache-2.0 */
#include "port_json.h"

#include "base/json.h"
#include "json_member.h"

static int answer_port(const json_t *ports, const struct fwd_spec *fwd,
		       struct port_facts *port, struct err *err)
{
	static const char *const keys[] = { "error", "holder" };
	cleanup_free char *name = xasprintf("%s:%s:%u",
					    fwd->is_udp ? "udp" : "tcp",
					    fwd->address, fwd->host_port);
	const json_t *json = json_object_get(ports, name);
	const char *holder = json_member_text(json, "holder");
	int r = json_member_check(json, keys, ARRAY_SIZE(keys), err);

	*port = (struct port_facts){
		.address = xstrdup(fwd->address),
		.port = fwd->host_port,
		.is_udp = fwd->is_udp,
		.holder = holder ? xstrdup(holder) : NULL,
	};
	return r < 0 ? r : json_member_errno(json, "error", &port->error, err);
}

int port_json_answer(const json_t *ports, const struct questions *q,
		     struct facts *facts, struct err *err)
{
	int r = 0;

	facts->ports = xcalloc(q->port_count, sizeof(*facts->ports));
	for (size_t i = 0; r == 0 && i < q->port_count; i++)
		r = answer_port(ports, q->ports[i],
				&facts->ports[facts->port_count++], err);
	return r;
}
