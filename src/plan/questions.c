/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/questions.h"

#include <stdlib.h>

#include "plan/disk_use.h"
#include "plan/fast.h"
#include "plan/firmware.h"
#include "plan/image_lock.h"
#include "plan/kernel.h"
#include "plan/machine.h"
#include "plan/reach.h"
#include "plan/sides.h"
#include "plan/smbios.h"

/* Whether a disk says anything that only QEMU can place. */
static bool disk_asks(const struct disk_spec *disk,
		      const struct machine *machine, const char *driver)
{
	size_t bare_expected = disk->file ? 0 : 1;

	if (disk->driver || disk->bare.count > bare_expected)
		return true;
	if (machine->blk_device && (str_eq(driver, machine->blk_device) ||
				    str_eq(driver, "virtio-blk")))
		return true;
	for (size_t i = 0; i < disk->words.count; i++)
		if (!disk_spec_takes(&disk->words.items[i]))
			return true;
	return false;
}

static bool nic_asks(const struct nic_spec *nic)
{
	if (nic->model || nic->queues != 0)
		return true;
	for (size_t i = 1; i < nic->words.count; i++)
		if (!nic_spec_takes(&nic->words.items[i]))
			return true;
	return false;
}

static void ask_for_file(const struct disk_spec *disk, const char *path,
			 struct questions *q)
{
	strv_add_unique(&q->files, path);
	if (disk_use_makes(disk))
		strv_add_unique(&q->images, path);
}

static void ask_for_disk(const struct run_spec *spec,
			 const struct disk_spec *disk,
			 const struct machine *machine, struct questions *q)
{
	const char *driver = machine_disk_driver(spec, disk, machine);

	if (disk->file)
		ask_for_file(disk, disk->file, q);
	for (size_t i = 0; !disk->file && i < disk->bare.count; i++)
		ask_for_file(disk, disk->bare.items[i], q);
	if (disk->base)
		strv_add_unique(&q->files, disk->base);
	q->needs_qemu_img |= disk_use_makes(disk) ||
			     disk_use_of(spec, disk) == DISK_EPHEMERAL;
	/* A drive that is no device still has its words on QEMU's drive
	 * side; any model makes QEMU tell that side. */
	if (!driver)
		driver = "virtio-blk";
	if (disk_asks(disk, machine, driver))
		strv_add_unique(&q->models, driver);
}

/* A free port needs no question, and QEMU's own word no answer. */
static void ask_for_forward(const struct fwd_spec *fwd, struct questions *q)
{
	if (fwd->is_hostfwd || fwd->host_port == 0)
		return;
	q->ports = xreallocarray(q->ports, q->port_count + 1,
				 sizeof(const struct fwd_spec *));
	q->ports[q->port_count++] = fwd;
}

static void ask_for_nic(const struct run_spec *spec, const struct nic_spec *nic,
			const struct machine *machine, struct questions *q)
{
	if (nic_asks(nic))
		strv_add_unique(&q->models,
				machine_nic_model(spec, nic, machine));
	for (size_t i = 0; i < nic->forward_count; i++)
		ask_for_forward(&nic->forwards[i], q);
	if (nic->kind != NIC_BRIDGE)
		return;
	strv_add_unique(&q->bridges, nic->bridge);
	q->needs_helper = true;
	if (nic->mac_kind == NIC_MAC_DEFAULT)
		q->needs_machine_id = true;
	if (nic->vhost == NIC_VHOST_ON || nic->vhost == NIC_VHOST_AUTO)
		q->needs_vhost_net = true;
}

static void ask_for_fast(const struct run_spec *spec,
			 const struct machine *machine, struct questions *q)
{
	q->needs_machines = fast_asks_machines(spec, machine);
	if (fast_asks_kernel(spec, machine))
		q->kernel = spec->kernel.file;
}

void questions_of(const struct run_spec *spec, const char *host_machine,
		  struct questions *ret)
{
	struct questions q = { 0 };
	const char *arch = machine_guest_arch(spec, host_machine);
	const struct machine machine = machine_of(arch);

	q.program = machine_program(spec, host_machine);
	q.virtio_bus = machine.virtio_bus;
	q.net_socket = spec->net_socket ? spec->net_socket : HELPER_SOCKET_PATH;
	q.needs_kvm = spec->accel != ACCEL_TCG &&
		      !spec->passthrough.names_accel;
	q.needs_ssh = reach_asks_ssh(spec);
	q.needs_swtpm = spec->tpm != TPM_OFF;
	q.seed = spec->cloud_init.is_asked ? &spec->cloud_init : NULL;
	for (size_t i = 0; i < spec->disk_count; i++)
		ask_for_disk(spec, &spec->disks[i], &machine, &q);
	for (size_t i = 0; i < spec->nic_count; i++)
		ask_for_nic(spec, &spec->nics[i], &machine, &q);
	if (spec->nic_count == 0) {
		strv_add(&q.bridges, DEFAULT_BRIDGE);
		q.needs_helper = true;
		q.needs_machine_id = true;
	}
	firmware_questions(spec, &machine, &q);
	kernel_questions(spec, &q.files);
	smbios_questions(spec, &q.texts);
	ask_for_fast(spec, &machine, &q);
	*ret = q;
}

void questions_done(struct questions *q)
{
	cleanup_free_p(&q->program);
	cleanup_free_p(&q->descriptor);
	strv_done(&q->models);
	strv_done(&q->files);
	strv_done(&q->images);
	strv_done(&q->bridges);
	strv_done(&q->texts);
	free(q->ports);
	*q = (struct questions){ 0 };
}

void questions_of_firmware(const struct run_spec *spec,
			   const struct facts *facts, struct strv *files)
{
	const struct machine machine =
		machine_of(machine_guest_arch(spec, facts->host_machine));

	firmware_file_questions(spec, facts, &machine, files);
}

void questions_of_holders(const struct run_spec *spec,
			  const struct facts *facts, struct strv *files)
{
	image_lock_questions(spec, facts, files);
}

bool questions_need_schema(const struct run_spec *spec,
			   const struct facts *facts)
{
	const char *arch = machine_guest_arch(spec, facts->host_machine);
	const struct machine machine = machine_of(arch);

	for (size_t i = 0; i < spec->disk_count; i++)
		if (sides_disk_has_unknown(spec, &spec->disks[i], &machine,
					   facts))
			return true;
	for (size_t i = 0; i < spec->nic_count; i++)
		if (sides_nic_has_unknown(spec, &spec->nics[i], &machine,
					  facts))
			return true;
	return false;
}
