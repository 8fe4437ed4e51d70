/* SPDX-License-Identifier: Apache-2.0 */
#include "guardian_watch.h"

#include "deadline.h"
#include "nic_removal.h"
#include "privilege.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <malloc.h>
#include <poll.h>
#include <syslog.h>
#include <unistd.h>

#define TRANSACTION_MS 2000
#define RETRY_FIRST_MS 50
#define RETRY_LAST_MS 10000
#define RETRY_FOR_MS 600000

int guard_open(struct guard *ret, struct nic_list *list)
{
	int rc;

	*ret = (struct guard){ .list = list, .lifeline = -1 };
	for (unsigned int i = 0; i < list->count; i++) {
		struct guarded_tap *tap = &ret->taps[i];

		tap->is_there = true;
		tap->is_changed = true;
		tap->has_port = list->nics[i].attach == ATTACH_OVS;
		ret->is_in_database |= tap->has_port;
	}
	rc = link_watch_open(&ret->watch);
	return rc < 0 ? rc : link_open(&ret->links);
}

static int delete_tap(struct guard *guard, unsigned int i)
{
	int rc;

	privilege_raise();
	rc = nic_delete_tap(&guard->list->nics[i], &guard->links);
	privilege_lower();
	return rc;
}

static void delete_taps(struct guard *guard)
{
	privilege_raise();
	nic_list_delete_group(guard->list, &guard->links);
	privilege_lower();
	for (unsigned int i = 0; i < guard->list->count; i++) {
		bool is_there = delete_tap(guard, i) < 0;

		guard->taps[i].is_there = is_there;
		guard->taps[i].is_changed = is_there;
	}
}

int guard_remove_ports(struct guard *guard, int64_t deadline, struct fail *fail)
{
	struct nic_list *list = guard->list;

	if (ovs_remove(&list->ovs, list->owner.id, NULL, deadline, fail) < 0) {
		ovs_close(&list->ovs);
		return -1;
	}
	for (unsigned int i = 0; i < list->count; i++)
		guard->taps[i].has_port = false;
	guard->is_in_database = false;
	return 0;
}

void guard_finish(struct guard *guard)
{
	struct fail ignored;

	guard->is_over = true;
	delete_taps(guard);
	/* What fails here stays marked, and is tried again. */
	if (guard->is_in_database)
		(void)!guard_remove_ports(guard, deadline_in(TRANSACTION_MS),
					  &ignored);
}

void guard_sweep(struct guard *guard, int64_t deadline)
{
	struct nic_list *list = guard->list;
	struct fail ignored;

	/* What fails here is for the next one. */
	if (gc_taps(&list->gc, &guard->links, &ignored) < 0)
		return;
	if (guard->is_in_database &&
	    gc_ports(&list->gc, &list->ovs, &guard->links, &list->owner,
		     deadline, &ignored) < 0)
		ovs_close(&list->ovs);
}

static void look_at_tap(struct guard *guard, unsigned int i)
{
	const uint32_t index = guard->list->nics[i].made.index;
	struct guarded_tap *tap = &guard->taps[i];
	struct link link;
	int rc = link_get_by_index(&guard->links, index, &link);

	if (rc == 0 && (guard->is_over || gc_is_abandoned(&link)))
		rc = delete_tap(guard, i) == 0 ? -ENODEV : -EAGAIN;
	tap->is_there = rc != -ENODEV;
	tap->is_changed = rc < 0 && tap->is_there;
}

/* One that was asked to be persistent is the client's own after COMMIT, and so
 * is its port. */
static void let_go_of_persistent(struct guard *guard)
{
	for (unsigned int i = 0; i < guard->list->count; i++) {
		if (!guard->list->nics[i].want.persist || guard->is_over)
			continue;
		guard->taps[i] = (struct guarded_tap){ 0 };
		guard->keeps_some = true;
	}
}

static void look_at_taps(struct guard *guard)
{
	for (unsigned int i = 0; i < guard->list->count; i++)
		if (guard->taps[i].is_there && guard->taps[i].is_changed)
			look_at_tap(guard, i);
}

static void remove_each_port(struct guard *guard)
{
	struct nic_list *list = guard->list;
	struct fail ignored;

	for (unsigned int i = 0; i < list->count; i++) {
		struct guarded_tap *tap = &guard->taps[i];

		if (tap->is_there || !tap->has_port)
			continue;
		if (ovs_remove(&list->ovs, list->owner.id,
			       list->nics[i].tap.name,
			       deadline_in(TRANSACTION_MS), &ignored) < 0)
			break;
		tap->has_port = false;
	}
}

