/* SPDX-License-Identifier: Apache-2.0 */
#include "host/kernel_facts.h"

#include <fcntl.h>
#include <unistd.h>

enum kernel_packing host_look_at_kernel(const char *path)
{
	char header[KERNEL_HEADER_SIZE], begin[8];
	struct kernel_payload payload;
	/* See look_inside() of file_facts.c. */
	cleanup_close int fd =
		open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return KERNEL_PLAIN;
	ssize_t n = pread(fd, header, sizeof(header), 0);
	if (n >= 0 && kernel_image_needs_uefi(header, (size_t)n))
		return KERNEL_PACKED_FOR_UEFI;
	if (n < 0 || !kernel_image_payload(header, (size_t)n, &payload))
		return KERNEL_PLAIN;
	n = pread(fd, begin, sizeof(begin), (off_t)payload.offset);
	return n < 0 ? KERNEL_PLAIN : kernel_image_packing(begin, (size_t)n);
}
