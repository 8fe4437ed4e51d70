/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any file as a kernel: nothing is read beyond its end; the packed part of a
 * payload is no longer than the payload; a bzImage cut off in its header is
 * none; and a file that has a PVH note is an ELF.
 */
#include "input.h"

#include "plan/kernel_image.h"

/* In memory of exactly this size. */
static uint8_t *copy_of(const uint8_t *data, size_t size)
{
	uint8_t *copy = xcalloc(1, size);

	if (size)
		memcpy(copy, data, size);
	return copy;
}

static void check_payload(const uint8_t *data, size_t size)
{
	struct kernel_payload payload;
	size_t packed, unpacked;

	if (!kernel_image_payload(data, size, &payload))
		return;
	require(size >= KERNEL_HEADER_SIZE);
	require(payload.length > 0 && payload.offset >= 1024);
	require(!kernel_image_payload(data, KERNEL_HEADER_SIZE - 1, &payload));
	if (payload.offset >= size)
		return;
	cleanup_free uint8_t *rest =
		copy_of(data + payload.offset, size - payload.offset);
	if (kernel_image_sizes(rest, size - payload.offset, &packed, &unpacked))
		require(packed <= size - payload.offset);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free uint8_t *copy = copy_of(data, size);
	enum kernel_packing packing = kernel_image_packing(copy, size);

	check_payload(copy, size);
	if (kernel_image_has_pvh(copy, size))
		require(packing == KERNEL_PLAIN);
	return 0;
}
