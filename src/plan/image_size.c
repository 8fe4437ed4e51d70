/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/image_size.h"

#include <errno.h>

#include "spec/size.h"

int image_size_find(const struct file_facts *file, const char *format,
		    uint64_t *ret, struct err *err)
{
	bool is_raw = str_eq(format, "raw");

	if (file->kind == FILE_REGULAR && is_raw) {
		*ret = file->size;
		return 0;
	}
	if (file->kind == FILE_REGULAR && file->virtual_size > 0 &&
	    str_eq(format, image_format_name(file->format))) {
		*ret = file->virtual_size;
		return 0;
	}
	return err_set(err, -EINVAL,
		       "size=: how large '%s' is cannot be told of %s; leave "
		       "size= out",
		       file->path,
		       file->kind == FILE_REGULAR ? format : "a device");
}

int image_size_refuse(const struct file_facts *file, uint64_t has,
		      uint64_t wanted, const char *remedy, struct err *err)
{
	cleanup_free char *has_text = size_text(has);
	cleanup_free char *wanted_text = size_text(wanted);

	return err_set(err, -EINVAL, "'%s' has %s, and size=%s is %s; %s",
		       file->path, has_text, wanted_text,
		       wanted > has ? "more" : "less", remedy);
}

int image_size_check_overlay(const struct file_facts *base,
			     const char *base_format, uint64_t wanted,
			     struct err *err)
{
	uint64_t size = 0;

	if (wanted == 0)
		return 0;
	int r = image_size_find(base, base_format, &size, err);
	if (r == 0 && wanted < size)
		return image_size_refuse(base, size, wanted,
					 "an overlay cannot be smaller", err);
	return r;
}
