/* SPDX-License-Identifier: Apache-2.0 */
/*
 * User-data and vendor-data, as cloud-init tells them apart: by the first line
 * (its documentation, "User data formats"). What it does not know it ignores,
 * and says so only in its log.
 */
#ifndef XKVM_PLAN_USER_DATA_H
#define XKVM_PLAN_USER_DATA_H

#include "base/strbuf.h"
#include "plan/facts.h"

enum user_data_kind {
	USER_DATA_UNKNOWN,
	USER_DATA_NOTHING, /* blanks at most */
	USER_DATA_CONFIG, /* #cloud-config */
	USER_DATA_CONFIG_ARCHIVE,
	USER_DATA_CONFIG_PATCH, /* #cloud-config-jsonp */
	USER_DATA_SCRIPT, /* #! */
	USER_DATA_INCLUDE,
	USER_DATA_INCLUDE_ONCE,
	USER_DATA_BOOTHOOK,
	USER_DATA_PART_HANDLER,
	USER_DATA_TEMPLATE, /* ## template: jinja */
	USER_DATA_ARCHIVE, /* MIME */
	USER_DATA_PACKED, /* gzip of any of these */
};

enum user_data_kind user_data_kind(const char *text, size_t len);

/* Whether it is YAML from the first line to the last. */
bool user_data_is_yaml(enum user_data_kind kind);

/* -EINVAL where cloud-init would ignore it, with the reason and what mends
 * it. */
must_check int user_data_check(const struct seed_text *text, struct err *err);

/*
 * Makes one of several, each of which has been checked: a multipart archive
 * (RFC 2046), in their order; nothing of none, and of one what it is. *ret is
 * owned by the caller, and as many bytes long as is returned.
 */
size_t user_data_join(const struct seed_text *parts, size_t count, char **ret);

#endif
