/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware descriptors for a scene. */
#ifndef TESTS_UNIT_PLAN_FIRMWARE_SCENE_H
#define TESTS_UNIT_PLAN_FIRMWARE_SCENE_H

#include "scene.h"

/* Any text; NULL: the descriptor cannot be read. */
void scene_descriptor_text(struct scene *scene, const char *path,
			   const char *text);

/* UEFI for all machines of `arch`, in memory. */
void scene_descriptor(struct scene *scene, const char *path, const char *arch,
		      const char *code);

/* UEFI in flash, with code and variables that are there, of CODE_SIZE and
 * VARS_SIZE bytes. `machines` and `features` have spaces between them. */
#define CODE_SIZE 3653632
#define VARS_SIZE 540672
void scene_firmware(struct scene *scene, const char *path, const char *arch,
		    const char *machines, const char *code, const char *vars,
		    const char *features);

/* --uefi-nvram with this path. */
void firmware_want_nvram(struct scene *scene, const char *path);

/* firmware_add() makes this command line, or fails so; then the scene is
 * done. */
void firmware_check_command(struct scene *scene, const char *arch,
			    const char *want);
void firmware_check_refused(struct scene *scene, const char *arch, int code,
			    const char *message);

#endif
