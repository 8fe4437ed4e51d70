/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a QEMU program has answered before, kept in a file of the user's cache
 * folder: $XDG_CACHE_HOME/xkvm, or ~/.cache/xkvm (XDG Base Directory
 * Specification). This reads; run/cache_store.h writes.
 *
 * A file has the lists (base/lists.h) of one program, and holds as long as the
 * program is what it was: the same file by device, inode, size and times, with
 * the same folders of modules. Anything else in its place, damaged, of another
 * owner or for others to write, is no answer: QEMU is asked again.
 */
#ifndef XKVM_HOST_QEMU_CACHE_H
#define XKVM_HOST_QEMU_CACHE_H

#include "base/lists.h"

/* The name of a file, without that of the program. */
#define QEMU_CACHE_PREFIX "qemu-"

/* Names of lists; qemu_answers.c has those for what QEMU said. */
#define CACHE_PROGRAM "program" /* its path, then its identity */
#define CACHE_VERSION "version"

struct qemu_cache {
	char *folder; /* owned; NULL: nothing can be kept */
	char *file; /* owned; its name in the folder */
	struct strv identity; /* of the program, as it is now */
	void *block; /* owned; what `known` is in */
	struct lists known; /* what holds of the file; empty where none does */
	struct list_set learned; /* answers that were not in it */
};

#define QEMU_CACHE_INIT \
	{               \
		0       \
	}

/*
 * Looks for what is known of the program at `path`, on a host of this kind
 * (uname -m). That there is nothing is no failure.
 */
void qemu_cache_open(struct qemu_cache *ret, const char *path,
		     const char *host_machine);
void qemu_cache_done(struct qemu_cache *cache);

/* A program that is a script may start another one tomorrow, and look the same:
 * its answers are not kept. */
bool qemu_cache_may_keep(const struct qemu_cache *cache);

/* The folder; NULL where the environment names none. Owned by the caller. */
char *qemu_cache_folder(void);

/* A file that is no more than its name says. */
struct qemu_cache_entry {
	char *file; /* owned */
	uint64_t size;
	bool is_valid; /* a block that was not damaged */
	bool is_fresh; /* the program is still the same */
	void *block; /* owned */
	struct lists lists; /* of a valid one */
};

/* The files in the folder, sorted by name. Owned by the caller. */
struct qemu_cache_entry *qemu_cache_entries(const char *folder,
					    const char *host_machine,
					    size_t *ret_count);
void qemu_cache_entries_free(struct qemu_cache_entry *entries, size_t count);

#endif
