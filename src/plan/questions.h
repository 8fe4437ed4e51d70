/* SPDX-License-Identifier: Apache-2.0 */
/* What must be known of this host before a plan can be made for a spec: the
 * list that host/ works through. What a run does not need is not asked. */
#ifndef XKVM_PLAN_QUESTIONS_H
#define XKVM_PLAN_QUESTIONS_H

#include <stdbool.h>

#include "plan/facts.h"
#include "spec/run_spec.h"

struct questions {
	char *program; /* owned; to be found in PATH, or a path */
	struct strv models; /* device models to ask QEMU about */
	const char *virtio_bus; /* "pci" or "ccw": ends an alias's name */
	struct strv files; /* paths to look at */
	struct strv images; /* of these, those that size= and base= speak of */
	bool needs_descriptors; /* of firmware; those of this host, ... */
	char *descriptor; /* owned; ... or just this one; or NULL */
	struct strv texts; /* paths of files to read whole */
	struct strv bridges; /* names to look up */
	const struct fwd_spec **ports; /* owned array; whether they are free;
					  belong to the spec */
	size_t port_count;
	const char *kernel; /* how it is packed; belongs to the spec, or NULL */
	bool needs_machines; /* those that QEMU has */
	bool needs_kvm; /* the state of /dev/kvm */
	bool needs_vhost_net; /* whether /dev/vhost-net opens */
	bool needs_machine_id;
	bool needs_helper; /* who may make a tap */
	const char *net_socket; /* the service's */
	bool needs_ssh; /* where the program is */
	bool needs_swtpm; /* where the program is */
	/* What a seed is made of; belongs to the spec; NULL: there is none. */
	const struct cloud_init_spec *seed;
	bool needs_qemu_img; /* likewise */
};

void questions_of(const struct run_spec *spec, const char *host_machine,
		  struct questions *ret);
void questions_done(struct questions *q);

/* The files to look at that the descriptors speak of, once those are known. */
void questions_of_firmware(const struct run_spec *spec,
			   const struct facts *facts, struct strv *files);

/* The files that are in use by others in a way that is in this run's, once it
 * is known how they are locked. */
void questions_of_holders(const struct run_spec *spec,
			  const struct facts *facts, struct strv *files);

/* Whether, with what QEMU has said so far, some word is still settled by
 * neither side, so that its schema must be asked for. */
bool questions_need_schema(const struct run_spec *spec,
			   const struct facts *facts);

#endif
