/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A PCI NIC brings a ROM with a boot loader for networks, which the firmware
 * starts before it looks at the disks. Where the guest does not boot from the
 * network that is a second of emulation for nothing, so the NIC gets an empty
 * romfile=. Its place on the bus stays.
 */
#ifndef XKVM_PLAN_BOOT_ROM_H
#define XKVM_PLAN_BOOT_ROM_H

#include "plan/machine.h"
#include "plan/plan.h"

/* Whether this NIC has a ROM that nothing asks for. `model` is the device it
 * gets, `model_facts` what QEMU says of that, or NULL where QEMU was not
 * asked. */
bool boot_rom_is_idle(const struct run_spec *spec, const struct nic_spec *nic,
		      const struct machine *machine, const char *model,
		      const struct model_facts *model_facts);

#endif
