/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at files without changing, or trusting, them. */
#ifndef XKVM_HOST_FILE_FACTS_H
#define XKVM_HOST_FILE_FACTS_H

#include "plan/facts.h"

/* The extended attribute by which a raw disk is remembered, and its value. */
#define RAW_MARK_NAME "user.xkvm.format"
#define RAW_MARK_VALUE "raw"

/* The one by which a store of UEFI variables remembers its template. */
#define NVRAM_MARK_NAME "user.xkvm.nvram-template"

/* Never blocks: a FIFO or a device is not opened. Strings in *ret are owned by
 * the caller. */
void host_look_at_file(const char *path, struct file_facts *ret);

#endif
