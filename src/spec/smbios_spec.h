/* SPDX-License-Identifier: Apache-2.0 */
/* --smbios11 and --credential: strings that the guest finds in its machine's
 * SMBIOS tables, where systemd looks for credentials. */
#ifndef XKVM_SPEC_SMBIOS_SPEC_H
#define XKVM_SPEC_SMBIOS_SPEC_H

#include "base/strv.h"

/* Strings are owned. */
struct credential {
	char *id;
	char *value; /* or NULL */
	char *file; /* whose content is the value; or NULL */
};

struct smbios_spec {
	struct strv strings; /* --smbios11 */
	struct credential *credentials; /* owned */
	size_t credential_count;
};

void smbios_spec_done(struct smbios_spec *spec);

/* The values of the options; what is wrong is said with the option's name. */
must_check int smbios_spec_add_string(struct smbios_spec *spec,
				      const char *value, struct err *err);
/* ID=VALUE or ID:FILE, whichever sign comes first. */
must_check int smbios_spec_add_credential(struct smbios_spec *spec,
					  const char *value, struct err *err);

/* The option that was given, or NULL. */
const char *smbios_spec_option(const struct smbios_spec *spec);

#endif
