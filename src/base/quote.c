/* SPDX-License-Identifier: Apache-2.0 */
#include "base/quote.h"

/* Bytes no shell gives a meaning to, anywhere in a word. '=' and '~' have one
 * at the start of a word only; they are handled below. */
static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789_@%+=:,./-";

static bool is_plain(const char *s)
{
	return *s && strspn(s, PLAIN) == strlen(s) && *s != '=';
}

static void add_quoted(struct strbuf *out, const char *s)
{
	strbuf_addch(out, '\'');
	for (; *s; s++) {
		if (*s == '\'')
			strbuf_addstr(out, "'\\''");
		else
			strbuf_addch(out, *s);
	}
	strbuf_addch(out, '\'');
}

void quote_shell(struct strbuf *out, const char *s)
{
	if (is_plain(s))
		strbuf_addstr(out, s);
	else
		add_quoted(out, s);
}

void quote_shell_argv(struct strbuf *out, char *const *argv)
{
	if (!argv[0])
		return;
	/* NAME=VALUE in the first place would be an assignment. */
	if (strchr(argv[0], '='))
		add_quoted(out, argv[0]);
	else
		quote_shell(out, argv[0]);
	for (size_t i = 1; argv[i]; i++) {
		strbuf_addch(out, ' ');
		quote_shell(out, argv[i]);
	}
}

void quote_plain(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
}
