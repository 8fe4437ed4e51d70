/* SPDX-License-Identifier: Apache-2.0 */
#include "run/tap_control.h"

#include <errno.h>
#include <stdlib.h>

#include "host/helper_program.h"
#include "run/ovs.h"
#include "run/tap_client.h"

enum nic_place {
	PLACE_USER,
	PLACE_LINUX,
	PLACE_OVS
};

/* One bridge of the command line. */
struct nic {
	const char *bridge;
	enum nic_place place;
	size_t tap; /* index among the taps */
	bool is_port; /* added to the Open vSwitch bridge */
};

/* All of it. */
struct order {
	struct nic *nics; /* owned */
	size_t count;
	const char *ovsdb; /* NULL: the usual one */
	unsigned int owner;
	struct tap_request *requests; /* owned; of those that get a tap */
	size_t taps;
};

static void order_done(struct order *order)
{
	free(order->nics);
	free(order->requests);
}

static int find_places(struct order *order, const struct strv *bridges,
		       struct err *err)
{
	for (size_t i = 0; i < order->count; i++) {
		struct nic *nic = &order->nics[i];
		bool is_ovs = false;

		*nic = (struct nic){ .bridge = bridges->items[i] };
		if (str_eq(nic->bridge, "user"))
			continue;
		int r = ovs_has_bridge(order->ovsdb, nic->bridge, &is_ovs, err);
		if (r < 0)
			return r;
		nic->place = is_ovs ? PLACE_OVS : PLACE_LINUX;
		nic->tap = order->taps++;
	}
	return 0;
}

static void make_requests(struct order *order)
{
	order->requests = xcalloc(order->taps, sizeof(*order->requests));
	for (size_t i = 0; i < order->count; i++) {
		const struct nic *nic = &order->nics[i];

		if (nic->place == PLACE_USER)
			continue;
		order->requests[nic->tap] = (struct tap_request){
			.bridge = nic->place == PLACE_LINUX ? nic->bridge
							    : NULL,
			.is_persistent = true,
			.owner = order->owner,
		};
	}
}

static int add_ports(const struct order *order, const struct tap *taps,
		     struct err *err)
{
	for (size_t i = 0; i < order->count; i++) {
		struct nic *nic = &order->nics[i];

		if (nic->place != PLACE_OVS)
			continue;
		int r = ovs_add_port(order->ovsdb, nic->bridge,
				     taps[nic->tap].name, err);
		if (r < 0)
			return r;
		nic->is_port = true;
	}
	return 0;
}

static void remove_ports(const struct order *order, const struct tap *taps)
{
	struct err ignored;

	for (size_t i = 0; i < order->count; i++) {
		const struct nic *nic = &order->nics[i];

		if (nic->is_port &&
		    ovs_remove_port(order->ovsdb, nic->bridge,
				    taps[nic->tap].name, &ignored) < 0)
			continue;
	}
}

static void add_lines(const struct order *order, const struct tap *taps,
		      struct strv *lines)
{
	for (size_t i = 0; i < order->count; i++) {
		const struct nic *nic = &order->nics[i];

		if (nic->place == PLACE_USER)
			strv_add(lines, "skip");
		else
			strv_addf(lines, "%s:%s", taps[nic->tap].name,
				  nic->place == PLACE_OVS ? "ovs" : "brctl");
	}
}

/* The taps are on approval until the ports are there as well. */
static int make(const struct order *order, struct strv *lines, struct err *err)
{
	cleanup_free char *net = helper_program_find();
	const struct helper_call call = { .way = HELPER_DIRECT,
					  .net = net,
					  .ovsdb = order->ovsdb };
	struct tap_client client;
	struct tap *taps;
	size_t failed;
	int r = tap_client_request(&client, &call, order->requests, order->taps,
				   &taps, &failed, err);

	if (r < 0)
		return r;
	r = add_ports(order, taps, err);
	if (r == 0)
		r = tap_client_commit(&client, NULL, err);
	else
		tap_client_end(&client);
	if (r == 0)
		add_lines(order, taps, lines);
	else
		remove_ports(order, taps);
	taps_free(taps, order->taps);
	return r;
}

int tap_control_make_nics(const struct strv *bridges, unsigned int owner,
			  const char *ovsdb, struct strv *lines,
			  struct err *err)
{
	cleanup(order_done) struct order order = {
		.nics = xcalloc(bridges->count, sizeof(*order.nics)),
		.count = bridges->count,
		.ovsdb = ovsdb,
		.owner = owner,
	};
	int r = find_places(&order, bridges, err);

	if (r < 0)
		return r;
	make_requests(&order);
	if (order.taps == 0) {
		add_lines(&order, NULL, lines);
		return 0;
	}
	return make(&order, lines, err);
}

int tap_control_ovs_cleanup(const char *ovsdb, const char *item,
			    struct err *err)
{
	const char *colon = strrchr(item, ':');

	if (!colon || colon == item || colon[1] == '\0')
		return err_set(err, -EINVAL, "'%s' is not BRIDGE:TAP", item);
	cleanup_free char *bridge = xstrndup(item, (size_t)(colon - item));
	return ovs_remove_port(ovsdb, bridge, colon + 1, err);
}
