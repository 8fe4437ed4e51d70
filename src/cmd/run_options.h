/* SPDX-License-Identifier: Apache-2.0 */
/* The options of xkvm itself, and how they become a spec. */
#ifndef XKVM_CMD_RUN_OPTIONS_H
#define XKVM_CMD_RUN_OPTIONS_H

#include "cmd/option.h"
#include "cmd/run_environment.h"
#include "spec/run_spec.h"

extern const struct option_table RUN_OPTIONS;

/* What is asked for instead of a run. */
enum run_request {
	REQUEST_RUN,
	REQUEST_HELP,
	REQUEST_VERSION,
};

/*
 * Makes the spec of a command line; argv[0] is skipped. With REQUEST_HELP or
 * REQUEST_VERSION in *ret_request the spec may be incomplete. Reads nothing but
 * its arguments.
 */
must_check int run_options_parse(int argc, char *const *argv,
				 const struct run_environment *environment,
				 struct run_spec *ret,
				 enum run_request *ret_request,
				 struct err *err);

#endif
