/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/progress.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/quote.h"
#include "base/strbuf.h"

#define INTERVAL_MS 1000
#define DEFAULT_WIDTH 80

/* A reader of standard error who has stopped must not stop a guest. */
static void write_now(const struct strbuf *text)
{
	struct pollfd pfd = { .fd = STDERR_FILENO, .events = POLLOUT };

	if (poll(&pfd, 1, 0) != 1 ||
	    write(STDERR_FILENO, strbuf_str(text), text->len) < 0)
		return;
}

static size_t width_of_terminal(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 2)
		return DEFAULT_WIDTH;
	return size.ws_col;
}

/* The first `columns` characters of UTF-8, as many bytes as those have. */
static size_t bytes_of(const char *text, size_t columns)
{
	size_t i = 0;

	for (; text[i]; i++)
		if ((text[i] & 0xc0) != 0x80 && columns-- == 0)
			break;
	return i;
}

/* ECMA-48: to the first column, and erase the line. */
#define ERASE "\r\033[K"

void progress_clear(struct progress *progress)
{
	struct strbuf text = STRBUF_INIT;

	if (progress->is_drawn) {
		strbuf_addstr(&text, ERASE);
		write_now(&text);
	}
	progress->is_drawn = false;
	strbuf_done(&text);
}

static void draw(struct progress *progress, const struct run_progress *now)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_free char *line =
		xasprintf("%lld s, %s%s%s", (long long)(now->ms / 1000),
			  *now->stage ? now->stage : "started",
			  *now->line ? ": " : "", now->line);

	quote_plain(line);
	strbuf_addstr(&text, ERASE);
	/* The last column is left free: some terminals go to the next line. */
	strbuf_add(&text, line, bytes_of(line, width_of_terminal() - 1));
	write_now(&text);
	progress->is_drawn = true;
}

static void say(struct progress *progress, const char *message)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	progress_clear(progress);
	strbuf_addf(&text, "xkvm: %s\n", message);
	write_now(&text);
}

static void on_note(void *context, const char *text)
{
	say(context, text);
}

static void on_progress(void *context, const struct run_progress *now)
{
	struct progress *progress = context;

	if (!progress->is_shown)
		return;
	if (progress->is_redrawn) {
		draw(progress, now);
		return;
	}
	cleanup_free char *text = xasprintf("%s after %.1f s", now->stage,
					    (double)now->ms / 1000.0);
	say(progress, text);
}

static void on_ready(void *context, const char *what, int64_t ms)
{
	cleanup_free char *text =
		xasprintf("ready: %s after %.1f s", what, (double)ms / 1000.0);

	say(context, text);
}

struct run_report progress_report(struct progress *progress,
				  const struct plan *plan, bool is_quiet)
{
	bool is_terminal = isatty(STDERR_FILENO);
	/* The console itself is better than any word about it. */
	bool is_covered = plan->console.is_stdio && is_terminal &&
			  isatty(STDOUT_FILENO);

	*progress = (struct progress){
		.is_shown = !is_quiet && !is_covered,
		.is_redrawn = is_terminal,
	};
	return (struct run_report){
		.note = on_note,
		.progress = on_progress,
		.ready = on_ready,
		.interval_ms = progress->is_shown && is_terminal ? INTERVAL_MS
								 : 0,
		.context = progress,
	};
}
