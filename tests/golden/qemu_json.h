/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The answers of a real QEMU, written down once: lists of names, and
 *
 *	"models": {
 *	  "virtio-blk": "virtio-blk-pci",       an alias
 *	  "virtio-blk-pci": [ "addr", ... ],    its properties
 *	  "virtio-blk-ccw": false               QEMU has no such device
 *	}
 */
#ifndef XKVM_GOLDEN_QEMU_JSON_H
#define XKVM_GOLDEN_QEMU_JSON_H

#include <jansson.h>

#include "plan/facts.h"
#include "plan/questions.h"

/*
 * Fills facts->qemu, whose other facts are there already, as host_ask_qemu()
 * would. `qemu` is NULL where there is none. -EPROTO for a question that was
 * not asked when the answers were written down.
 */
must_check int qemu_json_answer(const json_t *qemu, const struct run_spec *spec,
				const struct questions *q, struct facts *facts,
				struct err *err);

/* Prints the answers of the installed qemu-system-ARCH as the JSON that is read
 * here, about every device that the cases use. */
must_check int qemu_json_record(const char *arch, struct err *err);

#endif
