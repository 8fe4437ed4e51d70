/* SPDX-License-Identifier: Apache-2.0 */
/* Which firmware was asked for: --firmware, --firmware-features and
 * --secure-boot. */
#ifndef XKVM_SPEC_FIRMWARE_SPEC_H
#define XKVM_SPEC_FIRMWARE_SPEC_H

#include "base/strv.h"

enum secure_boot {
	SECURE_BOOT_AUTO, /* on only where the firmware that was asked for,
			     or the store of variables, has it on */
	SECURE_BOOT_YES,
	SECURE_BOOT_NO,
};

struct firmware_spec {
	char *file; /* owned; --firmware: a descriptor or an image; or NULL */
	enum secure_boot secure_boot;
	/* --firmware-features: those that it must have, and must not. */
	struct strv wanted;
	struct strv unwanted;
};

void firmware_spec_done(struct firmware_spec *spec);

/* "auto", "yes" or "no". */
must_check int secure_boot_parse(const char *text, enum secure_boot *ret,
				 struct err *err);

/* Adds "FEATURE,~FEATURE,..."; the names are those of QEMU's firmware.json.
 * An empty text adds nothing. */
must_check int firmware_spec_add_features(struct firmware_spec *spec,
					  const char *text, struct err *err);

/* Does its file name a descriptor, and not an image? */
bool firmware_spec_has_descriptor(const struct firmware_spec *spec);

/* Checks what only the whole can show. */
must_check int firmware_spec_check(const struct firmware_spec *spec,
				   struct err *err);

#endif
