# SPDX-License-Identifier: Apache-2.0
#
# A guest of each architecture, emulated, on the machine and the CPU that xkvm
# chooses: it boots to user space, finds its disks by their serial numbers, and
# its NIC on a bridge reaches the host. The kernels are Debian's; ./run-tests
# fetches them, and by hand `tests/guest/build -a ARCH build/guest-ARCH` does.

bats_require_minimum_version 1.5.0
load lib

setup()
{
	prepare_test
	# Emulation of some takes its time, above all on a busy machine.
	guest_deadline=180
}

# use_guest ARCH: boots the guest of this architecture, as uname calls it.
use_guest()
{
	XKVM_GUEST=$XKVM_GUEST-$1
	[[ -e $XKVM_GUEST/initrd ]] ||
		skip "there is no guest for $1; 'tests/guest/build -a $1" \
			"$XKVM_GUEST' makes it"
}

# boots_as MACHINE [OPTION...] [-- QEMU ARGUMENT...]: boots the guest with these
# options and finds what every guest has, MACHINE being what its kernel says it
# runs on.
boots_as()
{
	local machine=$1

	shift
	make_bridge br0 192.0.2.1/24
	make_raw data.img 3M
	make_qcow2 scsi.qcow2 5M
	oracle_before
	guest_script <<-'END'
		say "machine $(uname -m) $(firmware)"
		nic_up eth0 192.0.2.2/24
		say "nic $(nic_mac eth0) $(nic_driver eth0)"
		can_ping 192.0.2.1
		sectors() {
			disk_attribute "$(disk_by_serial "$1")" size
		}
		say "virtio $(sectors blk1)"
		say "scsi $(sectors scsi1)"
		say "random $(head -c 8 /dev/hwrng | wc -c)"
	END
	boot_guest --netdev br0,mac=52:54:00:00:00:aa \
		--disk data.img,serial=blk1 \
		--disk scsi.qcow2,driver=scsi-hd,serial=scsi1 "$@"
	[ "$guest_status" -eq 0 ]
	guest_said "machine $machine"
	guest_said "nic 52:54:00:00:00:aa virtio_net"
	guest_said "ping 192.0.2.1 ok"
	guest_said "virtio $((3 * 2048))"
	guest_said "scsi $((5 * 2048))"
	guest_said "random 8"
	guest_said "exit 0"
	oracle_after
}

@test "x86_64 boots by BIOS, under its other name" {
	[[ $(uname -m) == x86_64 ]] || use_guest x86_64
	boots_as "x86_64 bios" --arch amd64
}

@test "i386 boots" {
	use_guest i386
	boots_as "i686 bios" --arch i686
}

@test "aarch64 boots by UEFI" {
	use_guest aarch64
	boots_as "aarch64 uefi" --arch arm64
}

@test "arm boots" {
	use_guest arm
	boots_as "armv7l bios" --arch armhf
}

@test "ppc64 boots, with the low byte first" {
	use_guest ppc64le
	boots_as "ppc64le bios" --arch ppc64le
}

@test "s390x boots, with disks and NICs on the channel subsystem" {
	use_guest s390x
	boots_as "s390x bios" --arch s390x
}

@test "riscv64 boots" {
	use_guest riscv64
	boots_as "riscv64 bios" --arch riscv64
}

@test "a guest has the machine, the CPUs and the memory of the options" {
	[[ $(uname -m) == x86_64 ]] || use_guest x86_64
	guest_memory=()
	guest_script <<-'END'
		say "cpus $(grep -c ^processor /proc/cpuinfo)"
		say "model $(grep -m 1 'model name' /proc/cpuinfo)"
		say "board $(cat /sys/class/dmi/id/product_name)"
		say "memory $(($(awk '$1 == "MemTotal:" { print $2 }' \
			/proc/meminfo) / 1024 / 64))"
	END
	boot_guest --netdev user --arch x86_64 --machine q35 --cpu Nehalem \
		--smp cores=2 --memory 300M
	guest_said "cpus 2"
	guest_said "model model name	: Intel Core i7 9xx (Nehalem Class Core i7)"
	guest_said "board Standard PC (Q35 + ICH9, 2009)"
	guest_said "memory 3" # 300 MiB without the kernel, in units of 64
	guest_said "exit 0"
}
