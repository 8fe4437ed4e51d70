/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/nic_spec.h"

#include <errno.h>
#include <stdlib.h>

int ifname_check(const char *name, struct err *err)
{
	size_t len = strlen(name);

	if (len == 0)
		return err_set(err, -EINVAL, "the bridge's name is empty");
	if (len > IFNAME_MAX)
		return err_set(err, -EINVAL,
			       "bridge name '%.40s' has %zu characters; the "
			       "kernel's limit is %d",
			       name, len, IFNAME_MAX);
	if (str_eq(name, ".") || str_eq(name, "..") || name[0] == '-')
		return err_set(err, -EINVAL, "'%s' cannot name a bridge", name);
	for (const char *c = name; *c; c++) {
		if (*c == ' ' || (unsigned char)*c < 0x20 || *c == 0x7f)
			return err_set(err, -EINVAL,
				       "bridge name '%s' has white space or a "
				       "control character in it",
				       name);
		if (strchr("/:*?[]%=", *c))
			return err_set(err, -EINVAL,
				       "bridge name '%s' has '%c' in it, "
				       "which no interface's name can have",
				       name, *c);
	}
	return 0;
}

static int set_mac(struct nic_spec *nic, const char *value, unsigned int number,
		   struct err *err)
{
	if (str_eq(value, "auto")) {
		nic->mac_kind = NIC_MAC_AUTO;
		return 0;
	}
	if (str_eq(value, "random")) {
		nic->mac_kind = NIC_MAC_RANDOM;
		return 0;
	}
	nic->mac_kind = NIC_MAC_GIVEN;
	int r = mac_parse(value, number, &nic->mac, err);
	return r < 0 ? err_prefix(err, "mac=%s", value) : 0;
}

static int set_model(struct nic_spec *nic, const char *value, struct err *err)
{
	if (*value == '\0')
		return err_set(err, -EINVAL,
			       "model= needs a QEMU device, such as virtio or "
			       "e1000");
	str_replace(&nic->model,
		    str_eq(value, "virtio") ? "virtio-net-pci" : value);
	return 0;
}

static int set_queues(struct nic_spec *nic, const char *value, struct err *err)
{
	char *end;

	if (str_eq(value, "auto")) {
		nic->queues = NIC_QUEUES_AUTO;
		return 0;
	}
	long queues = strtol(value, &end, 10);
	if (end == value || *end != '\0' || queues < 1 ||
	    queues > NIC_QUEUES_MAX)
		return err_set(err, -EINVAL,
			       "queues=%s: give a number from 1 to %d, or "
			       "auto for as many as the guest has CPUs",
			       value, NIC_QUEUES_MAX);
	nic->queues = (int)queues;
	return 0;
}

/* All that QEMU takes for on and off, and auto, which it does not know. */
static enum nic_vhost read_vhost(const char *value)
{
	static const struct {
		const char *name;
		enum nic_vhost vhost;
	} known[] = {
		{ "auto", NIC_VHOST_AUTO }, { "on", NIC_VHOST_ON },
		{ "yes", NIC_VHOST_ON },    { "true", NIC_VHOST_ON },
		{ "y", NIC_VHOST_ON },	    { "off", NIC_VHOST_OFF },
		{ "no", NIC_VHOST_OFF },    { "false", NIC_VHOST_OFF },
		{ "n", NIC_VHOST_OFF },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (str_eq(known[i].name, value))
			return known[i].vhost;
	return NIC_VHOST_NOT_SAID;
}

static int set_vhost(struct nic_spec *nic, const char *value, struct err *err)
{
	enum nic_vhost vhost = read_vhost(value);

	if (vhost == NIC_VHOST_NOT_SAID)
		return err_set(err, -EINVAL, "vhost=%s: use auto, on or off",
			       value);
	nic->vhost = vhost;
	return 0;
}

/* QEMU's older word for vhost=on. It has a say only where vhost= has none. */
static int set_vhostforce(struct nic_spec *nic, const char *value,
			  struct err *err)
{
	enum nic_vhost vhost = read_vhost(value);

