/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ethernet addresses as users write them.
 *
 * Six octets are an address. Fewer are the last octets of one that begins with
 * 52:54:00:12:34 (":05" is 52:54:00:12:34:05, "aa:bb" 52:54:00:12:aa:bb), and
 * the empty text is the NIC's own number as the last octet.
 */
#ifndef XKVM_SPEC_MAC_H
#define XKVM_SPEC_MAC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define MAC_LEN 6
#define MAC_TEXT_SIZE sizeof("00:00:00:00:00:00")

struct mac {
	uint8_t octets[MAC_LEN];
};

/* `number` is the NIC's, from 0. -EINVAL with the octet and its position for
 * text that is no unicast address. */
must_check int mac_parse(const char *text, unsigned int number, struct mac *ret,
			 struct err *err);

/* Writes "52:54:00:12:34:56", lower case. */
void mac_format(const struct mac *mac, char buf[MAC_TEXT_SIZE]);

bool mac_equal(const struct mac *a, const struct mac *b);

#endif
