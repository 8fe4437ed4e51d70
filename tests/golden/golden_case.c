/* SPDX-License-Identifier: Apache-2.0 */
#include "golden_case.h"

#include <errno.h>

#include "base/json.h"
#include "cmd/run_options.h"
#include "host_json.h"
#include "render.h"
#include "text_file.h"

static int read_args(const char *folder, struct strv *ret, struct err *err)
{
	cleanup_free char *path = xasprintf("%s/args", folder);

	strv_add(ret, "xkvm");
	return text_file_values(path, ret, err);
}

static int read_env(const char *folder, struct strv *ret, struct err *err)
{
	cleanup_free char *path = xasprintf("%s/env", folder);
	int r = text_file_values(path, ret, err);

	return r == -ENOENT ? 0 : r;
}

/* Points into `env`. */
static int set_environment(const struct strv *env, struct run_environment *ret,
			   struct err *err)
{
	const struct {
		const char *name;
		const char **member;
	} known[] = {
		{ "DEF_DISK_DRIVER=", &ret->disk_driver },
		{ "DEF_NETMODEL=", &ret->nic_model },
		{ "_QEMU_SUPPORTS_FILE_LOCKING=", &ret->file_locking },
		{ "XKVM_ACCEL=", &ret->accel },
		{ "XDG_CACHE_HOME=", &ret->cache_home },
		{ "HOME=", &ret->home },
		{ "SSH_AUTH_SOCK=", &ret->ssh_agent },
	};

	for (size_t i = 0; i < env->count; i++) {
		const char *line = env->items[i];
		bool is_known = false;

		for (size_t j = 0; j < ARRAY_SIZE(known); j++) {
			if (!str_starts(line, known[j].name))
				continue;
			*known[j].member = line + strlen(known[j].name);
			is_known = true;
		}
		if (!is_known)
			return err_set(err, -EPROTO,
				       "env: xkvm does not read '%s'", line);
	}
	return 0;
}

static int plan_spec(const char *folder, const struct run_spec *spec,
		     char **ret, struct err *err)
{
	cleanup_free char *path = xasprintf("%s/facts.json", folder);
	cleanup_json json_t *host = NULL;
	struct err refusal;
	struct facts facts;
	struct plan plan;
	int r = host_json_load(path, &host, err);

	if (r < 0)
		return r;
	r = host_json_answer(host, spec, &facts, err);
	if (r < 0)
		return err_prefix(err, "%s", path);
	if (plan_make(spec, &facts, &plan, &refusal) < 0) {
		*ret = render_error(&refusal);
	} else {
		*ret = render_plan(&plan, spec);
		plan_done(&plan);
	}
	facts_done(&facts);
	return 0;
}

static int answer(const char *folder, const struct run_spec *spec,
		  enum run_request request, char **ret, struct err *err)
{
	switch (request) {
	case REQUEST_HELP:
		*ret = xstrdup("help\n");
		return 0;
	case REQUEST_VERSION:
		*ret = xstrdup("version\n");
		return 0;
	case REQUEST_RUN:
		break;
	}
	return plan_spec(folder, spec, ret, err);
}

int golden_case_run(const char *folder, char **ret, struct err *err)
{
	cleanup_strv struct strv args = STRV_INIT, env = STRV_INIT;
	struct run_environment environment = { 0 };
	enum run_request request;
	struct err refusal;
	struct run_spec spec;
	int r = read_args(folder, &args, err);

	if (r == 0)
		r = read_env(folder, &env, err);
	if (r == 0)
		r = set_environment(&env, &environment, err);
	if (r < 0)
		return r;
	if (run_options_parse((int)args.count, args.items, &environment, &spec,
			      &request, &refusal) < 0) {
		*ret = render_error(&refusal);
		return 0;
	}
	r = answer(folder, &spec, request, ret, err);
	run_spec_done(&spec);
	return r;
}
