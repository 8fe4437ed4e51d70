/* SPDX-License-Identifier: Apache-2.0 */
/* What the QEMU program can do, from its own answers. */
#ifndef XKVM_HOST_QEMU_FACTS_H
#define XKVM_HOST_QEMU_FACTS_H

#include "host/qemu_cache.h"
#include "plan/facts.h"
#include "plan/questions.h"

/*
 * Finds the program and, where there are models to ask about, takes the answers
 * from its cache, and asks one process for all that are not in there. A program
 * that is missing or cannot be asked is a fact, too (`path` NULL, `failure`
 * set). `facts` has the other facts already; the result is put into
 * facts->qemu.
 *
 * `cache` is empty before; afterwards it has what was learned, and ends with
 * qemu_cache_done().
 */
void host_ask_qemu(const struct run_spec *spec, const struct questions *q,
		   struct qemu_cache *cache, struct facts *facts);

#endif
