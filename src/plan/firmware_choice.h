/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which firmware a guest gets, and what speaks against the others. xkvm
 * firmware shows the same judgement that a run acts on.
 *
 * The first that fits is taken. What nobody asked for comes last: firmware that
 * requires SMM, and so another machine, only where nothing else fits; firmware
 * that has Secure Boot turned on never.
 */
#ifndef XKVM_PLAN_FIRMWARE_CHOICE_H
#define XKVM_PLAN_FIRMWARE_CHOICE_H

#include "plan/firmware_list.h"
#include "plan/machine.h"

struct firmware_choice {
	struct firmware_list list; /* owned; all of them, judged */
	const struct firmware *firmware; /* one of them; NULL: none fits */
	char *machine_type; /* owned; NULL where only QEMU knows */
	bool is_machine_changed; /* the firmware needs that one, which is not
				    the default */
	bool needs_smm;
};

/* `store` is a store of variables that exists already, or NULL. */
void firmware_choose(const struct run_spec *spec, const struct facts *facts,
		     const struct machine *machine,
		     const struct file_facts *store,
		     struct firmware_choice *ret);
void firmware_choice_done(struct firmware_choice *choice);

/* The error that none fits. */
int firmware_refuse(const struct firmware_choice *choice,
		    const struct run_spec *spec, const struct machine *machine,
		    const struct file_facts *store, struct err *err);

#endif
