/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which side a word of --disk or --netdev belongs to: the device (-device) or
 * what is behind it (-drive, -netdev). QEMU's own lists decide; a word in
 * neither is refused, with the nearest word that is.
 */
#ifndef XKVM_PLAN_SIDES_H
#define XKVM_PLAN_SIDES_H

#include <stdbool.h>

#include "plan/facts.h"
#include "plan/machine.h"
#include "spec/run_spec.h"

enum side {
	SIDE_UNKNOWN,
	SIDE_DEVICE,
	SIDE_BACKEND,
};

/* `model` is NULL where there is no device. */
enum side sides_of_disk_key(const struct model_facts *model,
			    const struct qemu_facts *qemu, const char *key);
enum side sides_of_nic_key(const struct model_facts *model,
			   const struct qemu_facts *qemu, enum nic_kind kind,
			   const char *key);

/* Whether the lists known so far leave a word of this disk or NIC open. */
bool sides_disk_has_unknown(const struct run_spec *spec,
			    const struct disk_spec *disk,
			    const struct machine *machine,
			    const struct facts *facts);
bool sides_nic_has_unknown(const struct run_spec *spec,
			   const struct nic_spec *nic,
			   const struct machine *machine,
			   const struct facts *facts);

/* The nearest word that either side knows, or NULL. Belongs to `qemu`,
 * `model`, or is static. */
const char *sides_nearest_disk_key(const struct model_facts *model,
				   const struct qemu_facts *qemu,
				   const char *key);
const char *sides_nearest_nic_key(const struct model_facts *model,
				  const struct qemu_facts *qemu,
				  enum nic_kind kind, const char *key);

/*
 * The facts about a device model. Fails where QEMU has no such device (-EINVAL,
 * with the nearest that it has) or could not be asked.
 */
must_check int sides_find_model(const struct facts *facts, const char *asked,
				const struct model_facts **ret,
				struct err *err);

#endif
