/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QEMU's bridge helper, qemu-bridge-helper: setuid root, it makes one tap, puts
 * it on a Linux bridge that /etc/qemu/bridge.conf opens, sends its descriptor
 * through a socket that it inherits, and ends.
 */
#ifndef XKVM_RUN_BRIDGE_HELPER_H
#define XKVM_RUN_BRIDGE_HELPER_H

#include "run/tap_client.h"

/*
 * Starts it once for each request, of which it takes the bridge alone. *ret,
 * *ret_failed and -EACCES are as with tap_client_request(). The taps are there
 * to stay: they live as long as their descriptors.
 */
must_check int bridge_helper_request(const char *path,
				     const struct tap_request *requests,
				     size_t count, struct tap **ret,
				     size_t *ret_failed, struct err *err);

#endif
