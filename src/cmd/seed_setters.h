/* SPDX-License-Identifier: Apache-2.0 */
/* The options that make a seed, for the tables of those commands that have
 * them. The context of the setters is a struct run_parsing. */
#ifndef XKVM_CMD_SEED_SETTERS_H
#define XKVM_CMD_SEED_SETTERS_H

#include "cmd/run_setters.h"

must_check int seed_set_cloud_init(void *context, const char *value,
				   struct err *err);
must_check int seed_set_ssh_key(void *context, const char *value,
				struct err *err);
must_check int seed_set_password(void *context, const char *value,
				 struct err *err);

#define SEED_OPTIONS                                                           \
	{ .name = "cloud-init",                                                \
	  .value = OPTION_REQUIRED,                                            \
	  .metavar = "WORDS",                                                  \
	  .help = "a seed for cloud-init: user-data=FILE, ...",                \
	  .complete = COMPLETE_WORDS,                                          \
	  .words = "user-data= meta-data= network-config= vendor-data= "       \
		   "hostname= instance-id= disable-network",                   \
	  .apply = seed_set_cloud_init },                                      \
		{ .name = "ssh-key",                                           \
		  .value = OPTION_OPTIONAL,                                    \
		  .metavar = "FILE",                                           \
		  .help = "let these public keys in (default: your own)",      \
		  .complete = COMPLETE_FILE,                                   \
		  .apply = seed_set_ssh_key },                                 \
	{                                                                      \
		.name = "password", .value = OPTION_OPTIONAL, .metavar = "PW", \
		.help = "the default user's, for the console (random)",        \
		.complete = COMPLETE_WORDS, .words = "random",                 \
		.apply = seed_set_password                                     \
	}

#endif
