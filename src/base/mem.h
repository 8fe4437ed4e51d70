/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory and ownership.
 *
 * The x-functions never fail: running out of memory while nothing runs yet
 * ends the program. What a guest's supervision needs is allocated before the
 * guest starts.
 */
#ifndef XKVM_BASE_MEM_H
#define XKVM_BASE_MEM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/err.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

void *xcalloc(size_t count, size_t size);
void *xreallocarray(void *p, size_t count, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) printf_like(1, 2);
char *xvasprintf(const char *fmt, va_list ap) printf_like(1, 0);

/* Frees *p and puts a copy of `s` (which may be NULL) there. */
void str_replace(char **p, const char *s);

static inline bool str_eq(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static inline bool str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* Frees, closes, ... the variable when it goes out of scope. */
#define cleanup(f) __attribute__((cleanup(f)))
#define cleanup_free cleanup(cleanup_free_p)
#define cleanup_close cleanup(cleanup_close_p)

void cleanup_free_p(void *p);
void cleanup_close_p(int *fd);

/* Closes *fd unless it is -1, and makes it -1. errno is kept. */
void close_fd(int *fd);

/* Hands an owned pointer or descriptor over and leaves NULL or -1 behind. */
#define take_ptr(p)                         \
	({                                  \
		__typeof__(p) taken_ = (p); \
		(p) = NULL;                 \
		taken_;                     \
	})
#define take_fd(fd)                \
	({                         \
		int taken_ = (fd); \
		(fd) = -1;         \
		taken_;            \
	})

#endif
