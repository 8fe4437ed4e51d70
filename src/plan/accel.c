/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/accel.h"

#include <errno.h>

#include "spec/arch.h"

static bool can_run_natively(const char *guest_arch, const char *host_machine)
{
	const char *host = arch_qemu_name(host_machine);

	return str_eq(guest_arch, host) ||
	       (str_eq(guest_arch, "i386") && str_eq(host, "x86_64"));
}

/* Why KVM cannot be used and what mends it; NULL where it can. Owned by the
 * caller. */
static char *kvm_obstacle(const struct facts *facts, const char *guest_arch)
{
	if (!can_run_natively(guest_arch, facts->host_machine))
		return xasprintf("KVM on this host runs %s guests, not %s",
				 arch_qemu_name(facts->host_machine),
				 guest_arch);
	switch (facts->kvm) {
	case KVM_USABLE:
		return NULL;
	case KVM_MISSING:
		return xstrdup("there is no /dev/kvm; load the module "
			       "('modprobe kvm_intel' or 'kvm_amd'), or turn "
			       "virtualization on in the firmware or, in a "
			       "virtual machine, nesting");
	case KVM_DENIED:
		return xstrdup("/dev/kvm is not open to this user; join its "
			       "group ('usermod -aG kvm USER', then log in "
			       "again)");
	case KVM_SOFTWARE:
		return xstrdup("/dev/kvm opens, but the CPU has neither vmx "
			       "nor svm, so guests would not get far; "
			       "--accel kvm tries it all the same");
	case KVM_BROKEN:
		break;
	}
	return xasprintf("/dev/kvm cannot be opened: %s",
			 strerrordesc_np(facts->kvm_error));
}

static int choose(struct plan *plan, const struct run_spec *spec,
		  const struct facts *facts, const char *guest_arch,
		  enum accel *ret, struct err *err)
{
	if (spec->accel == ACCEL_TCG) {
		*ret = ACCEL_TCG;
		return 0;
	}
	cleanup_free char *obstacle = kvm_obstacle(facts, guest_arch);
	/* Who insists may try KVM without vmx or svm. */
	bool is_usable = !obstacle ||
			 (spec->accel == ACCEL_KVM &&
			  facts->kvm == KVM_SOFTWARE &&
			  can_run_natively(guest_arch, facts->host_machine));
	if (is_usable) {
		if (obstacle)
			plan_note(plan, NOTE_WARNING,
				  "using KVM as asked, but the CPU has neither "
				  "vmx nor svm: the guest may hang at once");
		*ret = ACCEL_KVM;
		return 0;
	}
	if (spec->accel == ACCEL_KVM)
		return err_set(err, -ENODEV, "%s: %s",
			       spec->is_accel_explicit ? "--accel kvm"
						       : "XKVM_ACCEL=kvm",
			       obstacle);
	if (can_run_natively(guest_arch, facts->host_machine))
		plan_note(plan, NOTE_WARNING,
			  "running without KVM, slowly (TCG): %s", obstacle);
	*ret = ACCEL_TCG;
	return 0;
}

int accel_add(struct plan *plan, const struct run_spec *spec,
	      const struct facts *facts, const char *guest_arch,
	      enum accel *ret, struct err *err)
{
	if (spec->passthrough.names_accel) {
		*ret = ACCEL_AUTO;
		return 0;
	}
	int r = choose(plan, spec, facts, guest_arch, ret, err);
	if (r < 0)
		return r;
	plan_add_arg(plan, "-accel", xstrdup(accel_name(*ret)));
	return 0;
}
