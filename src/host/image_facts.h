/* SPDX-License-Identifier: Apache-2.0 */
/* What must be known of an image only where xkvm may make it, or have made it.
 */
#ifndef XKVM_HOST_IMAGE_FACTS_H
#define XKVM_HOST_IMAGE_FACTS_H

#include "plan/facts.h"

/* Adds to what host_look_at_file() says: where it will be, of a file that is
 * missing, and what a qcow2 is an overlay on. Opens no other file. */
void host_look_at_image(struct file_facts *file);

#endif
