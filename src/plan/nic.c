/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/nic.h"

#include <errno.h>
#include <stdio.h>

#include "base/words.h"
#include "plan/boot_rom.h"
#include "plan/forward.h"
#include "plan/guest_mac.h"
#include "plan/helper.h"
#include "plan/reach.h"
#include "plan/seed_server.h"
#include "plan/sides.h"
#include "plan/tap.h"

/* One NIC on its way into the plan. */
struct nic_plan {
	const struct nic_spec *spec;
	unsigned int number;
	const char *model;
	const struct model_facts *model_facts; /* NULL: QEMU was not asked */
	char id[16];
	struct strbuf device;
	struct strbuf netdev;
	unsigned int queues;
};

/* Options of -netdev tap that QEMU refuses beside fd=, or that are xkvm's. */
static bool is_tap_option_taken(const char *key)
{
	static const char *const taken[] = {
		"ifname", "script", "downscript", "helper",   "br",
		"fd",	  "fds",    "vhostfd",	  "vhostfds", "vnet_hdr",
	};

	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		if (str_eq(key, taken[i]))
			return true;
	return false;
}

static int check_tap_option(const char *key, struct err *err)
{
	if (!is_tap_option_taken(key))
		return 0;
	return err_set(err, -EINVAL,
		       "'%s' cannot be set: xkvm makes the tap and hands it to "
		       "QEMU by descriptor%s",
		       key, str_eq(key, "ifname") ? "; tap= names it" : "");
}

static int refuse_word(const struct nic_plan *nic,
		       const struct qemu_facts *qemu, const char *key,
		       struct err *err)
{
	bool is_user = nic->spec->kind == NIC_USER;
	const char *near = sides_nearest_nic_key(nic->model_facts, qemu,
						 nic->spec->kind, key);

	/* What would be refused next is no help. */
	if (near && !is_user && is_tap_option_taken(near))
		near = NULL;
	return err_set(err, -EINVAL,
		       "neither %s nor QEMU's -netdev %s knows '%s'%s%s%s",
		       nic->model_facts->name, is_user ? "user" : "tap", key,
		       near ? "; did you mean '" : "", near ? near : "",
		       near ? "'?" : "");
}

static int place_word(struct nic_plan *nic, const struct facts *facts,
		      const struct word *word, struct err *err)
{
	enum side side = sides_of_nic_key(nic->model_facts, &facts->qemu,
					  nic->spec->kind, word->key);

	/* QEMU's short form of a boolean is deprecated; say it in full. */
	const char *value = word->value ? word->value : "on";

	if (side == SIDE_UNKNOWN)
		return refuse_word(nic, &facts->qemu, word->key, err);
	if (side == SIDE_DEVICE) {
		words_add(&nic->device, word->key, value);
		return 0;
	}
	if (nic->spec->kind == NIC_BRIDGE) {
		int r = check_tap_option(word->key, err);
		if (r < 0)
			return r;
	}
	words_add(&nic->netdev, word->key, value);
	return 0;
}

static int find_model(struct nic_plan *nic, const struct facts *facts,
		      struct err *err)
{
	int r = sides_find_model(facts, nic->model, &nic->model_facts, err);

	if (r == 0 && !strv_has(&nic->model_facts->properties, "netdev"))
		return err_set(err, -EINVAL,
			       "the device '%s' takes no netdev: it is no NIC",
			       nic->model);
	return r;
}

static int place_words(struct nic_plan *nic, const struct facts *facts,
		       struct err *err)
{
	const struct words *words = &nic->spec->words;

