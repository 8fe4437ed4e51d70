/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What cloud-init finds in the guest: the files of its NoCloud datasource.
 *
 * What the user gives prevails, and is handed on as it is. The keys of
 * --ssh-key are in meta-data, from where the guest's default user gets them
 * whatever user-data says; --password is in vendor-data, over which user-data
 * prevails.
 */
#ifndef XKVM_PLAN_SEED_H
#define XKVM_PLAN_SEED_H

#include "plan/facts.h"
#include "spec/mac.h"
#include "spec/run_spec.h"

/* user-data, meta-data, vendor-data and network-config. */
#define SEED_FILES_MAX 4

struct seed_file {
	const char *name;
	char *content; /* owned */
	size_t len;
};

struct seed {
	struct seed_file files[SEED_FILES_MAX];
	size_t count;
	char *password; /* owned; one that was made up; or NULL */
};

/* A NIC, and the address by which the guest knows it. */
struct seed_nic {
	unsigned int number;
	struct mac mac;
};

/* Makes the seed; without NICs it says nothing of the network. -EINVAL where
 * cloud-init would ignore something. */
must_check int seed_make(const struct run_spec *spec, const struct facts *facts,
			 const struct seed_nic *nics, size_t nic_count,
			 struct seed *ret, struct err *err);
void seed_done(struct seed *seed);

/* Whether what `word` names is to be YAML, and must be looked at as such. */
bool seed_is_yaml(const char *word, const char *text, size_t len);

#endif