/* Are there ports to remove, and none of the request that is to stay? */
static bool is_all_gone(const struct guard *guard)
{
	for (unsigned int i = 0; i < guard->list->count; i++)
		if (guard->taps[i].is_there)
			return false;
	return guard->is_in_database && !guard->keeps_some;
}

static void remove_ports(struct guard *guard)
{
	struct fail ignored;

	if (!is_all_gone(guard))
		remove_each_port(guard);
	else if (guard_remove_ports(guard, deadline_in(TRANSACTION_MS),
				    &ignored) < 0)
		return;
	/* It would have to answer the server's echoes. */
	ovs_close(&guard->list->ovs);
}

enum work {
	WORK_NONE,
	WORK_WAIT,
	WORK_RETRY
};

static enum work work_left(const struct guard *guard)
{
	enum work work = WORK_NONE;

	for (unsigned int i = 0; i < guard->list->count; i++) {
		const struct guarded_tap *tap = &guard->taps[i];

		if (tap->is_there ? tap->is_changed : tap->has_port)
			return WORK_RETRY;
		if (tap->is_there)
			work = WORK_WAIT;
	}
	return work;
}

/* What failed is done again, at growing intervals. False: no more. */
static bool plan_retry(struct guard *guard)
{
	if (guard->delay == 0) {
		guard->delay = RETRY_FIRST_MS;
		guard->give_up_at = deadline_in(RETRY_FOR_MS);
	} else if (deadline_left(guard->give_up_at) == 0) {
		return false;
	} else if (guard->delay < RETRY_LAST_MS) {
		guard->delay *= 2;
	}
	guard->retry_at = deadline_in(guard->delay);
	return true;
}

static void give_up(const struct guard *guard)
{
	for (unsigned int i = 0; i < guard->list->count; i++) {
		const struct nic *nic = &guard->list->nics[i];

		if (guard->taps[i].has_port)
			syslog(LOG_DAEMON | LOG_WARNING,
			       "xkvm-net: Open vSwitch did not let go of the "
			       "port '%s' of '%s' (row %s)",
			       nic->tap.name, nic->want.bridge, nic->port);
	}
}

static void mark_changed(uint32_t index, void *context)
{
	struct guard *guard = context;

	for (unsigned int i = 0; i < guard->list->count; i++)
		if (index == guard->list->nics[i].made.index)
			guard->taps[i].is_changed = true;
}

static void mark_all_changed(struct guard *guard)
{
	for (unsigned int i = 0; i < guard->list->count; i++)
		guard->taps[i].is_changed = true;
}

/* Whatever comes on it, the client has no more to say. That it is closed here
 * tells the client that all is gone. */
static void end_lifeline(struct guard *guard)
{
	guard_finish(guard);
	close(guard->lifeline);
	guard->lifeline = -1;
}

enum event {
	EVENT_LINK,
	EVENT_LIFELINE,
	EVENT_COUNT
};

static void await_events(struct guard *guard, int timeout)
{
	const int links = mnl_socket_get_fd(guard->watch.socket);
	struct pollfd polled[] = {
		[EVENT_LINK] = { .fd = links, .events = POLLIN },
		[EVENT_LIFELINE] = { .fd = guard->lifeline, .events = POLLIN },
	};

	if (poll(polled, EVENT_COUNT, timeout) <= 0)
		return;
	if (polled[EVENT_LINK].revents &&
	    link_watch_read(&guard->watch, mark_changed, guard) < 0)
		mark_all_changed(guard);
	if (polled[EVENT_LIFELINE].revents)
		end_lifeline(guard);
}

void guard_watch(struct guard *guard)
{
	enum work work;

	let_go_of_persistent(guard);
	for (;;) {
		look_at_taps(guard);
		if (guard->delay == 0 || deadline_left(guard->retry_at) == 0)
			remove_ports(guard);
		work = work_left(guard);
		if (work == WORK_NONE)
			return;
		if (work == WORK_WAIT)
			guard->delay = 0;
		else if (deadline_left(guard->retry_at) == 0 ||
			 guard->delay == 0)
			if (!plan_retry(guard))
				break;
		/* It may be days until there is more to do. */
		malloc_trim(0);
		await_events(guard, work == WORK_RETRY
					    ? deadline_left(guard->retry_at)
					    : -1);
	}
	give_up(guard);
}
