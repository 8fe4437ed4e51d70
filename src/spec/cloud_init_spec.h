/* SPDX-License-Identifier: Apache-2.0 */
/* --cloud-init, --ssh-key, --password, --seed-via: what cloud-init is to find
 * in the guest, where its NoCloud datasource looks. */
#ifndef XKVM_SPEC_CLOUD_INIT_SPEC_H
#define XKVM_SPEC_CLOUD_INIT_SPEC_H

#include "base/strv.h"

/* Among files, standard input. */
#define SEED_STDIN "-"

enum seed_via {
	SEED_VIA_ISO, /* a disk with a file system */
	SEED_VIA_SMBIOS, /* a server that the machine's serial number names */
	SEED_VIA_HTTP, /* a server that the kernel's command line names */
};

enum seed_password {
	SEED_PASSWORD_NONE,
	SEED_PASSWORD_GIVEN,
	SEED_PASSWORD_RANDOM,
};

/* All strings are owned; NULL where nothing was said. */
struct cloud_init_spec {
	bool is_asked; /* by any of the options */
	struct strv user_data; /* files, in their order */
	struct strv vendor_data;
	char *meta_data; /* a file */
	char *network_config; /* a file */
	char *hostname;
	char *instance_id;
	bool is_network_disabled;

	struct strv ssh_keys; /* files */
	bool finds_ssh_keys; /* --ssh-key=auto */
	char *ssh_agent; /* SSH_AUTH_SOCK */
	char *ssh_folder; /* ~/.ssh */

	enum seed_password password_kind;
	char *password; /* SEED_PASSWORD_GIVEN */

	enum seed_via via;
};

void cloud_init_spec_done(struct cloud_init_spec *spec);

/* Takes one --cloud-init: "user-data=FILE,hostname=NAME,...", or nothing. */
must_check int cloud_init_spec_add(struct cloud_init_spec *spec,
				   const char *arg, struct err *err);

/* One --ssh-key: a file, or NULL, empty or "auto". */
void cloud_init_spec_add_key(struct cloud_init_spec *spec, const char *value);

/* --password: the password, or NULL or "random". */
must_check int cloud_init_spec_set_password(struct cloud_init_spec *spec,
					    const char *value, struct err *err);

/* --seed-via. */
must_check int cloud_init_spec_set_via(struct cloud_init_spec *spec,
				       const char *value, struct err *err);
const char *seed_via_name(enum seed_via via);

/* What only the whole can show. */
must_check int cloud_init_spec_check(const struct cloud_init_spec *spec,
				     struct err *err);

/* Each file that a seed is made of, with the word that names it. */
struct seed_source {
	const char *word; /* "user-data", ...; "--ssh-key" */
	const char *path; /* belongs to the spec */
};

/* The number of them; `i` counts from 0. */
size_t cloud_init_spec_count(const struct cloud_init_spec *spec);
struct seed_source cloud_init_spec_source(const struct cloud_init_spec *spec,
					  size_t i);

#endif
