/* SPDX-License-Identifier: Apache-2.0 */
/* Where distributions put firmware that no descriptor describes. */
#ifndef XKVM_PLAN_FIRMWARE_PLACES_H
#define XKVM_PLAN_FIRMWARE_PLACES_H

#include "plan/firmware_descriptor.h"

/* What such a firmware has for its source. */
#define FIRMWARE_PLACE "a known place"

/* The number of places, and one of them. *ret is owned by the caller. */
size_t firmware_place_count(void);
void firmware_place(size_t i, struct firmware *ret);

/* The packages that have UEFI firmware for `arch`, for a message; NULL where
 * none is known. */
const char *firmware_packages(const char *arch);

#endif
