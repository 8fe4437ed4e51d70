/* SPDX-License-Identifier: Apache-2.0 */
#include "host/text_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define BLOCK 65536

static int read_all(int fd, size_t max, struct strbuf *sb)
{
	cleanup_free char *block = xcalloc(1, BLOCK);

	for (;;) {
		ssize_t n = read(fd, block, BLOCK);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		if (n == 0)
			return 0;
		strbuf_add(sb, block, (size_t)n);
		if (sb->len > max)
			return EFBIG;
	}
}

int host_read_text(const char *path, bool takes_stdin, size_t max,
		   struct strbuf *ret)
{
	if (takes_stdin && str_eq(path, "-"))
		return read_all(STDIN_FILENO, max, ret);
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	return fd < 0 ? errno : read_all(fd, max, ret);
}

void host_read_texts(const struct strv *paths, struct facts *facts)
{
	facts->texts = xcalloc(paths->count + 1, sizeof(*facts->texts));
	for (size_t i = 0; i < paths->count; i++) {
		struct text_facts *text = &facts->texts[facts->text_count++];
		struct strbuf sb = STRBUF_INIT;

		text->path = xstrdup(paths->items[i]);
		text->error = host_read_text(paths->items[i], false,
					     TEXT_FACTS_MAX, &sb);
		text->len = sb.len;
		text->text = strbuf_detach(&sb);
	}
}
