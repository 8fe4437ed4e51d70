/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/seed_setters.h"

int seed_set_cloud_init(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;
	int r = cloud_init_spec_add(&p->spec.cloud_init, value, err);

	return r < 0 ? err_prefix(err, "--cloud-init '%s'", value) : 0;
}

int seed_set_ssh_key(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)err;
	cloud_init_spec_add_key(&p->spec.cloud_init, value);
	return 0;
}

int seed_set_password(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	return cloud_init_spec_set_password(&p->spec.cloud_init, value, err);
}
