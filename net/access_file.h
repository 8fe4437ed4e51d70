/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The access list of this host, from its files.
 *
 * A file of it is trusted where only root can have written it: it is root's,
 * nobody else may write to it, and the same holds for each folder above. No
 * symbolic link is followed, and nothing but a regular file is opened, so that
 * no FIFO and no device can make the reader wait.
 */
#ifndef XKVM_NET_ACCESS_FILE_H
#define XKVM_NET_ACCESS_FILE_H

#include "access.h"

#define ACCESS_PATH "/etc/xkvm/bridge.conf"
/* Of QEMU's bridge helper: read where there is none of ours. */
#define ACCESS_PATH_QEMU "/etc/qemu/bridge.conf"

/*
 * The list that is in force, in `*ret`, which the caller frees. What is wrong
 * with it, or that there is none, is a finding. -ENOMEM is the only failure.
 */
must_check int access_file_load(struct access_list **ret);

/*
 * The list that the file at `path` would be. Where it is not to be trusted,
 * that is a finding, and it is read all the same.
 */
must_check int access_file_load_draft(const char *path,
				      struct access_list **ret);

#endif
