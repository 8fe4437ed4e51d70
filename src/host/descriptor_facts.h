/* SPDX-License-Identifier: Apache-2.0 */
/* The texts of firmware descriptors. What is in them is for plan/ to say. */
#ifndef XKVM_HOST_DESCRIPTOR_FACTS_H
#define XKVM_HOST_DESCRIPTOR_FACTS_H

#include "plan/facts.h"

/* A descriptor has some hundred bytes; a longer file is none. */
#define DESCRIPTOR_MAX 65536

/* Appends one descriptor, whatever its name. */
void host_read_descriptor(const char *path, struct facts *facts);

/* Appends the files *.json of a folder, sorted; none where it cannot be
 * listed. */
void host_read_descriptor_folder(const char *folder, struct facts *facts);

/* Appends those of this host: /usr/share/qemu/firmware, /etc/qemu/firmware and
 * $XDG_CONFIG_HOME/qemu/firmware, else ~/.config/qemu/firmware. */
void host_read_descriptors(struct facts *facts);

#endif
