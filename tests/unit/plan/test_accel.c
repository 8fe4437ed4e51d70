/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/accel.h"

#include <errno.h>

#include "scene.h"

#define MISSING                                                           \
	"there is no /dev/kvm; load the module ('modprobe kvm_intel' or " \
	"'kvm_amd'), or turn virtualization on in the firmware or, in a " \
	"virtual machine, nesting"
#define DENIED                                                             \
	"/dev/kvm is not open to this user; join its group ('usermod -aG " \
	"kvm USER', then log in again)"
#define SOFTWARE                                                          \
	"/dev/kvm opens, but the CPU has neither vmx nor svm, so guests " \
	"would not get far; --accel kvm tries it all the same"
#define BROKEN "/dev/kvm cannot be opened: Device or resource busy"
#define SLOW "warning: running without KVM, slowly (TCG): "
#define FOREIGN "KVM on this host runs x86_64 guests, not s390x"
#define RISKY                                                           \
	"warning: using KVM as asked, but the CPU has neither vmx nor " \
	"svm: the guest may hang at once"

/* A state of /dev/kvm and a choice: the argument and note, or the error. */
static const struct {
	const char *guest;
	enum kvm_state kvm;
	enum accel choice;
	const char *argument;
	const char *text;
} rows[] = {
	{ "x86_64", KVM_USABLE, ACCEL_AUTO, "-accel kvm", "" },
	{ "x86_64", KVM_MISSING, ACCEL_AUTO, "-accel tcg", SLOW MISSING },
	{ "x86_64", KVM_DENIED, ACCEL_AUTO, "-accel tcg", SLOW DENIED },
	{ "x86_64", KVM_SOFTWARE, ACCEL_AUTO, "-accel tcg", SLOW SOFTWARE },
	{ "x86_64", KVM_BROKEN, ACCEL_AUTO, "-accel tcg", SLOW BROKEN },

	{ "x86_64", KVM_USABLE, ACCEL_KVM, "-accel kvm", "" },
	{ "x86_64", KVM_MISSING, ACCEL_KVM, NULL, "--accel kvm: " MISSING },
	{ "x86_64", KVM_DENIED, ACCEL_KVM, NULL, "--accel kvm: " DENIED },
	{ "x86_64", KVM_SOFTWARE, ACCEL_KVM, "-accel kvm", RISKY },
	{ "x86_64", KVM_BROKEN, ACCEL_KVM, NULL, "--accel kvm: " BROKEN },

	{ "x86_64", KVM_USABLE, ACCEL_TCG, "-accel tcg", "" },
	{ "x86_64", KVM_MISSING, ACCEL_TCG, "-accel tcg", "" },

	/* A 32-bit guest runs on the host's KVM. */
	{ "i386", KVM_USABLE, ACCEL_AUTO, "-accel kvm", "" },
	{ "i386", KVM_MISSING, ACCEL_AUTO, "-accel tcg", SLOW MISSING },

	/* For another architecture TCG is no loss, and needs no word. */
	{ "s390x", KVM_USABLE, ACCEL_AUTO, "-accel tcg", "" },
	{ "s390x", KVM_MISSING, ACCEL_AUTO, "-accel tcg", "" },
	{ "s390x", KVM_USABLE, ACCEL_TCG, "-accel tcg", "" },
	{ "s390x", KVM_USABLE, ACCEL_KVM, NULL, "--accel kvm: " FOREIGN },
	{ "s390x", KVM_SOFTWARE, ACCEL_KVM, NULL, "--accel kvm: " FOREIGN },
};

static int add(struct scene *scene, const char *guest, enum accel *ret)
{
	return accel_add(&scene->plan, &scene->spec, &scene->facts, guest, ret,
			 &scene->err);
}

static void check_row(size_t i, const char *row)
{
	struct scene scene;
	enum accel accel;

	scene_init(&scene);
	scene.facts.kvm = rows[i].kvm;
	scene.facts.kvm_error = EBUSY;
	scene.spec.accel = rows[i].choice;
	scene.spec.is_accel_explicit = true;
	int r = add(&scene, rows[i].guest, &accel);
	if (rows[i].argument) {
		cleanup_free char *command = scene_command(&scene);
		cleanup_free char *notes = scene_notes(&scene);

		check_ok(row, r, &scene.err);
		check_text(row, command, rows[i].argument);
		check_text(row, notes, rows[i].text);
		check_text(row, accel_name(accel),
			   rows[i].argument + strlen("-accel "));
	} else {
		check_error(row, r, &scene.err, -ENODEV, rows[i].text);
		check_number(row, (long long)scene.plan.argv.count, 0);
	}
	scene_done(&scene);
}

static void test_states_and_choices(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_free char *row = xasprintf("%s, state %d, %s",
						   rows[i].guest, rows[i].kvm,
						   accel_name(rows[i].choice));

		check_row(i, row);
	}
}

/* The message names what was typed, or the variable. */
static void test_default_from_environment(void **state)
{
	struct scene scene;
	enum accel accel;

	(void)state;
	scene_init(&scene);
	scene.facts.kvm = KVM_DENIED;
	scene.spec.accel = ACCEL_KVM;
	check_error("XKVM_ACCEL", add(&scene, "x86_64", &accel), &scene.err,
		    -ENODEV, "XKVM_ACCEL=kvm: " DENIED);
	scene_done(&scene);
}

/* Who names an accelerator after `--` has chosen. */
static void test_stands_back(void **state)
{
	struct scene scene;
	enum accel accel = ACCEL_KVM;

	(void)state;
	scene_init(&scene);
	scene.facts.kvm = KVM_MISSING;
	scene.spec.accel = ACCEL_KVM;
	scene_qemu_arg(&scene, "-accel");
	scene_qemu_arg(&scene, "tcg");
	scene_finish(&scene);
	check_ok("-accel", add(&scene, "x86_64", &accel), &scene.err);
	assert_int_equal(accel, ACCEL_AUTO);
	assert_int_equal(scene.plan.argv.count, 0);
	assert_int_equal(scene.plan.note_count, 0);
	scene_done(&scene);
}

/* The kernel's name for the host's architecture is not always QEMU's. */
static void test_host_names(void **state)
{
	struct scene scene;
	enum accel accel;

	(void)state;
	scene_init(&scene);
	str_replace(&scene.facts.host_machine, "ppc64le");
	check_ok("ppc64le", add(&scene, "ppc64", &accel), &scene.err);
	assert_int_equal(accel, ACCEL_KVM);
	scene_done(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states_and_choices),
		cmocka_unit_test(test_default_from_environment),
		cmocka_unit_test(test_stands_back),
		cmocka_unit_test(test_host_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
