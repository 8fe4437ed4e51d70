/* SPDX-License-Identifier: Apache-2.0 */
/* What the fuzz targets share: input as text, and what an error must be. */
#ifndef TESTS_FUZZ_INPUT_H
#define TESTS_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/strv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input up to its first NUL. On the heap, where a read beyond the end is
 * noticed; owned by the caller. */
char *input_text(const uint8_t *data, size_t size);

/* The input as arguments, each ended by a NUL. */
void input_args(const uint8_t *data, size_t size, struct strv *args);

/* Ends the target where `holds` is false. */
void require(bool holds);

/* The call has failed as it should: its code is in the error, with a message
 * of one printable line. */
void require_error(int result, const struct err *err);

#endif
