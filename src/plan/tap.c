/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/tap.h"

#include <errno.h>

int tap_count_queues(const struct run_spec *spec, const struct nic_spec *nic,
		     const struct model_facts *model, unsigned int *ret,
		     struct err *err)
{
	unsigned int queues = 1;

	if (nic->queues == NIC_QUEUES_AUTO)
		queues = spec->cpus ? spec->cpus : 1;
	else if (nic->queues > 0)
		queues = (unsigned int)nic->queues;
	if (queues > NIC_QUEUES_MAX)
		queues = NIC_QUEUES_MAX;
	/* A device with one queue takes auto as one, but not a number. */
	if (queues > 1 && !strv_has(&model->properties, "mq")) {
		if (nic->queues != NIC_QUEUES_AUTO)
			return err_set(err, -EINVAL,
				       "queues=%u: the device '%s' has only "
				       "one; virtio-net has many",
				       queues, model->name);
		queues = 1;
	}
	*ret = queues;
	return 0;
}

static bool has_word(const struct nic_spec *nic, const char *key)
{
	for (size_t i = 1; i < nic->words.count; i++)
		if (str_eq(nic->words.items[i].key, key))
			return true;
	return false;
}

void tap_add_device_words(struct strbuf *device, const struct nic_spec *nic,
			  const struct model_facts *model, unsigned int queues)
{
	if (queues < 2)
		return;
	if (!has_word(nic, "mq"))
		strbuf_addstr(device, ",mq=on");
	/* One interrupt for each direction of each queue, one for the control
	 * queue, one for changes of the configuration. PCI only. */
	if (!has_word(nic, "vectors") &&
	    strv_has(&model->properties, "vectors"))
		strbuf_addf(device, ",vectors=%u", 2 * queues + 2);
}

/* For the tap that was added last: ",fd=3", or ",fds=3:4" where there are
 * several. */
static void add_fds(struct plan *plan, struct strbuf *netdev, const char *key,
		    enum plan_fd_kind kind, unsigned int count)
{
	strbuf_addf(netdev, ",%s%s=", key, count > 1 ? "s" : "");
	for (unsigned int i = 0; i < count; i++) {
		struct plan_fd *fd = plan_add_fd(plan, kind);

		fd->nic = plan->tap_count - 1;
		fd->queue = i;
		strbuf_addf(netdev, "%s%d", i ? ":" : "", fd->number);
	}
}

/* Whether the kernel is to move the packets. QEMU must not find out that it
 * cannot: handed a tap and told vhost=on, it aborts. */
static int decide_vhost(struct plan *plan, const struct nic_spec *nic,
			const char *id, int error, bool *ret, struct err *err)
{
	*ret = nic->vhost == NIC_VHOST_ON || nic->vhost == NIC_VHOST_AUTO;
	if (!*ret || !error)
		return 0;
	if (nic->vhost == NIC_VHOST_ON)
		return err_set(err, -error,
			       "vhost=on: /dev/vhost-net cannot be opened "
			       "(%s); load the module ('modprobe vhost_net'), "
			       "see who may open it, or say vhost=auto",
			       strerrordesc_np(error));
	*ret = false;
	plan_note(plan, NOTE_INFO,
		  "%s: QEMU moves the packets, for /dev/vhost-net cannot be "
		  "opened (%s)",
		  id, strerrordesc_np(error));
	return 0;
}

int tap_add(struct plan *plan, struct strbuf *netdev,
	    const struct nic_spec *nic, const char *id, const char *mac,
	    unsigned int queues, const struct facts *facts, struct err *err)
{
	const struct bridge_facts *bridge = facts_bridge(facts, nic->bridge);
	bool has_vhost;
	int r = decide_vhost(plan, nic, id, facts->vhost_net_error, &has_vhost,
			     err);

	if (r < 0)
		return r;
	plan->taps = xreallocarray(plan->taps, plan->tap_count + 1,
				   sizeof(*plan->taps));
	plan->taps[plan->tap_count++] = (struct plan_tap){
		.netdev = xstrdup(id),
		.bridge = xstrdup(nic->bridge),
		.mac = mac ? xstrdup(mac) : NULL,
		.is_elsewhere = !bridge || !bridge->exists,
		.queues = queues,
	};
	port_spec_copy(&plan->taps[plan->tap_count - 1].port, &nic->port);
	add_fds(plan, netdev, "fd", PLAN_FD_TAP, queues);
	if (has_vhost) {
		strbuf_addstr(netdev, ",vhost=on");
		add_fds(plan, netdev, "vhostfd", PLAN_FD_VHOST_NET, queues);
	} else if (nic->vhost != NIC_VHOST_NOT_SAID) {
		strbuf_addstr(netdev, ",vhost=off");
	}
	return 0;
}
