/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan: everything a run will do, decided and not yet done.
 *
 * It is made from the spec and the facts by plan_make(), a pure function, and
 * then either printed (--dry-run) or carried out (run/). There is no second
 * path.
 */
#ifndef XKVM_PLAN_PLAN_H
#define XKVM_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/facts.h"
#include "plan/seed.h"
#include "spec/run_spec.h"

#define DEFAULT_BRIDGE "virbr0"
/* The port by which the guest agent is known, and the id that ours has. */
#define AGENT_PORT "org.qemu.guest_agent.0"
#define AGENT_DEVICE "xkvm-agent"

/* A descriptor that QEMU is started with, other than 0, 1 and 2. */
enum plan_fd_kind {
	PLAN_FD_TAP, /* the tap of `nic` */
	PLAN_FD_VHOST_NET, /* /dev/vhost-net, for `nic` */
	PLAN_FD_NVRAM, /* a private copy in memory of the file `path` */
	PLAN_FD_LOCK, /* of the file `path`, which holds its lock: QEMU has it
			 and does not use it */
	PLAN_FD_KERNEL, /* the ELF in the kernel `path`, from `cache` or
			   unpacked */
	PLAN_FD_QMP, /* QEMU's end of the supervisor's QMP socket */
	PLAN_FD_CONFIG, /* a file in memory that holds `content` */
	PLAN_FD_CONSOLE, /* QEMU's end of the serial console's socket */
	PLAN_FD_IMAGE, /* a disk's `image`, a file without a name in the folder
			  `path` */
	PLAN_FD_AGENT, /* QEMU's end of the guest agent's socket */
	PLAN_FD_TPM, /* QEMU's end of the TPM's control socket */
	PLAN_FD_SEED, /* a file in memory: a CD image of the seed's files */
	PLAN_FD_SEED_SERVER, /* QEMU's end of the seed's server's socket */
	PLAN_FD_CREDENTIAL, /* a file in memory that holds `content`, a string
			       of the machine's with the credential `path` */
	PLAN_FD_INHERITED, /* the caller's, named in the arguments */
};

/* A disk image that is made. Strings are owned. */
struct plan_image {
	char *format;
	uint64_t size; /* of the disk in it, in bytes; 0: that of the base */
	char *base; /* what it is an overlay on, absolute; or NULL */
	char *base_format;
};

struct plan_fd {
	int number;
	enum plan_fd_kind kind;
	size_t nic; /* index into taps[], for TAP and VHOST_NET */
	unsigned int queue; /* of that tap, from 0 */
	char *path; /* owned; for NVRAM, LOCK, KERNEL and IMAGE */
	uint64_t size; /* that the copy is filled up to, for NVRAM; or 0 */
	bool is_shared; /* for LOCK: others may read, too */
	char *cache; /* owned; the folder, for KERNEL; or NULL */
	char *content; /* owned; for CONFIG */
	struct plan_image image; /* for IMAGE */
};

/* A tap to ask xkvm-net for. Strings are owned. */
struct plan_tap {
	char *netdev; /* the id of its -netdev, "net00" */
	char *bridge;
	char *mac; /* the guest's, or NULL where QEMU chooses */
	struct port_spec port; /* on the bridge */
	bool is_elsewhere; /* the bridge is not in this network namespace */
	unsigned int queues; /* at least 1; a PLAN_FD_TAP for each */
};

/* A port of this host that leads to the guest. */
struct plan_forward {
	char netdev[16]; /* the id of its -netdev, "net00" */
	struct fwd_spec fwd;
};

/* Who is asked for the taps. Strings are owned. */
struct plan_helper {
	enum helper_way ways[HELPER_WAY_COUNT]; /* one after the other */
	size_t way_count;
	char *net; /* the path of xkvm-net */
	char *qemu; /* of QEMU's bridge helper */
	char *sudo;
	char *socket;
	bool asks; /* sudo may ask for a password */
	char *cause; /* why no better way is there, and what mends it; or NULL
		      */
};

/* The program that is the guest's TPM. Its descriptors are TPM_SOCKET, the
 * other end of QEMU's, and TPM_STATE. All members are owned. */
#define PLAN_TPM_SOCKET 3
#define PLAN_TPM_STATE 4
struct plan_tpm {
	char *program; /* NULL: there is none */
	struct strv argv;
	char *folder; /* its state, made if missing; NULL: in memory */
};

