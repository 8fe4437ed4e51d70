/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/tpm.h"

#include <errno.h>

#include "scene.h"

#define PROGRAM "swtpm socket --tpm2 --terminate --ctrl type=unixio,clientfd=3"
#define IN_MEMORY PROGRAM " --tpmstate backend-uri=file:///proc/self/fd/4"
#define IN_FOLDER PROGRAM " --tpmstate dir=/proc/self/fd/4,mode=0600"
#define DEVICE(model)                               \
	"-chardev socket,id=xkvm-tpm,fd=3 -tpmdev " \
	"emulator,id=tpm0,chardev=xkvm-tpm -device " model ",tpmdev=tpm0"
#define AUTO                                                               \
	"--tpm=auto keeps the TPM's state beside the first disk that the " \
	"guest can write, and "

static const struct {
	const char *arch;
	const char *value; /* of --tpm; NULL: it has none */
	const char *disk;
	const char *command, *program, *folder;
	int error;
	const char *message;
} rows[] = {
	{ "x86_64", NULL, NULL, DEVICE("tpm-crb"), IN_MEMORY, NULL, 0, NULL },
	{ "i386", "", NULL, DEVICE("tpm-crb"), IN_MEMORY, NULL, 0, NULL },
	{ "aarch64", NULL, NULL, DEVICE("tpm-tis-device"), IN_MEMORY, NULL, 0,
	  NULL },
	{ "ppc64", "a, b", NULL, DEVICE("tpm-spapr"), IN_FOLDER, "a, b", 0,
	  NULL },
	{ "x86_64", "auto", "d.img", DEVICE("tpm-crb"), IN_FOLDER,
	  "/data/d.img.tpm", 0, NULL },
	{ "x86_64", "off", NULL, "", "", NULL, 0, NULL },
	{ "s390x", "off", NULL, "", "", NULL, 0, NULL },
	{ "s390x", NULL, NULL, NULL, NULL, NULL, -EINVAL,
	  "--tpm: QEMU has no TPM for s390x guests" },
	{ "x86_64", "auto", NULL, NULL, NULL, NULL, -EINVAL,
	  AUTO "there is none; name a folder" },
	{ "x86_64", "auto", "/dev/sdb", NULL, NULL, NULL, -EINVAL,
	  AUTO "that is no file; name a folder" },
};

static char *program_of(const struct plan *plan)
{
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < plan->tpm.argv.count; i++)
		strbuf_addf(&sb, "%s%s", i ? " " : "", plan->tpm.argv.items[i]);
	return strbuf_detach(&sb);
}

static void add_disk(struct scene *s, const char *path)
{
	struct file_facts *file = scene_file(s, path);

	if (*path == '/')
		str_replace(&file->real_path, path);
	scene_disk(s, path);
}

static void test_add(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_free char *row =
			xasprintf("%s %s", rows[i].arch,
				  rows[i].value ? rows[i].value : "--tpm");
		const struct machine machine = machine_of(rows[i].arch);
		struct scene s;

		scene_init(&s);
		s.facts.swtpm = xstrdup("/opt/swtpm");
		run_spec_set_tpm(&s.spec, rows[i].value);
		if (rows[i].disk)
			add_disk(&s, rows[i].disk);
		scene_finish(&s);
		int r = tpm_add(&s.plan, &s.spec, &s.facts, &machine, &s.err);
		if (rows[i].error) {
			check_error(row, r, &s.err, rows[i].error,
				    rows[i].message);
		} else {
			cleanup_free char *command = scene_command(&s);
			cleanup_free char *program = program_of(&s.plan);

			check_ok(row, r, &s.err);
			check_text(row, command, rows[i].command);
			check_text(row, program, rows[i].program);
			check_text(row, s.plan.tpm.folder, rows[i].folder);
		}
		scene_done(&s);
	}
}

static void test_not_installed(void **state)
{
	const struct machine machine = machine_of("x86_64");
	struct scene s;

	(void)state;
	scene_init(&s);
	run_spec_set_tpm(&s.spec, NULL);
	check_error("no swtpm",
		    tpm_add(&s.plan, &s.spec, &s.facts, &machine, &s.err),
		    &s.err, -ENOENT,
		    "--tpm: swtpm is not installed; its package is swtpm");
	/* The last --tpm counts. */
	run_spec_set_tpm(&s.spec, "dir");
	run_spec_set_tpm(&s.spec, "off");
	check_ok("off", tpm_add(&s.plan, &s.spec, &s.facts, &machine, &s.err),
		 &s.err);
	assert_null(s.plan.tpm.program);
	assert_null(s.spec.tpm_folder);
	scene_done(&s);
}

/* Only where the firmware is a BIOS. */
static void test_initrd(void **state)
{
	static const struct {
		const char *arch;
		bool is_uefi;
		const char *own_initrd, *qemus_initrd;
		bool is_warned;
	} cases[] = {
		{ "x86_64", false, "i", NULL, true },
		{ "x86_64", false, NULL, "i", true },
		{ "i386", false, NULL, "i", true },
		{ "x86_64", true, "i", NULL, false },
		{ "x86_64", true, NULL, "i", false },
		{ "x86_64", false, NULL, NULL, false },
		{ "arm", false, "i", NULL, false },
		{ "arm", false, NULL, "i", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct machine machine = machine_of(cases[i].arch);
		struct scene s;

		scene_init(&s);
		s.facts.swtpm = xstrdup("/opt/swtpm");
		run_spec_set_tpm(&s.spec, NULL);
		s.spec.is_uefi = cases[i].is_uefi;
		if (cases[i].own_initrd) {
			str_replace(&s.spec.kernel.file, "k");
			str_replace(&s.spec.kernel.initrd, cases[i].own_initrd);
		}
		if (cases[i].qemus_initrd) {
			scene_qemu_arg(&s, "-initrd");
			scene_qemu_arg(&s, cases[i].qemus_initrd);
		}
		scene_finish(&s);
		check_ok("tpm",
			 tpm_add(&s.plan, &s.spec, &s.facts, &machine, &s.err),
			 &s.err);
		check_number(cases[i].arch, (long long)s.plan.note_count,
			     cases[i].is_warned);
		scene_done(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_not_installed),
		cmocka_unit_test(test_initrd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
