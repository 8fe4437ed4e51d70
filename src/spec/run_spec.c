/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/run_spec.h"

#include <errno.h>
#include <stdlib.h>

#include "spec/size.h"

static const char *const ACCEL_NAMES[] = {
	[ACCEL_AUTO] = "auto",
	[ACCEL_KVM] = "kvm",
	[ACCEL_TCG] = "tcg",
};

int accel_parse(const char *text, enum accel *ret, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(ACCEL_NAMES); i++) {
		if (str_eq(text, ACCEL_NAMES[i])) {
			*ret = (enum accel)i;
			return 0;
		}
	}
	return err_set(err, -EINVAL,
		       "unknown accelerator '%s'; use auto, kvm or tcg", text);
}

const char *accel_name(enum accel accel)
{
	return ACCEL_NAMES[accel];
}

void run_spec_done(struct run_spec *spec)
{
	for (size_t i = 0; i < spec->disk_count; i++)
		disk_spec_done(&spec->disks[i]);
	for (size_t i = 0; i < spec->nic_count; i++)
		nic_spec_done(&spec->nics[i]);
	for (size_t i = 0; i < spec->wait_count; i++)
		wait_spec_done(&spec->waits[i]);
	free(spec->waits);
	command_spec_done(&spec->command);
	console_spec_done(&spec->console);
	free(spec->disks);
	free(spec->nics);
	free(spec->bios);
	free(spec->nvram);
	free(spec->ovsdb);
	firmware_spec_done(&spec->firmware);
	kernel_spec_done(&spec->kernel);
	cloud_init_spec_done(&spec->cloud_init);
	smbios_spec_done(&spec->smbios);
	free(spec->program);
	free(spec->arch);
	free(spec->net_socket);
	free(spec->machine);
	free(spec->machine_type);
	free(spec->cpu);
	free(spec->smp);
	free(spec->memory);
	free(spec->tpm_folder);
	free(spec->default_disk_driver);
	free(spec->default_nic_model);
	free(spec->cache_home);
	free(spec->temp_folder);
	strv_done(&spec->qemu_args);
	passthrough_done(&spec->passthrough);
	*spec = (struct run_spec)RUN_SPEC_INIT;
}

static void append_disk(struct run_spec *spec, struct disk_spec disk)
{
	spec->disks = xreallocarray(spec->disks, spec->disk_count + 1,
				    sizeof(*spec->disks));
	spec->disks[spec->disk_count++] = disk;
}

int run_spec_add_disk(struct run_spec *spec, const char *arg, struct err *err)
{
	struct disk_spec disk;
	int r = disk_spec_parse(arg, &disk, err);

	if (r < 0)
		return err_prefix(err, "--disk '%s'", arg);
	append_disk(spec, disk);
	return 0;
}

void run_spec_add_cdrom(struct run_spec *spec, const char *path)
{
	append_disk(spec, disk_spec_of_cdrom(path));
}

char *run_spec_default_disk_id(size_t number)
{
	return xasprintf("disk%02zu", number);
}

int run_spec_add_nic(struct run_spec *spec, const char *arg, struct err *err)
{
	struct nic_spec nic;
	int r = nic_spec_parse(arg, (unsigned int)spec->nic_count, &nic, err);

	if (r < 0)
		return err_prefix(err, "--netdev '%s'", arg);
	spec->nics = xreallocarray(spec->nics, spec->nic_count + 1,
				   sizeof(*spec->nics));
	spec->nics[spec->nic_count++] = nic;
	return 0;
}

static void add_wait(struct run_spec *spec, const struct wait_spec *wait)
{
	spec->waits = xreallocarray(spec->waits, spec->wait_count + 1,
				    sizeof(*spec->waits));
	spec->waits[spec->wait_count++] = *wait;
}

int run_spec_add_wait(struct run_spec *spec, const char *arg, struct err *err)
{
	struct wait_spec wait;
	int r = wait_spec_parse(arg, &wait, err);

	if (r < 0)
		return err_prefix(err, "--wait '%s'", arg);
	add_wait(spec, &wait);
	return 0;
}

/* The id of disk `i`, the one it is given by default included. Owned by the
 * caller. */
static char *disk_id(const struct run_spec *spec, size_t i)
{
	return spec->disks[i].id ? xstrdup(spec->disks[i].id)
				 : run_spec_default_disk_id(i);
}

