/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this host has, as values. host/ fills this in by reading; the plan is
 * made from it and from the spec alone. Only what was asked for (see
 * questions.h) is in here.
 */
#ifndef XKVM_PLAN_FACTS_H
#define XKVM_PLAN_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strv.h"
#include "plan/image_format.h"
#include "plan/kernel_image.h"
#include "spec/fwd_spec.h"

/* A device model that QEMU was asked about. All strings are owned. */
struct model_facts {
	char *asked; /* as the user, or the default, names it */
	char *name; /* with the alias resolved; NULL: QEMU has no such device */
	struct strv properties; /* QMP device-list-properties */
};

/* What the program said over QMP. */
struct qemu_facts {
	char *path; /* owned; NULL: not found */
	char *failure; /* owned; why it could not be asked; NULL: it answered,
			  or nothing needed to be asked */
	struct model_facts *models;
	size_t model_count;
	struct strv devices; /* all it has, with aliases */
	struct strv machines; /* query-machines, without aliases */
	struct strv drive_options; /* query-command-line-options, "drive" */

	/* From query-qmp-schema, asked only where the lists above do not
	 * settle every word. */
	bool has_schema;
	struct strv block_options; /* of -drive: "file.locking", ... */
	struct strv user_options; /* of -netdev user */
	struct strv tap_options; /* of -netdev tap */
};

enum file_kind {
	FILE_MISSING,
	FILE_REGULAR,
	FILE_BLOCK,
	FILE_CHAR,
	FILE_DIRECTORY,
	FILE_FIFO,
	FILE_SOCKET,
	FILE_UNREACHABLE, /* `error` says why it could not be looked at */
};

/* What a lock of QEMU's on an image says. */
enum file_lock {
	FILE_LOCK_WRITER = 1, /* somebody writes */
	FILE_LOCK_NO_WRITERS = 2, /* somebody lets nobody else write */
	FILE_LOCK_NO_READERS = 4, /* nor read */
};

/* A process that has such a lock. Strings are owned. */
struct file_holder {
	int32_t pid; /* 0: not looked for, or not seen */
	char *program; /* its name */
	char *guest; /* the guest's, where it is a QEMU with one; or NULL */
};

struct file_facts {
	char *path; /* owned; as it was asked for */
	char *real_path; /* owned; absolute, links followed; NULL if none */
	enum file_kind kind;
	int error; /* errno of reading its header; 0 when that was possible */
	bool can_write;
	uint64_t size; /* of a regular file, in bytes */
	uint64_t virtual_size; /* of the disk in it; 0: not known */
	uint32_t owner; /* uid */
	uint32_t mode; /* permission bits */
	enum image_format format;
	bool was_raw; /* xkvm has used it as a raw disk before */
	unsigned int locks; /* of others on it: FILE_LOCK_* */
	struct file_holder holder; /* of those that are in the way */
	/* Of a disk with size= or base= alone: */
	char *future_path; /* owned; what real_path will be when it is made */
	char *backing; /* owned; the absolute path of what it is an overlay on,
			  links followed; or, where that is no file, what its
			  header says; or NULL */
	char *nvram_template; /* owned; what xkvm made it from as a store of
				 UEFI variables; or NULL */
};

/* A firmware descriptor, firmware.json in QEMU's docs/interop. */
struct descriptor_facts {
	char *path; /* owned */
	char *text; /* owned; NULL where it could not be read */
	int error; /* errno of that */
};

struct bridge_facts {
	char *name; /* owned */
	bool exists;
	bool is_bridge; /* a Linux bridge */
	bool may_be_ovs; /* of a kind that Open vSwitch's bridges have */

	/* Of a Linux bridge: what a guest on it may not expect. */
	bool is_down;
	bool lacks_carrier; /* it has ports to the outside; none has one */
	unsigned int port_delay_ms; /* until a new port passes frames (STP) */
	/* iptables (ip6tables) see what passes it from port to port. */
	bool has_iptables;
	bool has_ip6tables;
	/* What they do with it is for root alone to see. */
	bool is_firewall_hidden;
	/*
	 * Where that is dropped unless a rule accepts it: chains of nftables,
	 * as "inet filter forward", and "iptables-legacy" and
	 * "ip6tables-legacy" for their FORWARD. Not those with a rule that
	 * accepts what passes this bridge.
	 */
	struct strv droppers;
};

/* A port of this host that a forward needs. */
struct port_facts {
	char *address; /* owned; IPv4 */
	unsigned int port;
	bool is_udp;
	int error; /* errno of bind(2); 0: it is free */
	char *holder; /* owned; who has it: "process 123 (sshd)"; or NULL */
};

enum kvm_state {
	KVM_USABLE,
	KVM_MISSING, /* no /dev/kvm */
	KVM_DENIED, /* not for this user */
	KVM_SOFTWARE, /* opens, but the CPU has neither vmx nor svm */
	KVM_BROKEN, /* opening fails with kvm_error */
};

