/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a line of the console says about the start of a guest: how far it has
 * come, and whether it has failed. Lines go in; no I/O. The signs are a table
 * in boot_signs.c.
 *
 * A guest may write what it likes, so what is read here decides about waiting
 * for that guest, and about nothing else.
 */
#ifndef XKVM_RUN_BOOT_SIGNS_H
#define XKVM_RUN_BOOT_SIGNS_H

#include <stdbool.h>
#include <stddef.h>

enum boot_stage {
	BOOT_NOTHING,
	BOOT_FIRMWARE,
	BOOT_LOADER,
	BOOT_KERNEL,
	BOOT_INITRD,
	BOOT_USER_SPACE,
	BOOT_CLOUD_INIT,
	BOOT_LOGIN,
};

enum boot_failure {
	BOOT_FAILURE_NONE,
	BOOT_FAILURE_STUCK, /* at a shell, or with nothing to boot */
	BOOT_FAILURE_PANIC, /* of the kernel */
};

struct boot_signs {
	enum boot_stage stage;
	char module[32]; /* of cloud-init: "init", "modules:final"; or "" */
	bool is_up; /* logins are possible, or systemd has finished */
	enum boot_failure failure;
	char reason[256]; /* of the failure; one line */
	char detail[160]; /* what may turn out to be its reason; or "" */
};

/* One whole line of the console. */
void boot_signs_line(struct boot_signs *signs, const char *line);

/* An unfinished one that does not grow any more, for now. */
void boot_signs_prompt(struct boot_signs *signs, const char *line);

/* "kernel", "cloud-init modules:final", "" before there was a sign: written to
 * `buf`, which is returned. */
#define BOOT_STAGE_MAX 64
const char *boot_signs_stage(const struct boot_signs *signs, char *buf,
			     size_t size);

#endif
