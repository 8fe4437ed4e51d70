/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a QEMU program says about itself, a list of names for each question.
 * What it has said before is taken from the cache; for the first question that
 * is not in there, QEMU is started, and is then asked all further ones. What it
 * says is added to what the cache has learned.
 */
#ifndef XKVM_HOST_QEMU_ANSWERS_H
#define XKVM_HOST_QEMU_ANSWERS_H

#include "host/qemu_cache.h"
#include "host/qemu_session.h"

/* The lists of machines, and of accelerators without "-accel". */
#define ANSWERS_MACHINES "machines"
#define ANSWERS_ACCELS "accelerators"

struct qemu_answers {
	const char *program; /* its path; not owned */
	struct qemu_cache *cache; /* not owned */
	struct qemu_session session;
	bool is_started;
};

void qemu_answers_begin(struct qemu_answers *ret, const char *program,
			struct qemu_cache *cache);
void qemu_answers_end(struct qemu_answers *answers);

/* All of them add to *ret. */

/* The properties of a device (QMP device-list-properties), by a name that is no
 * alias. *ret_exists: QEMU has it. */
must_check int qemu_answers_properties(struct qemu_answers *answers,
				       const char *device, struct strv *ret,
				       bool *ret_exists, struct err *err);

/* That QEMU has no device of this name is worth to be kept. */
void qemu_answers_keep_missing(struct qemu_answers *answers,
			       const char *device);

/* The names of all devices, and after each that has one, its alias. */
must_check int qemu_answers_devices(struct qemu_answers *answers,
				    struct strv *ret, struct err *err);

/* The device that `alias` stands for, of those in the answer before. NULL
 * where it is none; owned by the caller. */
char *qemu_answers_alias(const struct qemu_answers *answers, const char *alias);

/* The machines, without their aliases. */
must_check int qemu_answers_machines(struct qemu_answers *answers,
				     struct strv *ret, struct err *err);

/* The options of -drive (query-command-line-options). */
must_check int qemu_answers_drive(struct qemu_answers *answers,
				  struct strv *ret, struct err *err);

/* The options of -drive and -netdev that query-qmp-schema has. */
must_check int qemu_answers_schema(struct qemu_answers *answers,
				   struct strv *ret_block,
				   struct strv *ret_user, struct strv *ret_tap,
				   struct err *err);

/* How many devices these lists have the properties of. */
size_t qemu_answers_count_devices(const struct lists *lists);

/* Has it answer all that may ever be asked for a disk or a NIC, and name its
 * machines and accelerators. */
must_check int qemu_answers_learn_all(struct qemu_answers *answers,
				      struct err *err);

#endif
