/* SPDX-License-Identifier: Apache-2.0 */
/* One --disk: a file, and what was said about it. */
#ifndef XKVM_SPEC_DISK_SPEC_H
#define XKVM_SPEC_DISK_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strv.h"
#include "base/words.h"

enum disk_interface {
	DISK_IF_DEFAULT, /* if= not given, or if=none */
	DISK_IF_VIRTIO,
	DISK_IF_SCSI,
	DISK_IF_IDE,
	DISK_IF_PFLASH,
	DISK_IF_CDROM, /* --cdrom: what the machine has for that */
};

/* Whether writes go to an overlay that is thrown away. */
enum disk_ephemeral {
	DISK_EPHEMERAL_DEFAULT, /* as --ephemeral says */
	DISK_EPHEMERAL_ON,
	DISK_EPHEMERAL_OFF,
};

/* All strings are owned; NULL where nothing was said. */
struct disk_spec {
	const char *option; /* static; "--disk" or "--cdrom", for messages */
	char *arg; /* as typed, for messages */

	/*
	 * The path is `file` (file=PATH), or else one of the bare words. Which
	 * one is for the plan to say: a bare word can also be a flag such as
	 * "readonly", and only QEMU knows its flags.
	 */
	char *file;
	struct strv bare;

	char *driver; /* driver=, a QEMU device */
	enum disk_interface interface;
	char *id;
	char *format; /* format= or fmt= */
	char *serial;
	char *wwn; /* also among the `words` */
	char *bus, *unit, *index;

	uint64_t size; /* size=, in bytes; 0: not said */
	char *base; /* base= */
	bool grows; /* grow=on */
	enum disk_ephemeral ephemeral;

	bool is_cdrom; /* media=cdrom */
	bool is_ro; /* ro, which QEMU is to be told as readonly=on */
	bool is_readonly; /* that, readonly=on, read-only=on, or media=cdrom */
	bool is_snapshot; /* snapshot=on: writes are thrown away */

	struct words words; /* all of them, in order */
};

/* -EINVAL for text that can mean no disk. */
must_check int disk_spec_parse(const char *arg, struct disk_spec *ret,
			       struct err *err);
/* The disk that --cdrom makes of a path, which may have any character. */
struct disk_spec disk_spec_of_cdrom(const char *path);
void disk_spec_done(struct disk_spec *disk);

/* Whether disk_spec_parse() has taken this word (or it is bare), so that it is
 * neither a device property nor a drive option still to be placed. */
bool disk_spec_takes(const struct word *word);

#endif
