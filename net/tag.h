/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tag: what the alias of a tap says about who asked for it. Its form is
 * in wire.h. Pure text, no system call.
 */
#ifndef XKVM_NET_TAG_H
#define XKVM_NET_TAG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* IFALIASZ of the kernel, terminator included. */
#define TAG_SIZE 256
#define MAC_TEXT_SIZE 18

/* xx:xx:xx:xx:xx:xx, lower case. */
void mac_format(const uint8_t mac[6], char ret[static MAC_TEXT_SIZE]);

/* Writes a tag. `mac` may be NULL, `vm` may be NULL or empty: left out. */
void tag_format(uid_t uid, const uint8_t *mac, const char *vm,
		bool is_persistent, char ret[static TAG_SIZE]);

/*
 * Finds the value of `key` in an alias. Returns its start and writes its
 * length; NULL where the alias is not a tag or has no such key.
 */
const char *tag_find(const char *alias, const char *key, int *ret_len);

/* Is it a tag that names this MAC? */
bool tag_has_mac(const char *alias, const uint8_t mac[6]);

/* Is it a tag, of any user? */
bool tag_is_ours(const char *alias);

/* Is it that of a tap that was asked to be persistent? */
bool tag_is_persistent(const char *alias);

/* Is it a tag that names this user? */
bool tag_has_uid(const char *alias, uid_t uid);

#endif
