/* SPDX-License-Identifier: Apache-2.0 */
#include "text_file.h"

#include <errno.h>
#include <stdio.h>

#include "base/strbuf.h"

int text_file_read(const char *path, char **ret, struct err *err)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	char buf[4096];
	size_t n;
	FILE *file = fopen(path, "re");

	if (!file)
		return err_set_errno(err, -errno, "%s", path);
	while ((n = fread(buf, 1, sizeof(buf), file)) > 0)
		strbuf_add(&sb, buf, n);
	int error = ferror(file) ? errno : 0;
	fclose(file);
	if (error)
		return err_set_errno(err, -error, "%s", path);
	*ret = strbuf_detach(&sb);
	return 0;
}

int text_file_write(const char *path, const char *text, struct err *err)
{
	FILE *file = fopen(path, "we");

	if (!file)
		return err_set_errno(err, -errno, "%s", path);
	bool is_written = fputs(text, file) >= 0;
	if (fclose(file) != 0 || !is_written)
		return err_set_errno(err, -errno, "%s", path);
	return 0;
}

/* The value that `len` bytes of a line stand for. Owned by the caller. */
static char *unescape(const char *line, size_t len)
{
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < len; i++) {
		bool is_escaped = line[i] == '\\' && i + 1 < len;

		if (is_escaped)
			i++;
		strbuf_addch(&sb,
			     is_escaped && line[i] == 'n' ? '\n' : line[i]);
	}
	return strbuf_detach(&sb);
}

int text_file_values(const char *path, struct strv *ret, struct err *err)
{
	cleanup_free char *text = NULL;
	int r = text_file_read(path, &text, err);

	if (!text)
		return r;
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");

		if (*line != '#')
			strv_take(ret, unescape(line, len));
		line += len + (line[len] == '\n');
	}
	return 0;
}