enum plan_file_kind {
	PLAN_FILE_CREATE_NVRAM, /* `path`, as a copy of `source` */
	PLAN_FILE_CREATE_IMAGE, /* `path`, as `image` says */
	PLAN_FILE_GROW_IMAGE, /* `path`, of `image`.format, to `image`.size */
	PLAN_FILE_MARK_RAW, /* remember that `path` was used as raw */
	PLAN_FILE_UNMARK_RAW, /* the user says it is another format */
};

/* A file to create or change before QEMU starts. Strings are owned. */
struct plan_file {
	enum plan_file_kind kind;
	char *path;
	char *source;
	uint64_t size; /* that a copy is filled up to; or 0 */
	struct plan_image image;
};

enum plan_note_level {
	NOTE_INFO, /* worth knowing; --quiet hides it */
	NOTE_WARNING, /* worth changing */
};

struct plan_note {
	enum plan_note_level level;
	char *text; /* owned; one line */
};

/* The guest's serial console, where this process has its other end. */
struct plan_console {
	bool is_ours; /* else it is as QEMU makes it */
	enum console_place place;
	char *path; /* owned; of a file or socket; or NULL */
	char *log; /* owned; or NULL */
	bool log_has_times, log_appends;
	bool is_stdio; /* what it writes goes to standard output */
	bool reads_stdin; /* and what standard input brings goes to it */
};

/* What is run in the guest. Strings are owned. */
struct plan_command {
	char *text; /* for its shell; NULL: nothing */
	bool by_agent, by_ssh; /* who is asked; of both, who is there first */
	bool is_input_empty; /* it has nothing to read */
	char *user; /* of ssh; NULL: to be found out */
	unsigned int power_off_ms; /* how long the guest may take to power down
				      after it */
};

struct plan {
	char *program; /* owned; the path to execute */
	struct strv argv; /* argv[0] is the program as it was asked for */

	struct plan_fd *fds;
	size_t fd_count;
	struct plan_tap *taps;
	size_t tap_count;
	struct plan_helper helper; /* where there is a tap */
	struct plan_forward *forwards;
	size_t forward_count;
	struct plan_file *files;
	size_t file_count;
	struct plan_note *notes;
	size_t note_count;
	struct plan_tpm tpm;
	struct seed_nic *nics; /* those whose address is known */
	size_t nic_count;
	struct seed seed; /* without files, where there is none */
	bool has_seed_server; /* a NIC leads to it */
	char *qemu_img; /* owned; for images that are not raw; or NULL */

	struct wait_spec *waits; /* owned; all must come */
	size_t wait_count;
	unsigned int timeout_ms; /* for all of them; 0: none */
	struct plan_console console;
	struct plan_command command;
	char *ssh; /* owned; the path of ssh(1), where that may be used; or NULL
		    */
	bool has_user_nic; /* one on the user network */
	bool has_agent; /* its port is there */
	bool asks_addresses; /* the agent, for the guest's own */

	char *guest_name; /* owned; or NULL */
	char *ovsdb; /* owned; for xkvm-net; NULL: where it looks itself */
	bool is_stdin_empty; /* QEMU reads from /dev/null */
	bool owns_terminal; /* QEMU reads from the terminal */
	bool uses_curses;
	bool is_daemonized; /* QEMU goes on when its first process ends */
	enum panic_action on_panic;
	bool has_debug_exit; /* isa-debug-exit: QEMU ends with 2 * N + 1 */
	bool is_exec; /* this process becomes QEMU; there is no supervisor */
	unsigned int grace_ms;
};

/* Makes the plan. -EINVAL where the command line is wrong; other errors where
 * this host cannot do it. */
must_check int plan_make(const struct run_spec *spec, const struct facts *facts,
			 struct plan *ret, struct err *err);
void plan_done(struct plan *plan);

/* For the parts of the plan that add to it. */
void plan_add_arg(struct plan *plan, const char *option, char *value_owned);
void plan_note(struct plan *plan, enum plan_note_level level, const char *fmt,
	       ...) printf_like(3, 4);
/* The result is valid until the next one is added. */
struct plan_file *plan_add_file(struct plan *plan, enum plan_file_kind kind,
				const char *path, const char *source);
void plan_add_nic(struct plan *plan, unsigned int number,
		  const struct mac *mac);
/* Adds a descriptor with the next number that neither the plan nor the user's
 * arguments use. The result is valid until the next one is added. */
struct plan_fd *plan_add_fd(struct plan *plan, enum plan_fd_kind kind);

/* Where a way leads: the path of a socket or of a program. Belongs to
 * `helper`. */
const char *plan_helper_target(const struct plan_helper *helper,
			       enum helper_way way);

#endif
