/* SPDX-License-Identifier: Apache-2.0 */
/* What the QEMU program can do, from its own answers. */
#ifndef XKVM_HOST_QEMU_FACTS_H
#define XKVM_HOST_QEMU_FACTS_H

#include "plan/facts.h"
#include "plan/questions.h"

/*
 * Finds the program and, where there are models to ask about, asks one process
 * for all of them. A program that is missing or cannot be asked is a fact, too
 * (`path` NULL, `failure` set). `facts` has the other facts already; the result
 * is put into facts->qemu.
 */
void host_ask_qemu(const struct run_spec *spec, const struct questions *q,
		   struct facts *facts);

#endif
