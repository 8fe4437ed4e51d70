/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "host/qemu_facts.h"
#include "qemu_json.h"

/* The devices that the cases name, or get by default. */
static const char *const MODELS[] = {
	"e1000",
	"e1000e",
	"ide-cd",
	"ide-hd",
	"igb",
	"nvme",
	"rtl8139",
	"scsi-block",
	"scsi-cd",
	"scsi-hd",
	"usb-storage",
	"virtio-blk",
	"virtio-blk-ccw",
	"virtio-blk-device",
	"virtio-blk-pci",
	"virtio-net-ccw",
	"virtio-net-device",
	"virtio-net-pci",
};

#define LINE_WIDTH 76

/* As many to a line as fit. */
static void print_list(const struct strv *list, const char *indent)
{
	size_t column = 0;

	printf("[");
	for (size_t i = 0; i < list->count; i++) {
		const char *comma = i + 1 < list->count ? "," : "";
		size_t width = strlen(list->items[i]) + strlen(comma) + 3;

		if (i == 0 || column + width > LINE_WIDTH) {
			printf("\n%s\"%s\"%s", indent, list->items[i], comma);
			column = strlen(indent);
		} else {
			printf(" \"%s\"%s", list->items[i], comma);
		}
		column += width;
	}
	printf(" ]");
}

static void print_member(const char *name, const struct strv *list)
{
	printf(",\n  \"%s\": ", name);
	print_list(list, "    ");
}

static void print_model(const struct model_facts *model)
{
	printf("    \"%s\": ", model->asked);
	if (!model->name)
		printf("false");
	else if (!str_eq(model->name, model->asked))
		printf("\"%s\"", model->name);
	else
		print_list(&model->properties, "      ");
}

static void print_qemu(const struct qemu_facts *qemu)
{
	printf("{\n  \"models\": {\n");
	for (size_t i = 0; i < qemu->model_count; i++) {
		print_model(&qemu->models[i]);
		printf("%s\n", i + 1 < qemu->model_count ? "," : "");
	}
	printf("  }");
	print_member("devices", &qemu->devices);
	print_member("machines", &qemu->machines);
	print_member("drive-options", &qemu->drive_options);
	print_member("block-options", &qemu->block_options);
	print_member("user-options", &qemu->user_options);
	print_member("tap-options", &qemu->tap_options);
	printf("\n}\n");
}

/* A run that asks for all of it: a disk for each model, and a word that nobody
 * knows, to be told the schema. */
static int make_spec(const char *arch, struct run_spec *spec, struct err *err)
{
	int r = 0;

	spec->program = xasprintf("qemu-system-%s", arch);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(MODELS); i++) {
		cleanup_free char *disk =
			xasprintf("x,driver=%s,nobody=knows", MODELS[i]);

		r = run_spec_add_disk(spec, disk, err);
	}
	return r < 0 ? r : run_spec_finish(spec, err);
}

static int ask(const struct run_spec *spec, const char *arch, struct err *err)
{
	struct facts facts = { .host_machine = xstrdup(arch) };
	struct qemu_cache cache = QEMU_CACHE_INIT;
	struct questions q;
	int r = 0;

	/* What it says now, not what it said some day. */
	unsetenv("XDG_CACHE_HOME");
	unsetenv("HOME");
	questions_of(spec, arch, &q);
	q.needs_machines = true;
	host_ask_qemu(spec, &q, &cache, &facts);
	qemu_cache_done(&cache);
	questions_done(&q);
	if (!facts.qemu.path)
		r = err_set(err, -ENOENT, "qemu-system-%s is not installed",
			    arch);
	else if (facts.qemu.failure)
		r = err_set(err, -EPROTO, "%s", facts.qemu.failure);
	else
		print_qemu(&facts.qemu);
	facts_done(&facts);
	return r;
}

int qemu_json_record(const char *arch, struct err *err)
{
	struct run_spec spec = RUN_SPEC_INIT;
	int r = make_spec(arch, &spec, err);

	if (r == 0)
		r = ask(&spec, arch, err);
	run_spec_done(&spec);
	return r;
}
