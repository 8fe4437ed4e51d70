/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/fwd_spec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

#define PORT_MAX 65535
#define ANY_ADDRESS "0.0.0.0"
#define OWN_ADDRESS "127.0.0.1"

/* A decimal number of at most `max`, which ends at *end. */
static bool read_number(const char *s, long max, unsigned int *ret,
			const char **end)
{
	char *stop;

	if (*s < '0' || *s > '9')
		return false;
	long number = strtol(s, &stop, 10);
	if (number > max)
		return false;
	*ret = (unsigned int)number;
	*end = stop;
	return true;
}

/* A port, 0 included, that is all of the text. */
static bool read_port(const char *s, unsigned int *ret)
{
	const char *end;

	return read_number(s, PORT_MAX, ret, &end) && *end == '\0';
}

/* Four octets that are all of the text. */
static bool read_address(const char *s, char ret[FWD_ADDRESS_SIZE])
{
	unsigned int octets[4] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(octets); i++) {
		if (!read_number(s, 255, &octets[i], &s) ||
		    *s != (i == 3 ? '\0' : '.'))
			return false;
		s++;
	}
	snprintf(ret, FWD_ADDRESS_SIZE, "%u.%u.%u.%u", octets[0], octets[1],
		 octets[2], octets[3]);
	return true;
}

static void set_address(struct fwd_spec *fwd, const char *address)
{
	snprintf(fwd->address, sizeof(fwd->address), "%s", address);
}

/* Cuts the protocol off. */
static int take_protocol(struct fwd_spec *fwd, char *text, struct err *err)
{
	char *slash = strchr(text, '/');

	if (!slash)
		return 0;
	fwd->is_udp = str_eq(slash, "/udp");
	if (!fwd->is_udp && !str_eq(slash, "/tcp"))
		return err_set(err, -EINVAL,
			       "'%s' is no protocol; use /tcp or /udp", slash);
	*slash = '\0';
	return 0;
}

static int take_address(struct fwd_spec *fwd, const char *text, struct err *err)
{
	if (*text == '[' || strchr(text, ':'))
		return err_set(err, -EINVAL,
			       "'%s' is no IPv4 address; QEMU forwards no "
			       "others",
			       text);
	if (*text == '\0' || read_address(text, fwd->address))
		return 0;
	return err_set(err, -EINVAL,
		       "'%s' is no address of this host; give one such as "
		       "127.0.0.1, or 0.0.0.0 for all",
		       text);
}

static int take_port(const char *what, const char *text, unsigned int *ret,
		     struct err *err)
{
	if (read_port(text, ret) && *ret != 0)
		return 0;
	return err_set(err, -EINVAL, "'%s' is no port of %s, from 1 to %d",
		       text, what, PORT_MAX);
}

static int take_all(struct fwd_spec *fwd, char *text, struct err *err)
{
	int r = take_protocol(fwd, text, err);
	if (r < 0)
		return r;
	char *guest = strrchr(text, ':');
	if (!guest)
		return err_set(err, -EINVAL,
			       "two ports are needed, the host's and the "
			       "guest's, as in 2222:22; :%s takes a free one "
			       "of the host",
			       text);
	*guest++ = '\0';
	r = take_port("the guest", guest, &fwd->guest_port, err);
	if (r < 0)
		return r;
	char *host = strrchr(text, ':');
	if (host) {
		*host++ = '\0';
		r = take_address(fwd, text, err);
	} else {
		host = text;
	}
	if (r == 0 && *host != '\0')
		r = take_port("this host", host, &fwd->host_port, err);
	return r;
}

int fwd_spec_parse(const char *value, struct fwd_spec *ret, struct err *err)
{
	cleanup_free char *text = xstrdup(value);
	struct fwd_spec fwd = { .address = OWN_ADDRESS };
	int r = take_all(&fwd, text, err);

	if (r < 0)
		return err_prefix(err, "fwd=%s", value);
	*ret = fwd;
	return 0;
}

/* Cuts the text at the character, and returns what follows it, or NULL. */
static char *cut(char *text, char at)
{
	char *end = strchr(text, at);

	if (!end)
		return NULL;
	*end = '\0';
	return end + 1;
}

bool fwd_spec_read_hostfwd(const char *value, struct fwd_spec *ret)
{
	cleanup_free char *text = xstrdup(value);
	struct fwd_spec fwd = { .is_hostfwd = true };
	char *address = cut(text, ':');
	char *host = address ? cut(address, ':') : NULL;
	char *guest = host ? cut(host, '-') : NULL;
	char *port = guest ? cut(guest, ':') : NULL;

	fwd.is_udp = str_eq(text, "udp");
	if (!port || (!fwd.is_udp && *text != '\0' && !str_eq(text, "tcp")))
		return false;
	if (*address == '\0')
		set_address(&fwd, ANY_ADDRESS);
	else if (!read_address(address, fwd.address))
		return false;
	if (!read_port(host, &fwd.host_port) ||
	    !read_port(port, &fwd.guest_port) || fwd.guest_port == 0)
		return false;
	*ret = fwd;
	return true;
}

bool fwd_spec_clash(const struct fwd_spec *a, const struct fwd_spec *b)
{
	if (a->is_udp != b->is_udp || a->host_port != b->host_port ||
	    a->host_port == 0 || (a->is_hostfwd && b->is_hostfwd))
		return false;
	return str_eq(a->address, b->address) ||
	       str_eq(a->address, ANY_ADDRESS) ||
	       str_eq(b->address, ANY_ADDRESS);
}
