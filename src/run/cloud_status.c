/* SPDX-License-Identifier: Apache-2.0 */
#include "run/cloud_status.h"

#include "base/quote.h"
#include "base/strbuf.h"

/* The line after `at`; NULL after the last. */
static const char *next_line(const char *at)
{
	const char *end = strchr(at, '\n');

	return end && end[1] ? end + 1 : NULL;
}

/* The value behind "KEY:" at the begin of a line, blanks skipped, or NULL. The
 * dots of --wait stand before the first line, but end with a line of their
 * own. */
static const char *value_of(const char *text, const char *key)
{
	size_t len = strlen(key);

	for (const char *line = text; line; line = next_line(line))
		if (strncmp(line, key, len) == 0 && line[len] == ':')
			return line + len + 1 + strspn(line + len + 1, " ");
	return NULL;
}

static bool is_word(const char *value, const char *word)
{
	size_t len = strlen(word);

	return value && strncmp(value, word, len) == 0 &&
	       (value[len] == '\0' || strchr("\r\n ", value[len]));
}

static enum cloud_state state_of(const char *text)
{
	const char *status = value_of(text, "status");
	const char *extended = value_of(text, "extended_status");

	if (is_word(status, "error"))
		return CLOUD_ERROR;
	if (is_word(status, "disabled"))
		return CLOUD_DISABLED;
	if (!is_word(status, "done"))
		return CLOUD_UNKNOWN;
	return is_word(extended, "degraded") ? CLOUD_DEGRADED : CLOUD_DONE;
}

static void add_line(struct strbuf *sb, const char *line)
{
	size_t len;

	line += strspn(line, " \t-");
	len = strcspn(line, "\r\n");
	if (len > 0 && *line != '[' && *line != '{')
		strbuf_addf(sb, "%s%.*s", sb->len ? "; " : "", (int)len, line);
}

/* Recoverable errors have their level before them, as "WARNING:". */
static bool is_level(const char *line)
{
	return *line >= 'A' && *line <= 'Z';
}

/* A key's value, and the lines after it that are indented, or, as 22.4 has it,
 * whatever follows. */
static void add_block(struct strbuf *sb, const char *text, const char *key,
		      bool takes_all)
{
	const char *value = value_of(text, key);

	if (!value)
		return;
	add_line(sb, value);
	for (const char *line = next_line(value); line;
	     line = next_line(line)) {
		if (!takes_all && !is_level(line) && !strchr(" \t-", *line))
			break;
		if (takes_all || !is_level(line))
			add_line(sb, line);
	}
}

enum cloud_state cloud_status_read(const char *text, char **ret_errors)
{
	enum cloud_state state = state_of(text);
	struct strbuf sb = STRBUF_INIT;

	if (state == CLOUD_ERROR || state == CLOUD_DEGRADED) {
		bool is_new = value_of(text, "errors");

		add_block(&sb, text, "errors", false);
		add_block(&sb, text, "recoverable_errors", false);
		if (!is_new)
			add_block(&sb, text, "detail", true);
	}
	*ret_errors = strbuf_detach(&sb);
	quote_plain(*ret_errors);
	return state;
}
