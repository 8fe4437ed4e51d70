/* SPDX-License-Identifier: Apache-2.0 */
/* A world for the parser of access lists: files, users and groups that are not
 * this host's. access_world.c says which. */
#ifndef TESTS_UNIT_NET_ACCESS_WORLD_H
#define TESTS_UNIT_NET_ACCESS_WORLD_H

#include "access_parse.h"

/* cmocka.h needs these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct world {
	const char *text; /* of /list; needs no terminator */
	size_t size;
	bool is_private;
	unsigned int reads; /* how many files were read */
};

/* The list that /list is. Owned by the caller, who frees it. */
struct access_list *world_parse(struct world *world);
struct access_list *world_parse_text(const char *text);

/* The list has just this finding, and opens nothing. `row` names the input. */
void check_finding(const char *row, const struct access_list *list,
		   const char *finding);

#endif
