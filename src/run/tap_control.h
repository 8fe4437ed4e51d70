/* SPDX-License-Identifier: Apache-2.0 */
/* The effects of `xkvm tap-control`: persistent taps for other programs.
 * `ovsdb` is the path of the socket of Open vSwitch's database; NULL is the
 * usual one. */
#ifndef XKVM_RUN_TAP_CONTROL_H
#define XKVM_RUN_TAP_CONTROL_H

#include "base/strv.h"

/*
 * Makes one persistent tap for each bridge (Linux or Open vSwitch), for the
 * use of `owner` (uid). Adds a line for each to *lines: "NAME:brctl",
 * "NAME:ovs", or "skip" for the bridge "user". All or none: on failure nothing
 * of it is left. Root only.
 */
must_check int tap_control_make_nics(const struct strv *bridges,
				     unsigned int owner, const char *ovsdb,
				     struct strv *lines, struct err *err);

/* Removes one port, named as "BRIDGE:TAP", from an Open vSwitch bridge. */
must_check int tap_control_ovs_cleanup(const char *ovsdb, const char *item,
				       struct err *err);

#endif
