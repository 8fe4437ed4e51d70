/* SPDX-License-Identifier: Apache-2.0 */
/* One firmware, as QEMU's docs/interop/firmware.json describes it: what it is
 * made of, where it fits, and what it can do. */
#ifndef XKVM_PLAN_FIRMWARE_DESCRIPTOR_H
#define XKVM_PLAN_FIRMWARE_DESCRIPTOR_H

#include "base/strv.h"

/* How QEMU is to load it. The first three are flash drives. */
enum firmware_mapping {
	FIRMWARE_SPLIT, /* code, and variables beside it */
	FIRMWARE_COMBINED, /* both in one file, which each guest has its own of
			    */
	FIRMWARE_STATELESS, /* code without variables */
	FIRMWARE_MEMORY, /* -bios */
	FIRMWARE_KERNEL, /* -kernel */
};

struct firmware_target {
	char *arch; /* owned; QEMU's name */
	struct strv machines; /* patterns for fnmatch(3) */
};

/* All members are owned. */
struct firmware {
	char *source; /* the descriptor's path, or where else it is known from
		       */
	char *description; /* "" where it has none */
	struct strv interfaces; /* "uefi", "bios", ...; never empty */
	enum firmware_mapping mapping;
	char *code;
	char *code_format; /* "raw" or "qcow2" */
	char *vars; /* the template of the variables; NULL but for SPLIT */
	char *vars_format;
	struct firmware_target *targets;
	size_t target_count;
	struct strv features;
};

#define cleanup_firmware cleanup(firmware_done)

void firmware_done(struct firmware *firmware);

/* Adds a target; the result is valid until the next one is added. */
struct firmware_target *firmware_add_target(struct firmware *firmware,
					    const char *arch);

/* The file that a guest's own store of variables is a copy of, and its format;
 * NULL where there is none. Belongs to `firmware`. */
const char *firmware_template(const struct firmware *firmware);
const char *firmware_template_format(const struct firmware *firmware);

/* "flash", "flash, combined" and so on. */
const char *firmware_mapping_name(enum firmware_mapping mapping);

/*
 * Reads a descriptor. Features, tags and members that nobody knows yet are no
 * fault; a missing member or a mapping that nobody knows is. -EPROTO, with a
 * message that says what is wrong and leaves out where.
 */
must_check int firmware_parse(const char *source, const char *text,
			      struct firmware *ret, struct err *err);

#endif