	if (vhost != NIC_VHOST_ON && vhost != NIC_VHOST_OFF)
		return err_set(err, -EINVAL,
			       "vhostforce=%s: use vhost=auto, on or off",
			       value);
	if (vhost == NIC_VHOST_ON && nic->vhost == NIC_VHOST_NOT_SAID)
		nic->vhost = NIC_VHOST_ON;
	return 0;
}

static void add_forward(struct nic_spec *nic, const struct fwd_spec *fwd)
{
	nic->forwards = xreallocarray(nic->forwards, nic->forward_count + 1,
				      sizeof(*nic->forwards));
	nic->forwards[nic->forward_count++] = *fwd;
}

static int set_fwd(struct nic_spec *nic, const char *value, struct err *err)
{
	struct fwd_spec fwd;
	int r = fwd_spec_parse(value, &fwd, err);

	if (r == 0)
		add_forward(nic, &fwd);
	return r;
}

/* QEMU takes the word as it is. Where it leads is good to know. */
static void note_hostfwd(struct nic_spec *nic, const struct word *word)
{
	struct fwd_spec fwd;

	if (nic->kind == NIC_USER && str_eq(word->key, "hostfwd") &&
	    word->value && fwd_spec_read_hostfwd(word->value, &fwd))
		add_forward(nic, &fwd);
}

/* What xkvm says itself about every NIC and its backend. */
static bool is_reserved(const char *key)
{
	return str_eq(key, "id") || str_eq(key, "type") ||
	       str_eq(key, "netdev");
}

/* About the tap, which only a NIC on a bridge has. */
static bool is_of_tap(const struct word *word)
{
	return str_eq(word->key, "queues") || str_eq(word->key, "vhost") ||
	       str_eq(word->key, "vhostforce") || port_spec_takes(word);
}

bool nic_spec_takes(const struct word *word)
{
	return str_eq(word->key, "mac") || str_eq(word->key, "macaddr") ||
	       str_eq(word->key, "model") || str_eq(word->key, "fwd") ||
	       is_of_tap(word);
}

/* Whether a word may stand there, whatever its value is. */
static int check_word(const struct nic_spec *nic, const struct word *word,
		      struct err *err)
{
	if (*word->key == '\0')
		return err_set(err, -EINVAL, "'%s' has no key before its '='",
			       word->text);
	if (is_reserved(word->key))
		return err_set(err, -EINVAL,
			       "'%s' is xkvm's to set: the ids are net00, "
			       "net01, ... and the first word says the type",
			       word->key);
	if (is_of_tap(word) && nic->kind != NIC_BRIDGE)
		return err_set(err, -EINVAL,
			       "'%s' is for NICs on bridges; the user network "
			       "has no tap",
			       word->key);
	if (str_eq(word->key, "fwd") && nic->kind != NIC_USER)
		return err_set(err, -EINVAL,
			       "'fwd' is for NICs on the user network; a guest "
			       "on a bridge is reached at its own address");
	return 0;
}

static int take_word(struct nic_spec *nic, const struct word *word,
		     unsigned int number, struct err *err)
{
	int r = check_word(nic, word, err);
	if (r < 0)
		return r;
	if (!nic_spec_takes(word)) {
		note_hostfwd(nic, word);
		return 0;
	}
	if (str_eq(word->key, "vhost"))
		return set_vhost(nic, word->value ? word->value : "on", err);
	if (str_eq(word->key, "vhostforce"))
		return set_vhostforce(nic, word->value ? word->value : "on",
				      err);
	if (port_spec_takes(word))
		return port_spec_set(&nic->port, word, err);
	if (!word->value)
		return err_set(err, -EINVAL, "'%s' needs a value", word->key);
	if (str_eq(word->key, "model"))
		return set_model(nic, word->value, err);
	if (str_eq(word->key, "queues"))
		return set_queues(nic, word->value, err);
	if (str_eq(word->key, "fwd"))
		return set_fwd(nic, word->value, err);
	return set_mac(nic, word->value, number, err);
}

/* No interface's name has a ':' in it, so what stands before one says of which
 * kind the bridge is. Returns the name. */
static const char *take_type(struct port_spec *port, const char *text)
{
	if (str_starts(text, "ovs:")) {
		port->type = BRIDGE_OVS;
		return text + strlen("ovs:");
	}
	if (str_starts(text, "bridge:")) {
		port->type = BRIDGE_LINUX;
		return text + strlen("bridge:");
	}
	return text;
}

static int take_kind(struct nic_spec *nic, const struct word *word,
		     struct err *err)
{
	if (str_eq(word->text, "user")) {
		nic->kind = NIC_USER;
		return 0;
	}
	if (word->value)
		return err_set(err, -EINVAL,
			       "the first word is 'user' or a bridge, not "
			       "'%s'",
			       word->text);
	const char *name = take_type(&nic->port, word->text);
	int r = ifname_check(name, err);
	if (r < 0)
		return r;
	nic->kind = NIC_BRIDGE;
	nic->bridge = xstrdup(name);
	return 0;
}

int nic_spec_parse(const char *arg, unsigned int number, struct nic_spec *ret,
		   struct err *err)
{
	struct nic_spec nic = { .arg = xstrdup(arg) };
	int r = words_parse(arg, &nic.words, err);

	if (r == 0)
		r = take_kind(&nic, &nic.words.items[0], err);
	for (size_t i = 1; r == 0 && i < nic.words.count; i++) {
		r = take_word(&nic, &nic.words.items[i], number, err);
		if (r < 0)
			err_prefix(err, "word %zu", i + 1);
	}
	if (r == 0)
		r = port_spec_check(&nic.port, err);
	if (r < 0) {
		nic_spec_done(&nic);
		return r;
	}
	*ret = nic;
	return 0;
}

void nic_spec_done(struct nic_spec *nic)
{
	free(nic->arg);
	free(nic->bridge);
	free(nic->model);
	free(nic->forwards);
	port_spec_done(&nic->port);
	words_done(&nic->words);
	*nic = (struct nic_spec){ 0 };
}
