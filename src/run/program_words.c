/* SPDX-License-Identifier: Apache-2.0 */
#include "run/program_words.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/quote.h"

/* A message of errors is short, so only that much is read. */
#define WORDS_MAX 4096

int program_words_open(int *ret, struct err *err)
{
	*ret = memfd_create("words", MFD_CLOEXEC);
	if (*ret < 0)
		return err_set_errno(err, -errno, "cannot make a memfd");
	return 0;
}

char *program_words_last(int fd)
{
	char buf[WORDS_MAX];
	ssize_t n = pread(fd, buf, sizeof(buf) - 1, 0);

	while (n > 0 && buf[n - 1] == '\n')
		n--;
	if (n <= 0)
		return NULL;
	buf[n] = '\0';
	char *newline = strrchr(buf, '\n');
	char *line = xstrdup(newline ? newline + 1 : buf);
	quote_plain(line);
	return line;
}
