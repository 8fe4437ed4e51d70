/* SPDX-License-Identifier: Apache-2.0 */
/* One --netdev: where a NIC is plugged in, and what was said about it. */
#ifndef XKVM_SPEC_NIC_SPEC_H
#define XKVM_SPEC_NIC_SPEC_H

#include "base/words.h"
#include "spec/fwd_spec.h"
#include "spec/mac.h"
#include "spec/port_spec.h"

/* Longest name of a network interface, without the terminator (IFNAMSIZ). */
#define IFNAME_MAX 15

enum nic_kind {
	NIC_USER, /* QEMU's user-mode network */
	NIC_BRIDGE,
};

/* queues=auto: as many as the guest has CPUs. */
#define NIC_QUEUES_AUTO (-1)
/* The kernel passes at most so many descriptors at once (SCM_MAX_FD). */
#define NIC_QUEUES_MAX 253

/* Whether the kernel (vhost-net) moves a bridge NIC's packets, or QEMU. */
enum nic_vhost {
	NIC_VHOST_NOT_SAID, /* QEMU's default, which is off */
	NIC_VHOST_AUTO, /* on where this host has /dev/vhost-net */
	NIC_VHOST_ON,
	NIC_VHOST_OFF,
};

enum nic_mac {
	NIC_MAC_DEFAULT, /* not given */
	NIC_MAC_AUTO, /* QEMU's choice */
	NIC_MAC_RANDOM,
	NIC_MAC_GIVEN,
};

/* All strings are owned; NULL where nothing was said. */
struct nic_spec {
	char *arg; /* as typed, for messages */
	enum nic_kind kind;
	char *bridge; /* NULL for NIC_USER */
	char *model; /* as typed after model=, "virtio" resolved */
	enum nic_mac mac_kind;
	struct mac mac; /* for NIC_MAC_GIVEN */
	int queues; /* 0: not given; NIC_QUEUES_AUTO */
	enum nic_vhost vhost;
	struct port_spec port; /* on the bridge */
	struct fwd_spec *forwards; /* owned; on the user network: each fwd=, and
				      each hostfwd= that can be read */
	size_t forward_count;
	struct words words; /* all of them, in order; the first is the kind */
};

/* `number` is the NIC's, from 0. -EINVAL for text that can mean no NIC. */
must_check int nic_spec_parse(const char *arg, unsigned int number,
			      struct nic_spec *ret, struct err *err);
void nic_spec_done(struct nic_spec *nic);

/* Whether nic_spec_parse() has taken this word, so that it is neither a device
 * property nor a netdev option still to be placed. Not for the first word. */
bool nic_spec_takes(const struct word *word);

/* -EINVAL for text that can be no name of an interface. */
must_check int ifname_check(const char *name, struct err *err);

#endif
