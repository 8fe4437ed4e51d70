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

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* xk and ten hex digits: the names that xkvm-net makes up. */
static bool is_made_up(const char *name)
{
	return str_starts(name, "xk") && strlen(name) == 12 &&
	       strspn(name + 2, "0123456789abcdef") == 10;
}

/* What may be a name is net/tap_name.h's to say. */
static int set_tap(struct port_spec *port, const char *value, struct err *err)
{
	size_t len = strlen(value);

	for (const char *c = value; *c; c++)
		if (!is_letter(*c) && !strchr("0123456789._-", *c))
			len = 0;
	if (len == 0 || len > TAP_NAME_MAX || !is_letter(*value))
		return err_set(
			err, -EINVAL,
			"tap=%s: give a name of 1 to %d letters, digits, "
			"'.', '_' and '-' that begins with a letter",
			value, TAP_NAME_MAX);
	if (str_eq(value, "all") || str_eq(value, "default") ||
	    is_made_up(value))
		return err_set(err, -EINVAL,
			       "tap=%s: that name is %s; give another", value,
			       *value == 'x' ? "one of those that xkvm-net "
					       "makes up"
					     : "no interface's");
	str_replace(&port->tap, value);
	return 0;
}

static const struct {
	const char *name;
	set_fn *set;
	bool is_switch; /* its value may be left out: on */
} KEYS[] = {
	{ "vlan", set_vlan },
	{ "trunks", set_trunks },
	{ "mtu", set_mtu },
	{ "iface-id", set_iface_id },
	{ "isolated", set_isolated, .is_switch = true },
	{ "learning", set_learning, .is_switch = true },
	{ "tap", set_tap },
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
	for (size_t i = 0; i < ARRAY_SIZE(KEYS); i++) {
		if (!str_eq(KEYS[i].name, word->key))
			continue;
		if (!word->value && !KEYS[i].is_switch)
			return err_set(err, -EINVAL, "'%s' needs a value",
				       word->key);
		return KEYS[i].set(port, word->value ? word->value : "on", err);
	}
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
	to->tap = from->tap ? xstrdup(from->tap) : NULL;
}

void port_spec_done(struct port_spec *port)
{
	free(port->trunks);
	free(port->iface_id);
	free(port->tap);
	*port = (struct port_spec){ 0 };
}
