/* SPDX-License-Identifier: Apache-2.0 */
#include "run/ssh_text.h"

#include "base/mem.h"

/* ssh_config(5). A port of 127.0.0.1 is another guest's every time, so its key
 * proves nothing. */
static const char *const OPTIONS[] = {
	"BatchMode=yes",
	"StrictHostKeyChecking=no",
	"UserKnownHostsFile=/dev/null",
	"GlobalKnownHostsFile=/dev/null",
	"LogLevel=ERROR",
	"ConnectTimeout=10",
	"ControlMaster=no",
	"ControlPath=none",
	"ProxyCommand=none",
	"ClearAllForwardings=yes",
	"ForwardAgent=no",
	"ForwardX11=no",
	"PermitLocalCommand=no",
	"RequestTTY=no",
};

void ssh_add_argv(struct strv *argv, const char *host, unsigned int port,
		  const char *user, const char *command)
{
	strv_add(argv, "ssh");
	for (size_t i = 0; i < ARRAY_SIZE(OPTIONS); i++) {
		strv_add(argv, "-o");
		strv_add(argv, OPTIONS[i]);
	}
	strv_add(argv, "-p");
	strv_take(argv, xasprintf("%u", port));
	if (user) {
		strv_add(argv, "-l");
		strv_add(argv, user);
	}
	strv_add(argv, host);
	strv_add(argv, "--");
	strv_add(argv, command);
}

/* useradd(8): a letter or '_', then also digits, '-' and '.'. */
static size_t name_length(const char *s)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	static const char other[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
				    "0123456789-.";

	return *s && strchr(first, *s) ? strspn(s, other) : 0;
}

bool ssh_read_user(const char *text, char ret[SSH_USER_MAX + 1])
{
	/* cloud-init's disable_root_opts, which puts it before root's keys. */
	static const char before[] = "Please login as the user \"";
	const char *at = strstr(text, before);

	if (!at)
		return false;
	at += strlen(before);
	size_t len = name_length(at);
	if (len == 0 || len > SSH_USER_MAX || at[len] != '"')
		return false;
	memcpy(ret, at, len);
	ret[len] = '\0';
	return true;
}
