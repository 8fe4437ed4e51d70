/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/boot_rom.h"

static bool has_word(const struct nic_spec *nic, const char *key)
{
	for (size_t i = 1; i < nic->words.count; i++)
		if (str_eq(nic->words.items[i].key, key))
			return true;
	return false;
}

static bool has_disk(const struct run_spec *spec, const struct machine *machine)
{
	for (size_t i = 0; i < spec->disk_count; i++)
		if (machine_disk_driver(spec, &spec->disks[i], machine))
			return true;
	return false;
}

/* With a bootindex on one NIC the firmware may go on to the next. */
static bool boots_from_network(const struct run_spec *spec,
			       const struct machine *machine)
{
	for (size_t i = 0; i < spec->nic_count; i++)
		if (has_word(&spec->nics[i], "bootindex"))
			return true;
	return spec->passthrough.keeps_roms ||
	       !(spec->kernel.file || spec->passthrough.has_medium ||
		 has_disk(spec, machine));
}

/* Of the devices that QEMU need not be asked about, those by default and the
 * usual ones of DEF_NETMODEL. */
static bool is_known_with_rom(const struct machine *machine, const char *model)
{
	static const char *const models[] = {
		"virtio-net-pci", "e1000", "e1000e", "rtl8139", "vmxnet3",
	};

	for (size_t i = 0; i < ARRAY_SIZE(models); i++)
		if (str_eq(models[i], model))
			return true;
	return str_eq(model, "virtio-net") &&
	       str_eq(machine->virtio_bus, "pci");
}

bool boot_rom_is_idle(const struct run_spec *spec, const struct nic_spec *nic,
		      const struct machine *machine, const char *model,
		      const struct model_facts *model_facts)
{
	bool has_rom = model_facts
			       ? strv_has(&model_facts->properties, "romfile")
			       : is_known_with_rom(machine, model);

	return has_rom && !has_word(nic, "romfile") &&
	       !has_word(nic, "rombar") && !has_word(nic, "romsize") &&
	       !boots_from_network(spec, machine);
}