static int check_ids(const struct run_spec *spec, struct err *err)
{
	cleanup_strv struct strv ids = STRV_INIT;

	for (size_t i = 0; i < spec->disk_count; i++) {
		cleanup_free char *id = disk_id(spec, i);

		if (strv_has(&ids, id))
			return err_set(err, -EINVAL,
				       "--disk '%s': id=%s is already the id "
				       "of another disk",
				       spec->disks[i].arg, id);
		strv_take(&ids, take_ptr(id));
	}
	return 0;
}

/* Two NICs of one guest with one address never work on one network. */
static int check_macs(const struct run_spec *spec, struct err *err)
{
	for (size_t i = 0; i < spec->nic_count; i++) {
		const struct nic_spec *a = &spec->nics[i];

		for (size_t j = 0; j < i; j++) {
			const struct nic_spec *b = &spec->nics[j];

			if (a->mac_kind != NIC_MAC_GIVEN ||
			    b->mac_kind != NIC_MAC_GIVEN ||
			    a->kind != b->kind || !mac_equal(&a->mac, &b->mac))
				continue;
			if (a->kind == NIC_BRIDGE &&
			    !str_eq(a->bridge, b->bridge))
				continue;
			if (a->kind == NIC_USER)
				continue; /* each is a network of its own */
			char text[MAC_TEXT_SIZE];
			mac_format(&a->mac, text);
			return err_set(err, -EINVAL,
				       "--netdev '%s': NIC %zu on '%s' has "
				       "the same address %s; give each its own "
				       "mac=",
				       a->arg, j, a->bridge, text);
		}
	}
	return 0;
}

int run_spec_set_machine(struct run_spec *spec, const char *value,
			 struct err *err)
{
	if (*value == '\0')
		return err_set(err, -EINVAL,
			       "--machine '': give a machine, such as q35, or "
			       "options of one, such as usb=off");
	free(spec->machine_type);
	spec->machine_type = machine_type_of(value);
	str_replace(&spec->machine, value);
	return 0;
}

int run_spec_set_smp(struct run_spec *spec, const char *value, struct err *err)
{
	if (smp_count_cpus(value) == 0)
		return err_set(err, -EINVAL,
			       "--smp '%s': give a number of CPUs, such as 4, "
			       "or a topology, such as cores=2,threads=2",
			       value);
	str_replace(&spec->smp, value);
	return 0;
}

/* As QEMU reads it: MiB without a suffix. What is odd in another way, such as
 * more than the machine can have, QEMU says. */
int run_spec_set_memory(struct run_spec *spec, const char *value,
			struct err *err)
{
	uint64_t size;

	if (!size_parse(value, 1 << 20, &size))
		return err_set(err, -EINVAL,
			       "--memory '%s': give a size, such as 512M or "
			       "2G (M where there is no letter)",
			       value);
	str_replace(&spec->memory, value);
	return 0;
}

void run_spec_set_tpm(struct run_spec *spec, const char *value)
{
	str_replace(&spec->tpm_folder, NULL);
	if (!value || *value == '\0') {
		spec->tpm = TPM_PRIVATE;
	} else if (str_eq(value, "off")) {
		spec->tpm = TPM_OFF;
	} else if (str_eq(value, "auto")) {
		spec->tpm = TPM_AUTO;
	} else {
		spec->tpm = TPM_FOLDER;
		spec->tpm_folder = xstrdup(value);
	}
}

static int check_taps(const struct run_spec *spec, struct err *err)
{
	for (size_t i = 0; i < spec->nic_count; i++) {
		const char *tap = spec->nics[i].port.tap;

		for (size_t j = 0; tap && j < i; j++) {
			const char *other = spec->nics[j].port.tap;

			if (other && str_eq(tap, other))
				return err_set(err, -EINVAL,
					       "--netdev '%s': tap=%s is "
					       "already the tap of NIC %zu",
					       spec->nics[i].arg, tap, j);
		}
	}
	return 0;
}

static int check_forward(const struct nic_spec *a, const struct fwd_spec *fwd,
			 const struct nic_spec *b, size_t count,
			 struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (fwd_spec_clash(fwd, &b->forwards[i]))
			return err_set(err, -EINVAL,
				       "--netdev '%s': port %u of %s is "
				       "forwarded twice; give each its own",
				       a->arg, fwd->host_port, fwd->address);
	return 0;
}