/* A program that may have a privilege which its caller lacks. */
struct privileged_file {
	char *path; /* owned; NULL: there is none */
	int error; /* errno of executing it; 0: it can be */
	bool gives; /* it has the capability for taps, or is setuid root */
	bool is_nosuid; /* on a file system mounted so, which takes that away */
	bool is_roots; /* root's, and nobody else can write to it */
};

/* From where the privilege for taps may come. */
struct helper_facts {
	bool is_capable; /* what this process starts has it */
	bool has_no_new_privs;
	bool is_bounded; /* the bounding set lacks CAP_NET_ADMIN */
	bool is_in_user_namespace;
	bool is_traced;
	bool has_terminal; /* with a person who can be asked */
	char *user; /* owned; the caller's name, or uid */
	struct privileged_file net; /* xkvm-net */
	struct privileged_file qemu; /* QEMU's bridge helper */
	struct privileged_file sudo;
	char *socket; /* owned; of the service */
	int socket_error; /* errno of connecting to it, as far as can be known
			     without doing it; 0: it may be */
	char *group; /* owned; whose the socket, else xkvm-net, is, where that
			is not open to `user`; NULL: it is, or the group has no
			name */
	bool is_member; /* of `group`, but not yet at this login */
};

/* A file that was read whole. */
struct text_facts {
	char *path; /* owned; as it was asked for */
	char *text; /* owned; all of it */
	size_t len;
	int error; /* errno of reading it; EFBIG: more than TEXT_FACTS_MAX */
};

/* As much as fits into the strings of a machine, when it is written as text. */
#define TEXT_FACTS_MAX ((size_t)32 << 10)

/* What a text is by the rules of YAML, as far as a seed needs to know. */
enum yaml_root {
	YAML_NOTHING, /* nothing but blanks and comments */
	YAML_MAPPING,
	YAML_OTHER,
};

struct yaml_facts {
	char *error; /* owned; why it is no YAML, and where; or NULL */
	enum yaml_root root;
	/* Of a mapping: */
	struct strv keys; /* those at the top */
	char *version; /* owned; that of a network-config; or NULL */
	bool is_open; /* something can be put before its first entry, ... */
	size_t first; /* ... at this byte, ... */
	size_t column; /* ... which is so far right */
	bool is_flow; /* it is written as {a: b} */
};

/* A file that a seed is made of. */
struct seed_text {
	char *path; /* owned; as it was asked for */
	char *text; /* owned; all of it; NULL where it could not be read */
	size_t len;
	int error; /* errno of that; EFBIG: it is larger than SEED_TEXT_MAX */
	struct yaml_facts yaml; /* where it is to be YAML */
};

/* No seed needs as much, and all of it is read. */
#define SEED_TEXT_MAX ((size_t)16 << 20)
#define SEED_SECRET_SIZE 16

struct seed_facts {
	struct seed_text *texts; /* as cloud_init_spec_source() counts them */
	size_t text_count;
	char *yaml_failure; /* owned; why no YAML was looked at; or NULL */
	struct strv ssh_keys; /* public keys found, for --ssh-key=auto */
	unsigned char secret[SEED_SECRET_SIZE]; /* new in every run */
	bool has_secret;
};

struct facts {
	char *host_machine; /* owned; uname -m */
	char *machine_id; /* owned; NULL where the host has none */
	uint32_t uid;
	uint64_t random; /* new in every run */
	bool stdin_is_tty;
	bool stdout_is_tty;

	enum kvm_state kvm;
	int kvm_error; /* errno, for KVM_BROKEN */
	int vhost_net_error; /* errno of opening /dev/vhost-net, or 0 */

	enum kernel_packing kernel; /* of --kernel, for --fast */
	char *ssh; /* owned; path of the program; NULL: not installed */
	char *swtpm; /* owned; path of the program; NULL: not installed */
	char *qemu_img; /* likewise */

	struct qemu_facts qemu;
	struct file_facts *files;
	size_t file_count;
	struct descriptor_facts *descriptors; /* folder by folder, from the
						 general to the specific */
	size_t descriptor_count;
	struct bridge_facts *bridges;
	size_t bridge_count;
	struct port_facts *ports;
	size_t port_count;
	bool has_docker; /* its bridge; where a firewall is hidden */
	struct helper_facts helper; /* where a NIC is on a bridge */
	struct seed_facts seed; /* where there is one */
	struct text_facts *texts;
	size_t text_count;
};

void facts_done(struct facts *facts);

/* What is known of a path, a bridge, a port or a device model; NULL if it was
 * not asked for. The result belongs to `facts`. */
const struct file_facts *facts_file(const struct facts *facts,
				    const char *path);
const struct text_facts *facts_file_text(const struct facts *facts,
					 const char *path);
const struct bridge_facts *facts_bridge(const struct facts *facts,
					const char *name);
const struct port_facts *facts_port(const struct facts *facts,
				    const struct fwd_spec *fwd);
const struct model_facts *facts_model(const struct facts *facts,
				      const char *asked);

#endif
