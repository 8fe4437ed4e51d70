/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text: what nic_spec_parse() accepts is on the user network or on a
 * bridge whose name the kernel could have, with an address of one station, and
 * has as many queues as there can be; on the user network there are none. Only
 * there are forwards, to a port that can be.
 */
#include "input.h"

#include "spec/nic_spec.h"

static void check_forward(const struct fwd_spec *fwd)
{
	cleanup_free char *text = xasprintf("%s:%u:%u/%s", fwd->address,
					    fwd->host_port, fwd->guest_port,
					    fwd->is_udp ? "udp" : "tcp");
	struct fwd_spec again;
	struct err err;

	require(fwd->guest_port >= 1 && fwd->guest_port <= 65535);
	require(fwd->host_port <= 65535);
	if (fwd->host_port == 0)
		return;
	require(fwd_spec_parse(text, &again, &err) == 0);
	require(fwd_spec_clash(fwd, &again));
}

static void check_nic(const struct nic_spec *nic, const char *text)
{
	struct err err;

	require(str_eq(nic->arg, text));
	if (nic->kind == NIC_USER) {
		require(!nic->bridge);
		require(nic->queues == 0 && nic->vhost == NIC_VHOST_NOT_SAID);
	} else {
		require(nic->forward_count == 0);
		require(strlen(nic->bridge) <= IFNAME_MAX);
		require(ifname_check(nic->bridge, &err) == 0);
	}
	require(nic->queues >= NIC_QUEUES_AUTO &&
		nic->queues <= NIC_QUEUES_MAX);
	require(!nic->port.tap || (nic->kind == NIC_BRIDGE && *nic->port.tap &&
				   strlen(nic->port.tap) <= IFNAME_MAX &&
				   ifname_check(nic->port.tap, &err) == 0));
	for (size_t i = 0; i < nic->forward_count; i++)
		check_forward(&nic->forwards[i]);
	require(!nic->model || *nic->model);
	require(nic->mac_kind != NIC_MAC_GIVEN || !(nic->mac.octets[0] & 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = input_text(data, size);
	struct nic_spec nic;
	struct err err;
	int r = nic_spec_parse(text, (unsigned int)size, &nic, &err);

	if (r < 0) {
		require_error(r, &err);
		return 0;
	}
	check_nic(&nic, text);
	nic_spec_done(&nic);
	return 0;
}
