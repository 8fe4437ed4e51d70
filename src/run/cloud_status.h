/* SPDX-License-Identifier: Apache-2.0 */
/* What 'cloud-init status --wait --long' prints; since 22.4 at least, with
 * changes in 23.4. Pure: text goes in. */
#ifndef XKVM_RUN_CLOUD_STATUS_H
#define XKVM_RUN_CLOUD_STATUS_H

#include <stdbool.h>

/* The command that prints it, for a shell. */
#define CLOUD_STATUS_COMMAND "LC_ALL=C cloud-init status --wait --long"

enum cloud_state {
	CLOUD_DONE,
	CLOUD_DEGRADED, /* done, with errors that it could recover from */
	CLOUD_ERROR,
	CLOUD_DISABLED,
	CLOUD_UNKNOWN, /* it says nothing that is known */
};

/* *ret_errors is what it says of them, as one line; owned by the caller, empty
 * where there is none. */
enum cloud_state cloud_status_read(const char *text, char **ret_errors);

#endif