/* Each NIC is on a user network of its own, but the ports are this host's. */
static int check_forwards(const struct run_spec *spec, struct err *err)
{
	int r = 0;

	for (size_t i = 0; i < spec->nic_count; i++) {
		const struct nic_spec *nic = &spec->nics[i];

		for (size_t f = 0; r == 0 && f < nic->forward_count; f++) {
			for (size_t j = 0; r == 0 && j < i; j++)
				r = check_forward(nic, &nic->forwards[f],
						  &spec->nics[j],
						  spec->nics[j].forward_count,
						  err);
			if (r == 0)
				r = check_forward(nic, &nic->forwards[f], nic,
						  f, err);
		}
	}
	return r;
}

/* The option that asks for UEFI, or NULL. */
static const char *uefi_option(const struct run_spec *spec)
{
	const struct firmware_spec *firmware = &spec->firmware;

	if (spec->nvram)
		return "--uefi-nvram";
	if (spec->is_uefi)
		return "--uefi";
	if (firmware->file)
		return "--firmware";
	if (firmware->wanted.count > 0 || firmware->unwanted.count > 0)
		return "--firmware-features";
	return firmware->secure_boot == SECURE_BOOT_YES ? "--secure-boot yes"
							: NULL;
}

static int check_firmware(struct run_spec *spec, struct err *err)
{
	const char *option = uefi_option(spec);

	if (spec->bios && option)
		return err_set(err, -EINVAL, "--bios and %s exclude each other",
			       option);
	spec->is_uefi = option;
	return firmware_spec_check(&spec->firmware, err);
}

/* Its end is one more thing to wait for, the last. */
static int add_command(struct run_spec *spec, struct err *err)
{
	int r = command_spec_check(&spec->command, err);

	if (r == 0 && spec->command.text)
		add_wait(spec, &(struct wait_spec){ .kind = WAIT_COMMAND,
						    .arg = xstrdup("--run") });
	return r;
}

/* What is done while the guest runs needs somebody who does it. */
static int check_supervised(const struct run_spec *spec, struct err *err)
{
	const char *option = spec->command.text	    ? "--run"
			     : spec->wait_count > 0 ? "--wait"
			     : spec->has_guest_exit ? "--guest-exit"
			     : spec->on_panic
				     ? "--on-panic"
				     : console_spec_option(&spec->console);

	if (spec->timeout_ms && spec->wait_count == 0)
		return err_set(err, -EINVAL,
			       "--timeout limits --wait and --run, and there "
			       "is neither; "
			       "with '--wait exit' it limits the whole run");
	if (option && spec->is_exec)
		return err_set(err, -EINVAL,
			       "--exec and %s exclude each other: nobody is "
			       "left to watch the guest",
			       option);
	if (option && spec->passthrough.is_daemonized)
		return err_set(err, -EINVAL,
			       "-daemonize and %s exclude each other: QEMU "
			       "goes on where xkvm does not see it",
			       option);
	return 0;
}

int run_spec_finish(struct run_spec *spec, struct err *err)
{
	int r = check_firmware(spec, err);
	if (r < 0)
		return r;
	if (spec->is_exec && spec->grace_ms > 0)
		return err_set(err, -EINVAL,
			       "--exec and --grace exclude each other: nobody "
			       "is left to wait for the guest");
	r = check_ids(spec, err);
	if (r == 0)
		r = check_macs(spec, err);
	if (r == 0)
		r = check_taps(spec, err);
	if (r == 0)
		r = check_forwards(spec, err);
	if (r == 0)
		r = cloud_init_spec_check(&spec->cloud_init, err);
	if (r < 0)
		return r;
	passthrough_read(&spec->qemu_args, &spec->passthrough);
	r = add_command(spec, err);
	if (r == 0)
		r = check_supervised(spec, err);
	if (r < 0)
		return r;
	r = kernel_spec_check(&spec->kernel, &spec->passthrough, err);
	if (r < 0)
		return r;
	if (spec->passthrough.names_smp)
		spec->cpus = spec->passthrough.cpus;
	else if (spec->smp)
		spec->cpus = smp_count_cpus(spec->smp);
	for (size_t i = 0; i < spec->disk_count; i++)
		passthrough_add_fds(&spec->passthrough, spec->disks[i].arg);
	return 0;
}