	for (size_t i = 1; i < words->count; i++) {
		const struct word *word = &words->items[i];

		if (nic_spec_takes(word))
			continue;
		int r = 0;
		if (!nic->model_facts)
			r = find_model(nic, facts, err);
		if (r == 0)
			r = place_word(nic, facts, word, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* What the service of another network namespace has, it alone knows. */
static int check_bridge(const struct run_spec *run, const struct nic_spec *spec,
			const struct facts *facts, struct err *err)
{
	const struct bridge_facts *bridge = facts_bridge(facts, spec->bridge);

	bool is_here = bridge && bridge->exists;

	if (!is_here && helper_reaches_elsewhere(run, facts))
		return 0;
	if (!is_here)
		return err_set(err, -ENODEV,
			       "there is no bridge '%s'; 'ip link show type "
			       "bridge' lists those there are, 'user' needs "
			       "none",
			       spec->bridge);
	if (bridge->is_bridge && spec->port.type != BRIDGE_OVS)
		return 0;
	/* Whether it is one is for xkvm-net to find out. */
	if (bridge->may_be_ovs && spec->port.type != BRIDGE_LINUX)
		return 0;
	if (bridge->is_bridge)
		return err_set(err, -ENODEV,
			       "'%s' is a Linux bridge, not one of Open "
			       "vSwitch",
			       spec->bridge);
	return err_set(err, -ENODEV,
		       "'%s' is not a bridge; 'ip link show type bridge' "
		       "lists those there are, 'ovs-vsctl list-br' those of "
		       "Open vSwitch",
		       spec->bridge);
}

static int build(struct plan *plan, struct nic_plan *nic,
		 const struct run_spec *spec, const struct facts *facts,
		 const struct machine *machine, struct err *err)
{
	bool is_bridge = nic->spec->kind == NIC_BRIDGE;
	char mac_text[MAC_TEXT_SIZE];
	struct mac mac;
	int r = is_bridge ? check_bridge(spec, nic->spec, facts, err) : 0;

	if (r == 0 && (nic->spec->model || nic->spec->queues))
		r = find_model(nic, facts, err);
	if (r == 0)
		r = tap_count_queues(spec, nic->spec, nic->model_facts,
				     &nic->queues, err);
	if (r < 0)
		return r;
	strbuf_addf(&nic->device, "%s,netdev=%s", nic->model, nic->id);
	tap_add_device_words(&nic->device, nic->spec, nic->model_facts,
			     nic->queues);
	strbuf_addf(&nic->netdev, "type=%s,id=%s", is_bridge ? "tap" : "user",
		    nic->id);
	r = place_words(nic, facts, err);
	if (r < 0)
		return r;
	bool has_mac =
		guest_mac_choose(spec, nic->spec, facts, nic->number, &mac);
	if (has_mac) {
		mac_format(&mac, mac_text);
		words_add(&nic->device, "mac", mac_text);
		plan_add_nic(plan, nic->number, &mac);
	}
	if (boot_rom_is_idle(spec, nic->spec, machine, nic->model,
			     nic->model_facts))
		words_add(&nic->device, "romfile", "");
	if (seed_server_is_on(plan, spec, nic->spec))
		seed_server_add_forward(plan, &nic->netdev);
	if (is_bridge)
		r = tap_add(plan, &nic->netdev, nic->spec, nic->id,
			    has_mac ? mac_text : NULL, nic->queues, facts, err);
	else
		r = forward_add_all(plan, &nic->netdev, nic->spec, nic->id,
				    facts, err);
	if (r < 0)
		return r;
	if (!is_bridge)
		reach_add_forwards(plan, &nic->netdev, spec, facts, nic->id);
	plan_add_arg(plan, "-device", strbuf_detach(&nic->device));
	plan_add_arg(plan, "-netdev", strbuf_detach(&nic->netdev));
	return 0;
}

static int add_nic(struct plan *plan, const struct run_spec *spec,
		   const struct facts *facts, const struct machine *machine,
		   const struct nic_spec *nic_spec, unsigned int number,
		   struct err *err)
{
	struct nic_plan nic = {
		.spec = nic_spec,
		.number = number,
		.model = machine_nic_model(spec, nic_spec, machine),
	};

	snprintf(nic.id, sizeof(nic.id), "net%02u", number);
	int r = build(plan, &nic, spec, facts, machine, err);
	strbuf_done(&nic.device);
	strbuf_done(&nic.netdev);
	return r < 0 ? err_prefix(err, "--netdev '%s'", nic_spec->arg) : 0;
}

static int add_default(struct plan *plan, const struct run_spec *spec,
		       const struct facts *facts, const struct machine *machine,
		       struct err *err)
{
	const struct bridge_facts *bridge = facts_bridge(facts, DEFAULT_BRIDGE);
	char user[] = "user", virbr[] = DEFAULT_BRIDGE;
	bool has_bridge = bridge && bridge->exists && bridge->is_bridge;
	const struct nic_spec nic = {
		.arg = has_bridge ? virbr : user,
		.kind = has_bridge ? NIC_BRIDGE : NIC_USER,
		.bridge = has_bridge ? virbr : NULL,
	};

	if (!has_bridge)
		plan_note(plan, NOTE_INFO,
			  "there is no bridge " DEFAULT_BRIDGE
			  " on this host; the NIC is on QEMU's user network "
			  "(--netdev chooses)");
	return add_nic(plan, spec, facts, machine, &nic, 0, err);
}

int nic_add_all(struct plan *plan, const struct run_spec *spec,
		const struct facts *facts, const struct machine *machine,
		struct err *err)
{
	if (spec->nic_count == 0)
		return add_default(plan, spec, facts, machine, err);
	for (size_t i = 0; i < spec->nic_count; i++) {
		int r = add_nic(plan, spec, facts, machine, &spec->nics[i],
				(unsigned int)i, err);
		if (r < 0)
			return r;
	}
	return 0;
}
