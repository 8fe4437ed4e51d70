/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/console_spec.h"

#include <errno.h>
#include <stdlib.h>

#include "base/words.h"

/* Of struct sockaddr_un, with the zero. */
#define SOCKET_PATH_MAX 107

void console_spec_done(struct console_spec *console)
{
	free(console->path);
	free(console->log);
	*console = (struct console_spec){ 0 };
}

static const struct {
	const char *name;
	enum console_place place;
	bool may_have_path, must_have_path;
} PLACES[] = {
	{ "none", CONSOLE_NONE, false, false },
	{ "stdio", CONSOLE_STDIO, false, false },
	{ "file", CONSOLE_FILE, true, true },
	{ "socket", CONSOLE_SOCKET, true, false },
};

const char *console_place_name(enum console_place place)
{
	for (size_t i = 0; i < ARRAY_SIZE(PLACES); i++)
		if (PLACES[i].place == place)
			return PLACES[i].name;
	return "";
}

static int check_path(enum console_place place, const char *path,
		      struct err *err)
{
	if (*path == '\0')
		return err_set(err, -EINVAL, "the path is empty");
	if (place == CONSOLE_SOCKET && strlen(path) > SOCKET_PATH_MAX)
		return err_set(err, -EINVAL,
			       "the path has %zu bytes; that of a socket can "
			       "have %d",
			       strlen(path), SOCKET_PATH_MAX);
	return 0;
}

int console_spec_set_place(struct console_spec *console, const char *value,
			   struct err *err)
{
	size_t len = strcspn(value, ":");
	const char *path = value[len] ? value + len + 1 : NULL;

	for (size_t i = 0; i < ARRAY_SIZE(PLACES); i++) {
		if (strlen(PLACES[i].name) != len ||
		    strncmp(value, PLACES[i].name, len) != 0 ||
		    (path && !PLACES[i].may_have_path) ||
		    (!path && PLACES[i].must_have_path))
			continue;
		int r = path ? check_path(PLACES[i].place, path, err) : 0;
		if (r < 0)
			return r;
		console->place = PLACES[i].place;
		str_replace(&console->path, path);
		return 0;
	}
	return err_set(err, -EINVAL,
		       "use stdio, file:PATH, socket, socket:PATH or none");
}

static int read_switch(const struct word *word, bool *ret, struct err *err)
{
	if (!str_eq(word->value, "on") && !str_eq(word->value, "off"))
		return err_set(err, -EINVAL, "%s=%s: use on or off", word->key,
			       word->value);
	*ret = str_eq(word->value, "on");
	return 0;
}

static int read_log_word(struct console_spec *log, const struct word *word,
			 bool is_first, struct err *err)
{
	if (!word->value && is_first)
		str_replace(&log->log, word->text);
	else if (word->value && str_eq(word->key, "file"))
		str_replace(&log->log, word->value);
	else if (word->value && str_eq(word->key, "timestamps"))
		return read_switch(word, &log->log_has_times, err);
	else if (word->value && str_eq(word->key, "append"))
		return read_switch(word, &log->log_appends, err);
	else
		return err_set(err, -EINVAL,
			       "unknown word '%s'; there are timestamps=on "
			       "and append=on, and ',,' is a comma of the "
			       "file's name",
			       word->text);
	return 0;
}

int console_spec_set_log(struct console_spec *console, const char *value,
			 struct err *err)
{
	cleanup_words struct words words = { 0 };
	struct console_spec log = { 0 };
	int r = words_parse(value, &words, err);

	for (size_t i = 0; r == 0 && i < words.count; i++)
		r = read_log_word(&log, &words.items[i], i == 0, err);
	if (r == 0 && (!log.log || *log.log == '\0'))
		r = err_set(err, -EINVAL, "give a file");
	if (r < 0) {
		console_spec_done(&log);
		return r;
	}
	free(console->log);
	console->log = log.log;
	console->log_has_times = log.log_has_times;
	console->log_appends = log.log_appends;
	return 0;
}

const char *console_spec_option(const struct console_spec *console)
{
	if (console->place != CONSOLE_UNSAID)
		return "--console";
	return console->log ? "--console-log" : NULL;
}
