# SPDX-License-Identifier: Apache-2.0
#
# Firmware and its variables. That a guest's kernel finds UEFI, or does not, is
# in shapes.bats; here the firmware itself is the guest.

load lib

vars=/usr/share/OVMF/OVMF_VARS_4M.fd

setup()
{
	prepare_test
	[[ $(uname -m) == x86_64 ]] || skip 'the firmware is for a PC'
	oracle_before
}

# serial_says TEXT: whether the firmware has written it to the file serial.
serial_says()
{
	grep -aqs -e "$1" serial
}

require_ovmf()
{
	[[ -e $vars ]] || skip 'needs OVMF'
}

checksum()
{
	sha256sum <"$1"
}

# is_changed FILE CHECKSUM: whether the firmware has written to its variables.
is_changed()
{
	[[ $(checksum "$1") != "$2" ]]
}

# memory_of PID: the descriptor that is the private copy of the variables.
memory_of()
{
	find "/proc/$1/fd" -lname '/memfd:nvram*' | head -n 1
}

@test "fault 52: the firmware writes to a copy, and the template stays" {
	local template

	require_ovmf
	template=$(checksum "$vars")
	start_machine --netdev user --uefi -- -m 256
	until_true 120 is_changed "$(memory_of "$qemu_pid")" "$template"
	stop_machine
	[ "$(checksum "$vars")" = "$template" ]
	[ "$(stat -c %s "$vars")" -gt 0 ]
	oracle_after
}

@test "a store of variables is made from the template, and kept" {
	local template first

	require_ovmf
	template=$(checksum "$vars")
	start_machine --netdev user --uefi-nvram store -- -m 256
	until_true 120 is_changed store "$template"
	stop_machine
	[ "$(checksum "$vars")" = "$template" ]
	[ "$(stat -c %s store)" -eq "$(stat -c %s "$vars")" ]
	first=$(checksum store)
	run_machine --netdev user --uefi-nvram store -- -no-such-option
	[ "$guest_status" -eq 1 ]
	[ "$(checksum store)" = "$first" ]
	oracle_after
}

@test "fault 54: a store goes with the firmware that has its size" {
	require_ovmf
	[[ -e /usr/share/OVMF/OVMF_VARS.fd ]] || skip 'needs OVMF for 2 MiB'
	cp /usr/share/OVMF/OVMF_VARS.fd small
	"$XKVM" --dry-run=json --netdev user --uefi-nvram small >plan
	jq -e '.argv | any(contains("OVMF_CODE.fd"))' plan
	cp "$vars" large
	"$XKVM" --dry-run=json --netdev user --uefi-nvram large >plan
	jq -e '.argv | any(contains("OVMF_CODE_4M.fd"))' plan
	truncate -s 100K large
	run_machine --netdev user --uefi-nvram large
	[ "$guest_status" -eq 2 ]
	grep -q "its 102400 bytes fit none" "$guest_errors"
}

@test "--bios starts a firmware of the user's" {
	[[ -e /usr/share/seabios/bios-256k.bin ]] || skip 'needs SeaBIOS'
	make_exit_disk 42
	cp /usr/share/seabios/bios-256k.bin 'my,bios.bin'
	run_machine --netdev user --bios 'my,bios.bin' --disk exit.img \
		-- -device "$exit_device"
	[ "$guest_status" -eq 85 ]
	grep -q 'my,,bios.bin,readonly=on' "$guest_errors"
	oracle_after
}

@test "--bios starts one on a board without flash" {
	[[ -e /usr/share/qemu/slof.bin ]] || skip 'needs SLOF'
	sed 's/to enter Open Firmware/to enter your firmware/' \
		/usr/share/qemu/slof.bin >'my,slof.bin'
	"$XKVM" --arch ppc64 --netdev user --bios 'my,slof.bin' -- \
		-display none -monitor none -serial file:serial \
		</dev/null >"$guest_console" 2>"$guest_errors" 3>&- &
	guest_pid=$!
	until_true "$guest_deadline" serial_says 'to enter your firmware'
	stop_machine
	oracle_after
}

# start_aarch64 OPTION...: what the firmware writes goes to the file serial.
start_aarch64()
{
	rm -f serial
	"$XKVM" --arch aarch64 --netdev user "$@" -- -display none \
		-monitor none -serial file:serial -m 256 \
		</dev/null >"$guest_console" 2>"$guest_errors" 3>&- &
	guest_pid=$!
}

@test "aarch64 starts a UEFI of 64 MiB, and one that is filled up to that" {
	local small=/usr/share/qemu-efi-aarch64/QEMU_EFI.fd

	require_command qemu-system-aarch64
	[[ -e $small ]] || skip 'needs firmware for aarch64'
	start_aarch64
	until_true 120 serial_says 'UEFI firmware'
	stop_machine
	start_aarch64 --firmware "$small"
	until_true 120 serial_says 'UEFI firmware'
	stop_machine
	oracle_after
}
