/* SPDX-License-Identifier: Apache-2.0 */
#include "run/tap_control.h"

#include <errno.h>
#include <stdlib.h>

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

static int find_places(const struct strv *bridges, struct nic *nics,
		       size_t *ret_taps, struct err *err)
{
	size_t taps = 0;

	for (size_t i = 0; i < bridges->count; i++) {
		bool is_ovs = false;

		nics[i] = (struct nic){ .bridge = bridges->items[i] };
		if (str_eq(nics[i].bridge, "user"))
			continue;
		int r = ovs_has_bridge(nics[i].bridge, &is_ovs, err);
		if (r < 0)
			return r;
		nics[i].place = is_ovs ? PLACE_OVS : PLACE_LINUX;
		nics[i].tap = taps++;
	}
	*ret_taps = taps;
	return 0;
}

static struct tap_request *make_requests(const struct nic *nics, size_t count,
					 size_t taps, unsigned int owner)
{
	struct tap_request *requests = xcalloc(taps, sizeof(*requests));

	for (size_t i = 0; i < count; i++) {
		if (nics[i].place == PLACE_USER)
			continue;
		requests[nics[i].tap] = (struct tap_request){
			.bridge = nics[i].place == PLACE_LINUX ? nics[i].bridge
							       : NULL,
			.is_persistent = true,
			.owner = owner,
		};
	}
	return requests;
}

static int add_ports(struct nic *nics, size_t count, const struct tap *taps,
		     struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (nics[i].place != PLACE_OVS)
			continue;
		int r = ovs_add_port(nics[i].bridge, taps[nics[i].tap].name,
				     err);
		if (r < 0)
			return r;
		nics[i].is_port = true;
	}
	return 0;
}

static void remove_ports(const struct nic *nics, size_t count,
			 const struct tap *taps)
{
	struct err ignored;

	for (size_t i = 0; i < count; i++)
		if (nics[i].is_port &&
		    ovs_remove_port(nics[i].bridge, taps[nics[i].tap].name,
				    &ignored) < 0)
			continue;
}

static void add_lines(const struct nic *nics, size_t count,
		      const struct tap *taps, struct strv *lines)
{
	for (size_t i = 0; i < count; i++) {
		if (nics[i].place == PLACE_USER)
			strv_add(lines, "skip");
		else
			strv_addf(lines, "%s:%s", taps[nics[i].tap].name,
				  nics[i].place == PLACE_OVS ? "ovs" : "brctl");
	}
}

/* The taps are on approval until the ports are there as well. */
static int make(struct nic *nics, size_t count,
		const struct tap_request *requests, size_t tap_count,
		struct strv *lines, struct err *err)
{
	struct tap_client client;
	struct tap *taps;
	size_t failed;
	int r = tap_client_request(&client, requests, tap_count, &taps, &failed,
				   err);

	if (r < 0)
		return r;
	r = add_ports(nics, count, taps, err);
	if (r == 0)
		r = tap_client_commit(&client, err);
	else
		tap_client_end(&client);
	if (r == 0)
		add_lines(nics, count, taps, lines);
	else
		remove_ports(nics, count, taps);
	taps_free(taps, tap_count);
	return r;
}

int tap_control_make_nics(const struct strv *bridges, unsigned int owner,
			  struct strv *lines, struct err *err)
{
	cleanup_free struct nic *nics = xcalloc(bridges->count, sizeof(*nics));
	cleanup_free struct tap_request *requests = NULL;
	size_t taps;
	int r = find_places(bridges, nics, &taps, err);

	if (r < 0)
		return r;
	requests = make_requests(nics, bridges->count, taps, owner);
	if (taps == 0) {
		add_lines(nics, bridges->count, NULL, lines);
		return 0;
	}
	return make(nics, bridges->count, requests, taps, lines, err);
}

int tap_control_ovs_cleanup(const char *item, struct err *err)
{
	const char *colon = strrchr(item, ':');

	if (!colon || colon == item || colon[1] == '\0')
		return err_set(err, -EINVAL, "'%s' is not BRIDGE:TAP", item);
	cleanup_free char *bridge = xstrndup(item, (size_t)(colon - item));
	return ovs_remove_port(bridge, colon + 1, err);
}
