/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of an access list becomes rules.
 *
 *	allow BRIDGE [user:NAME | group:NAME]... [max=N] [vlan=A-B[:C...]]
 *	    [tap=NAME[:PREFIX*...]]
 *	deny BRIDGE [user:NAME | group:NAME]... [vlan=A-B[:C...]]
 *	    [tap=NAME[:PREFIX*...]]
 *	include PATH
 *
 * one on each line. Words are separated by spaces and tabs; a word that begins
 * with '#' begins a comment. BRIDGE is a name, or the word `all`. What is said
 * without users, groups and VLANs is what QEMU's bridge helper reads as well.
 *
 * Whatever is not understood, cannot be looked up or is too long is a finding,
 * and so is a last line without an end: what should follow it may be missing.
 */
#ifndef XKVM_NET_ACCESS_PARSE_H
#define XKVM_NET_ACCESS_PARSE_H

#include "access.h"

/* Bytes in a file. */
#define ACCESS_FILE_MAX 65536
/* How many files an include may be away from the first one. */
#define ACCESS_DEPTH_MAX 8
#define ACCESS_REASON_SIZE 384

struct access_text {
	char *data; /* from malloc(); needs no terminator */
	size_t size;
	/* Everybody may read it: so findings may have words of it. */
	bool is_public;
};

/* What the parser must ask of the world. */
struct access_source {
	void *context;
	/*
	 * Reads a file. 0: its text is the caller's, and `reason` says what
	 * else is wrong with the file, empty: nothing. -1: `reason` says why
	 * there is no text.
	 */
	int (*read)(void *context, const char *path, struct access_text *ret,
		    char reason[static ACCESS_REASON_SIZE]);
	/* 0, -ENOENT where there is no such name, or another -errno. */
	int (*find_user)(void *context, const char *name, uid_t *ret);
	int (*find_group)(void *context, const char *name, gid_t *ret);
};

/* Adds the rules and the findings of the file at `path`, and of what it
 * includes. */
void access_parse(struct access_list *list, const char *path,
		  const struct access_source *source);

#endif
