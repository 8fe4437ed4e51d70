/* SPDX-License-Identifier: Apache-2.0 */
/* What the machine asks of its firmware: its type, and the size of its
 * flash. */
#ifndef XKVM_PLAN_FIRMWARE_FIT_H
#define XKVM_PLAN_FIRMWARE_FIT_H

#include <stdint.h>

#include "plan/facts.h"
#include "plan/machine.h"

/* The type of the guest's machine, "pc" or "virt"; NULL where only QEMU knows.
 * Owned by the caller. */
char *firmware_machine_type(const struct run_spec *spec,
			    const struct machine *machine);

/* Whether the machine was named by the user, and is not to be changed. */
bool firmware_machine_is_given(const struct run_spec *spec);

/* Does a pattern of firmware.json mean this machine? The patterns are about
 * concrete types, so an alias such as q35 stands for pc-q35-VERSION. */
bool firmware_machine_matches(const char *pattern, const char *type);

/* The exact size of one flash device; 0: any that QEMU takes. */
uint64_t firmware_flash_size(const char *arch, const char *type);

/* How many bytes of flash the file is in this format. */
uint64_t firmware_file_size(const struct file_facts *file, const char *format);

/* -EINVAL, with a message about `path`, where a file of that size cannot be
 * flash of this machine. */
must_check int firmware_check_bios(const struct file_facts *file,
				   const char *arch, const char *type,
				   struct err *err);

#endif
