# SPDX-License-Identifier: Apache-2.0
#
# Secure Boot, from the firmware's keys to the guest's kernel.

load lib

# The folder that `signed-boot get` was given.
XKVM_SIGNED_BOOT=${XKVM_SIGNED_BOOT:-$top/build/signed-boot}
# Two loaders and a kernel, each checked, without KVM.
guest_deadline=240

setup()
{
	prepare_test
	[[ $(uname -m) == x86_64 ]] || skip 'the loaders are for a PC'
	[[ -e /usr/share/OVMF/OVMF_VARS_4M.ms.fd ]] ||
		skip 'needs OVMF with keys'
	[[ -e $XKVM_SIGNED_BOOT/complete ]] || skip 'needs signed loaders'
	require_command mcopy
}

# make_boot_disk LOADER: a disk, boot.img, with the guest's kernel, which is
# signed where it is Debian's; the guest says the state of Secure Boot.
make_boot_disk()
{
	guest_script <<-'END'
		efivars=/sys/firmware/efi/efivars
		mount -t efivarfs efivarfs "$efivars"
		# Four bytes of attributes, and the value.
		say "secure boot $(tail -c 1 "$efivars"/SecureBoot-* | od -An -tu1)"
		say "$(dmesg | grep -o 'secureboot: .*')"
	END
	"$top/tests/system/signed-boot" disk "$XKVM_SIGNED_BOOT" "$1" \
		"$XKVM_GUEST/kernel.efi" "$guest_initrd" boot.img
}

# start_disk OPTION...: boots from boot.img.
start_disk()
{
	"$XKVM" --netdev user "$@" --disk boot.img,snapshot=on \
		-- -nographic -m 512 -no-reboot \
		</dev/null >"$guest_console" 2>"$guest_errors" 3>&- &
	guest_pid=$!
}

@test "a chain of signed loaders boots with Secure Boot on, and off without" {
	local template

	template=$(sha256sum </usr/share/OVMF/OVMF_VARS_4M.ms.fd)
	make_boot_disk signed
	oracle_before
	start_disk --secure-boot yes
	wait_guest
	[ "$guest_status" -eq 0 ]
	guest_said "secure boot    1"
	guest_said "secureboot: Secure boot enabled"
	oracle_after
	start_disk --uefi
	wait_guest
	[ "$guest_status" -eq 0 ]
	guest_said "secure boot    0"
	[ "$(sha256sum </usr/share/OVMF/OVMF_VARS_4M.ms.fd)" = "$template" ]
}

# console_says TEXT: whether it is on the guest's console, whose lines are full
# of control characters.
console_says()
{
	grep -aq -e "$1" "$guest_console"
}

@test "an unsigned loader is refused with Secure Boot on" {
	make_boot_disk unsigned
	start_disk --secure-boot yes
	until_true "$guest_deadline" console_says 'Access Denied'
	stop_machine
	console_says 'Welcome to GRUB' && fail 'the loader was started'
	start_disk --uefi
	until_true "$guest_deadline" console_says 'Welcome to GRUB'
	stop_machine
}
