/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/wait_spec.h"

#include <errno.h>
#include <regex.h>
#include <stdlib.h>

#include "base/mem.h"

#define SSH_PORT 22

static int set_text(struct wait_spec *wait, const char *value, struct err *err)
{
	char why[80];
	regex_t regex;

	if (*value == '\0')
		return err_set(err, -EINVAL,
			       "give a regular expression, such as "
			       "text:login:");
	int r = regcomp(&regex, value, REG_EXTENDED | REG_NOSUB);
	if (r != 0) {
		regerror(r, &regex, why, sizeof(why));
		return err_set(err, -EINVAL,
			       "'%s' is no extended regular expression: %s",
			       value, why);
	}
	regfree(&regex);
	wait->text = xstrdup(value);
	return 0;
}

static int set_port(struct wait_spec *wait, const char *value, struct err *err)
{
	size_t len = strlen(value);
	long port = len > 0 && len <= 5 && strspn(value, "0123456789") == len
			    ? strtol(value, NULL, 10)
			    : 0;

	if (port < 1 || port > 65535)
		return err_set(err, -EINVAL, "'%s' is no port, from 1 to 65535",
			       value);
	wait->port = (unsigned int)port;
	return 0;
}

/* The conditions by name. */
static const struct {
	const char *name;
	enum wait_kind kind;
	bool needs_console;
	/* For what follows the colon; NULL: nothing does. */
	int (*set)(struct wait_spec *wait, const char *value, struct err *err);
} KINDS[] = {
	{ "boot", WAIT_BOOT, true, NULL },
	{ "text", WAIT_TEXT, true, set_text },
	{ "ssh", WAIT_SSH, false, NULL },
	{ "port", WAIT_PORT, false, set_port },
	{ "cloud-init", WAIT_CLOUD_INIT, false, NULL },
	{ "exit", WAIT_EXIT, false, NULL },
};

int wait_spec_parse(const char *arg, struct wait_spec *ret, struct err *err)
{
	size_t len = strcspn(arg, ":");

	for (size_t i = 0; i < ARRAY_SIZE(KINDS); i++) {
		struct wait_spec wait = { .kind = KINDS[i].kind };

		if (strlen(KINDS[i].name) != len ||
		    strncmp(arg, KINDS[i].name, len) != 0 ||
		    (arg[len] == ':') != (KINDS[i].set != NULL))
			continue;
		if (KINDS[i].set) {
			int r = KINDS[i].set(&wait, arg + len + 1, err);
			if (r < 0)
				return r;
		}
		if (wait.kind == WAIT_SSH)
			wait.port = SSH_PORT;
		wait.arg = xstrdup(arg);
		*ret = wait;
		return 0;
	}
	return err_set(err, -EINVAL,
		       "wait for boot, ssh, port:N, cloud-init, "
		       "text:REGEX or exit");
}

struct wait_spec wait_spec_copy(const struct wait_spec *wait)
{
	return (struct wait_spec){
		.kind = wait->kind,
		.arg = xstrdup(wait->arg),
		.port = wait->port,
		.text = wait->text ? xstrdup(wait->text) : NULL,
	};
}

void wait_spec_done(struct wait_spec *wait)
{
	free(wait->arg);
	free(wait->text);
	*wait = (struct wait_spec){ 0 };
}

bool wait_spec_needs_console(const struct wait_spec *wait)
{
	for (size_t i = 0; i < ARRAY_SIZE(KINDS); i++)
		if (KINDS[i].kind == wait->kind)
			return KINDS[i].needs_console;
	return false;
}
