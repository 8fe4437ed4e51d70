/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A command line and a host, made by hand: what the plan is tested with. The
 * host is x86_64 with a usable KVM and a QEMU in /usr/bin; files, bridges and
 * device models are added by each test.
 */
#ifndef TESTS_UNIT_PLAN_SCENE_H
#define TESTS_UNIT_PLAN_SCENE_H

#include "check.h"
#include "plan/plan.h"

struct scene {
	struct run_spec spec;
	struct facts facts;
	struct plan plan;
	struct err err;
};

void scene_init(struct scene *scene);
void scene_done(struct scene *scene);

/* Both fail the test where the argument is not accepted. */
void scene_disk(struct scene *scene, const char *arg);
void scene_nic(struct scene *scene, const char *arg);

/* An argument after `--`; scene_finish() reads all of them. */
void scene_qemu_arg(struct scene *scene, const char *arg);
void scene_finish(struct scene *scene);

/* A raw image of 1 MiB that can be written, in /data. What is returned, here
 * and below, may be changed until the next one is added. */
struct file_facts *scene_file(struct scene *scene, const char *path);
struct file_facts *scene_missing_file(struct scene *scene, const char *path);

struct bridge_facts *scene_bridge(struct scene *scene, const char *name);

/* QEMU's device `name`, for which `asked` may be an alias; its properties have
 * spaces between them. */
void scene_model(struct scene *scene, const char *asked, const char *name,
		 const char *properties);

/* Adds the words of `text`, separated by spaces. */
void scene_words(struct strv *v, const char *text);

/* The plan's command line so far. Owned by the caller. */
char *scene_command(const struct scene *scene);

/* The plan's notes, a line each, "warning: " before those that are. Owned by
 * the caller. */
char *scene_notes(const struct scene *scene);

#endif
