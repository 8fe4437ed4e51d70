/* SPDX-License-Identifier: Apache-2.0 */
#include "run/tap_source.h"

#include <errno.h>

#include "base/strbuf.h"
#include "run/bridge_helper.h"

static struct helper_call call_of(const struct plan *plan, enum helper_way way)
{
	const struct plan_helper *helper = &plan->helper;

	return (struct helper_call){
		.way = way,
		.net = helper->net,
		.sudo = helper->sudo,
		.socket = helper->socket,
		.ovsdb = plan->ovsdb,
		.asks = helper->asks,
	};
}

static int begin_way(struct tap_source *source, enum helper_way way,
		     struct err *err)
{
	const struct helper_call call = call_of(source->plan, way);

	return tap_client_begin(&source->client, &call, source->requests,
				source->plan->tap_count, err);
}

void tap_source_begin(const struct plan *plan,
		      const struct tap_request *requests,
		      struct tap_source *ret)
{
	const struct plan_helper *helper = &plan->helper;

	*ret = (struct tap_source)TAP_SOURCE_INIT;
	ret->plan = plan;
	ret->requests = requests;
	/* QEMU's helper is one process for each tap. */
	if (helper->way_count > 0 && helper->ways[0] != HELPER_QEMU)
		ret->has_begun = begin_way(ret, helper->ways[0], &ret->first) ==
				 0;
}

/* By the way of this number. */
static int try_way(struct tap_source *source, size_t number, struct tap **ret,
		   size_t *ret_failed, struct err *err)
{
	const struct plan *plan = source->plan;
	const enum helper_way way = plan->helper.ways[number];
	const struct helper_call call = call_of(plan, way);
	int r = 0;

	if (way == HELPER_QEMU) {
		source->client = (struct tap_client)TAP_CLIENT_INIT;
		return bridge_helper_request(plan->helper.qemu,
					     source->requests, plan->tap_count,
					     ret, ret_failed, err);
	}
	if (number > 0) {
		r = begin_way(source, way, err);
	} else if (!source->has_begun) {
		*err = source->first;
		r = err->code;
	}
	return r < 0 ? r
		     : tap_client_finish(&source->client, &call,
					 source->requests, plan->tap_count, ret,
					 ret_failed, err);
}

/* Says by which way it was, where there is more than one to tell apart. */
static void add_reason(struct strbuf *reasons, const char *label,
		       const char *text)
{
	strbuf_addf(reasons, "%s%s%s%s", reasons->len ? "; " : "", label,
		    *label ? ": " : "", text);
}

static const char *label_of(enum helper_way way)
{
	static const char *const labels[HELPER_WAY_COUNT] = {
		[HELPER_DIRECT] = "",
		[HELPER_SOCKET] = "by the service",
		[HELPER_QEMU] = "by QEMU's bridge helper",
		[HELPER_SUDO] = "by sudo",
	};

	return labels[way];
}

/* The same, of the way with this number. */
static void add_reason_of(struct strbuf *reasons,
			  const struct plan_helper *helper, size_t number,
			  const char *text)
{
	add_reason(reasons,
		   helper->way_count > 1 || helper->cause
			   ? label_of(helper->ways[number])
			   : "",
		   text);
}

int tap_source_finish(struct tap_source *source, struct tap **ret,
		      size_t *ret_failed, struct err *err)
{
	cleanup_strbuf struct strbuf reasons = STRBUF_INIT;
	const struct plan_helper *helper = &source->plan->helper;

	*ret_failed = source->plan->tap_count;
	if (helper->cause)
		add_reason(&reasons, "", helper->cause);
	for (size_t i = 0; i < helper->way_count; i++) {
		int r = try_way(source, i, ret, ret_failed, err);

		if (r != -EACCES)
			return r;
		add_reason_of(&reasons, helper, i, err->text);
	}
	return err_set(err, -EACCES, "%s", strbuf_str(&reasons));
}

int tap_source_collect(const struct plan *plan, bool is_dry, struct strv *lines,
		       struct err *err)
{
	cleanup_strbuf struct strbuf reasons = STRBUF_INIT;
	const struct plan_helper *helper = &plan->helper;

	if (helper->cause)
		add_reason(&reasons, "", helper->cause);
	for (size_t i = 0; i < helper->way_count; i++) {
		const struct helper_call call = call_of(plan, helper->ways[i]);
		int r = tap_client_collect(&call, is_dry, lines, err);

		if (r != -EACCES)
			return r;
		add_reason_of(&reasons, helper, i, err->text);
	}
	return err_set(err, -EACCES, "%s", strbuf_str(&reasons));
}
