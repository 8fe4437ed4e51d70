/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/port_spec.h"

#include <errno.h>
#include <stdlib.h>

typedef int set_fn(struct port_spec *port, const char *value, struct err *err);

/* A decimal number that ends where `end` points to. */
static bool read_number(const char *s, unsigned int min, unsigned int max,
			unsigned int *ret, const char **end)
{
	char *stop;
	long number = *s >= '0' && *s <= '9' ? strtol(s, &stop, 10) : -1;

	if (number < (long)min || number > (long)max)
		return false;
	*ret = (unsigned int)number;
	*end = stop;
	return true;
}

static bool is_number(const char *s, unsigned int min, unsigned int max,
		      unsigned int *ret)
{
	const char *end;

	return read_number(s, min, max, ret, &end) && *end == '\0';
}

static int set_vlan(struct port_spec *port, const char *value, struct err *err)
{
	if (is_number(value, VLAN_MIN, VLAN_MAX, &port->vlan))
		return 0;
	return err_set(err, -EINVAL, "vlan=%s: give a number from %d to %d",
		       value, VLAN_MIN, VLAN_MAX);
}

/* "A" or "A-B", and what follows. */
static const char *read_range(const char *s)
{
	unsigned int first, last;
	const char *end;

	if (!read_number(s, VLAN_MIN, VLAN_MAX, &first, &end))
		return NULL;
	if (*end != '-')
		return end;
	if (!read_number(end + 1, VLAN_MIN, VLAN_MAX, &last, &end) ||
	    last < first)
		return NULL;
	return end;
}

static int set_trunks(struct port_spec *port, const char *value,
		      struct err *err)
{
	const char *p = read_range(value);

	while (p && *p == ':')
		p = read_range(p + 1);
	if (!p || *p != '\0')
		return err_set(err, -EINVAL,
			       "trunks=%s: give VLANs from %d to %d and ranges "
			       "of them, as in 10-19:30",
			       value, VLAN_MIN, VLAN_MAX);
	str_replace(&port->trunks, value);
	return 0;
}

static int set_mtu(struct port_spec *port, const char *value, struct err *err)
{
	if (is_number(value, PORT_MTU_MIN, PORT_MTU_MAX, &port->mtu))
		return 0;
	return err_set(err, -EINVAL, "mtu=%s: give a number from %d to %d",
		       value, PORT_MTU_MIN, PORT_MTU_MAX);
}

static int set_iface_id(struct port_spec *port, const char *value,
			struct err *err)
{
	size_t len = strlen(value);

	for (const char *c = value; *c; c++)
		if ((unsigned char)*c <= 0x20 || *c == 0x7f)
			len = 0;
	if (len == 0 || len > IFACE_ID_MAX)
		return err_set(err, -EINVAL,
			       "iface-id= needs a name of 1 to %d bytes, "
			       "without white space",
			       IFACE_ID_MAX);
	str_replace(&port->iface_id, value);
	return 0;
}

static int read_switch(const char *key, const char *value, bool *ret,
		       struct err *err)
{
	*ret = str_eq(value, "on");
	if (*ret || str_eq(value, "off"))
		return 0;
	return err_set(err, -EINVAL, "%s=%s: use on or off", key, value);
}

static int set_isolated(struct port_spec *port, const char *value,
			struct err *err)
{
	return read_switch("isolated", value, &port->is_isolated, err);
}

static int set_learning(struct port_spec *port, const char *value,
			struct err *err)
{
	bool is_learning = true;
	int r = read_switch("learning", value, &is_learning, err);

	port->is_not_learning = !is_learning;
	return r;
}

static const struct {
	const char *name;
	set_fn *set;
} KEYS[] = {
	{ "vlan", set_vlan },	      { "trunks", set_trunks },
	{ "mtu", set_mtu },	      { "iface-id", set_iface_id },
	{ "isolated", set_isolated }, { "learning", set_learning },
};

bool port_spec_takes(const struct word *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(KEYS); i++)
		if (str_eq(KEYS[i].name, word->key))
			return true;
	return false;
}

int port_spec_set(struct port_spec *port, const struct word *word,
		  struct err *err)
{
	const char *value = word->value ? word->value : "on";

	for (size_t i = 0; i < ARRAY_SIZE(KEYS); i++)
		if (str_eq(KEYS[i].name, word->key))
			return KEYS[i].set(port, value, err);
	return err_set(err, -EINVAL, "'%s' is not about a port", word->key);
}

int port_spec_check(const struct port_spec *port, struct err *err)
{
	bool is_of_linux = port->is_isolated || port->is_not_learning;

	if (port->iface_id && (port->type == BRIDGE_LINUX || is_of_linux))
		return err_set(err, -EINVAL,
			       "iface-id= is for Open vSwitch bridges; "
			       "isolated= and learning= are for Linux bridges");
	if (is_of_linux && port->type == BRIDGE_OVS)
		return err_set(err, -EINVAL,
			       "isolated= and learning= are for Linux bridges");
	return 0;
}

void port_spec_copy(struct port_spec *to, const struct port_spec *from)
{
	*to = *from;
	to->trunks = from->trunks ? xstrdup(from->trunks) : NULL;
	to->iface_id = from->iface_id ? xstrdup(from->iface_id) : NULL;
}

void port_spec_done(struct port_spec *port)
{
	free(port->trunks);
	free(port->iface_id);
	*port = (struct port_spec){ 0 };
}
