/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the user's own QEMU arguments (after `--`) say that xkvm must know.
 * They are handed to QEMU unchanged; here they are only read.
 */
#ifndef XKVM_SPEC_PASSTHROUGH_H
#define XKVM_SPEC_PASSTHROUGH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strv.h"

struct passthrough {
	bool names_accel; /* -accel, -machine accel=, -enable-kvm, -no-kvm */
	bool is_daemonized; /* -daemonize */
	bool is_snapshot; /* -snapshot: no disk is written */
	bool uses_curses; /* -curses, -display curses */
	/* The serial port is where a person looks: -nographic, -serial,
	 * -display none, -vnc none. */
	bool is_serial_watched;
	bool names_screen; /* -vga, -vnc and so on, and not "none" */
	bool names_output; /* the same, -nographic, -display none, -daemonize */
	bool is_nographic; /* -nographic */
	/* The first serial port, or a device in its place: -serial,
	 * -device isa-serial and its like on other machines. */
	bool names_serial;
	bool names_monitor; /* -monitor, -mon, -qmp: there is no default one */
	bool names_machine; /* -machine, in any form */
	/* "kernel", "initrd" or "append", the last that is there; or NULL */
	const char *kernel_option;
	/* Something to boot from: a kernel, a disk, a CD, a floppy. */
	bool has_medium;
	/* NICs keep their boot ROMs: -boot with n or a menu, -option-rom, a
	 * romfile; and the state that -incoming and -loadvm bring has them. */
	bool keeps_roms;
	bool mentions_scsi; /* anywhere: a disk for the controller, perhaps */
	bool mentions_ide; /* likewise, or -cdrom and its like */
	bool names_agent; /* the guest agent's port, by its name */
	bool names_cpu; /* -cpu */
	bool names_initrd; /* -initrd */
	bool names_memory; /* -m */
	bool names_smp; /* -smp */
	char *machine_type; /* owned; of -machine or -M; or NULL */
	unsigned int cpus; /* at the start, as -smp says; 0: it does not */
	bool has_kernel; /* -kernel */
	char *guest_name; /* owned; -name NAME or -name guest=NAME; or NULL */
	int *fds; /* owned; descriptors that are named in arguments */
	size_t fd_count;
};

/* The machine's type in the value of -machine. Owned by the caller; NULL where
 * it has none. */
char *machine_type_of(const char *arg);

/* How many CPUs there are at the start, by the value of -smp: its cpus=; else
 * all that there can be, which maxcpus= or the product of the topology says.
 * 0 where it does not say. */
unsigned int smp_count_cpus(const char *arg);

/* Reads the arguments. Never fails: what QEMU does not understand is for QEMU
 * to refuse. */
void passthrough_read(const struct strv *args, struct passthrough *ret);
void passthrough_done(struct passthrough *pt);

/*
 * Adds the descriptors that `arg` names (fd=3, fds=4:5, vhostfd=, /dev/fd/6,
 * /proc/self/fd/7) to the list. 0, 1 and 2 are left out: every program has
 * those.
 */
void passthrough_add_fds(struct passthrough *pt, const char *arg);

#endif
