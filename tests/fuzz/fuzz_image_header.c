/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any file: image_format_detect() reads nothing beyond its end nor beyond
 * IMAGE_HEADER_SIZE, and what it finds has a name that stands for it. Nor do
 * the readers of sizes and of a base's name; that is as short as QEMU allows.
 */
#include "input.h"

#include "plan/image_format.h"

/* In memory of exactly this size. */
static enum image_format detect(const uint8_t *data, size_t size)
{
	cleanup_free uint8_t *copy = xcalloc(1, size);

	if (size)
		memcpy(copy, data, size);
	return image_format_detect(copy, size);
}

static void read_numbers(const uint8_t *data, size_t size,
			 enum image_format format)
{
	cleanup_free uint8_t *copy = xcalloc(1, size);
	uint64_t offset = 0;
	size_t len = 0;

	if (size)
		memcpy(copy, data, size);
	uint64_t virtual_size = image_virtual_size(format, copy, size, 7);
	require(format != IMAGE_RAW || virtual_size == 7);
	if (image_backing_place(copy, size, &offset, &len))
		require(offset > 0 && len > 0 && len <= 1023);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum image_format format = detect(data, size), again;

	require(image_format_from_name(image_format_name(format), &again));
	require(again == format);
	read_numbers(data, size, format);
	if (size > IMAGE_HEADER_SIZE)
		require(detect(data, IMAGE_HEADER_SIZE) == format);
	/* Less of a file never shows more. */
	if (format == IMAGE_RAW && size > 0)
		require(detect(data, size - 1) == IMAGE_RAW);
	return 0;
}
