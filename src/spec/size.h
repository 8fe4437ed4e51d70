/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes as people write them: a number and the letter of its unit. */
#ifndef XKVM_SPEC_SIZE_H
#define XKVM_SPEC_SIZE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Digits, then K, M, G or T, in either case and of 1024. `unit` is that of a
 * number without a letter; 0: there must be one. false for anything else, for
 * nothing, and for more than a file can have.
 */
bool size_parse(const char *text, uint64_t unit, uint64_t *ret);

/* The shortest of those that says it, "10G"; else "1000 bytes". Owned by the
 * caller. */
char *size_text(uint64_t size);

#endif
