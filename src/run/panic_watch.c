/* SPDX-License-Identifier: Apache-2.0 */
#include "run/panic_watch.h"

#include <stdio.h>

#include "base/quote.h"

/* How long one sign waits for the other. */
#define VERDICT_MS 500
/* How long after that they are still those of the same panic. */
#define OVER_MS 2000

static void note_panic(struct panic_watch *watch)
{
	if (event_now() < watch->over)
		return;
	if (watch->verdict.due == EVENT_NEVER)
		watch->verdict.due = event_now() + VERDICT_MS;
}

static void say(const struct panic_watch *watch, const char *what)
{
	cleanup_free char *text = xasprintf("the guest panicked%s%s; %s",
					    *watch->reason ? ": " : "",
					    watch->reason, what);

	quote_plain(text);
	watch->report->note(watch->report->context, text);
}

static void act(struct event_source *source, short revents)
{
	struct panic_watch *watch = source->context;

	(void)revents;
	watch->over = event_now() + OVER_MS;
	switch (watch->action) {
	case PANIC_EXIT:
		watch->has_panicked = watch->end_guest(watch->context);
		break;
	case PANIC_PAUSE:
		watch->has_panicked = true;
		qmp_link_send(watch->link, "stop");
		say(watch, "it is stopped, and stays so until xkvm is told to "
			   "end");
		break;
	case PANIC_REBOOT:
		qmp_link_send(watch->link, "system_reset");
		say(watch, "it starts anew");
		*watch->reason = '\0';
		break;
	case PANIC_UNSAID:
		break;
	}
}

static void take_event(struct qmp_listener *listener, const char *event,
		       const json_t *data)
{
	(void)data;
	if (str_eq(event, "GUEST_PANICKED"))
		note_panic(listener->context);
}

static void take_line(void *context, const char *line)
{
	struct panic_watch *watch = context;
	struct boot_signs signs = { 0 };

	boot_signs_line(&signs, line);
	if (signs.failure != BOOT_FAILURE_PANIC)
		return;
	snprintf(watch->reason, sizeof(watch->reason), "%s", signs.reason);
	note_panic(watch);
}

void panic_watch_start(struct panic_watch *watch)
{
	if (watch->action == PANIC_UNSAID)
		return;
	watch->verdict = (struct event_source){
		.fd = -1, .due = EVENT_NEVER, .call = act, .context = watch
	};
	event_add(watch->loop, &watch->verdict);
	watch->listener =
		(struct qmp_listener){ .event = take_event, .context = watch };
	qmp_link_listen(watch->link, &watch->listener);
}

void panic_watch_console(struct panic_watch *watch, const char *data,
			 size_t len)
{
	if (watch->action != PANIC_UNSAID)
		console_text_feed(&watch->text, data, len, take_line, watch);
}

void panic_watch_finish(struct panic_watch *watch, struct outcome *outcome)
{
	if (watch->action == PANIC_UNSAID)
		return;
	if (watch->action == PANIC_REBOOT)
		outcome->has_panicked = false;
	if (watch->has_panicked)
		outcome->has_panicked = true;
	if (outcome->has_panicked && *watch->reason)
		outcome->panic = xstrdup(watch->reason);
}

void panic_watch_done(struct panic_watch *watch)
{
	if (watch->action == PANIC_UNSAID || !watch->loop)
		return;
	event_remove(watch->loop, &watch->verdict);
	qmp_link_unlisten(watch->link, &watch->listener);
}
