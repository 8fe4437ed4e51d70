# SPDX-License-Identifier: Apache-2.0
#
# Kernels without a boot loader: --kernel with its initrd and words, --fast, the
# cache of unpacked kernels, and the ROMs that only a boot loader would want.

bats_require_minimum_version 1.5.0
load lib

setup()
{
	prepare_test
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	kernels=$XDG_CACHE_HOME/xkvm/kernels
}

# boot_kernel KERNEL [OPTION...] [-- QEMU ARGUMENT...]: boots the guest with this
# kernel, given by xkvm's own options.
boot_kernel()
{
	local -a options=()
	local kernel=$1

	shift
	while (($# > 0)) && [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	(($# == 0)) || shift
	"$XKVM" --kernel "$kernel" --initrd "$guest_initrd" --append quiet \
		--append "$guest_append" "${options[@]}" -- -m 256 "$@" \
		</dev/null >"$guest_console" 2>"$guest_errors" 3>&- &
	guest_pid=$!
	wait_guest
}

require_x86()
{
	[[ $(uname -m) == x86_64 ]] || skip 'for a PC'
}

# The frequency of the host's clock, which is the guest's under TCG.
clock_khz()
{
	awk '/^cpu MHz/ { printf "%d\n", $4 * 1000; exit }' /proc/cpuinfo
}

# ask_network_and_disk: has the guest find its disk by the serial number and
# ping the host.
ask_network_and_disk()
{
	guest_script <<-'END'
		nic_up "$(nic_by_mac 52:54:00:00:00:aa)" 192.0.2.2/24
		can_ping 192.0.2.1
		say "sectors $(disk_attribute "$(disk_by_serial first)" size)"
		say "also $(disk_attribute "$(disk_by_serial second)" size)"
		say "cmdline $(cat /proc/cmdline)"
	END
	make_bridge br0 192.0.2.1/24
	make_raw first.img 3M
	make_raw second.img 5M
	disks=(--disk "first.img,serial=first"
		--disk "second.img,driver=nvme,serial=second")
}

check_network_and_disk()
{
	[ "$guest_status" -eq 0 ]
	guest_said "ping 192.0.2.1 ok"
	guest_said "sectors $((3 * 2048))"
	guest_said "also $((5 * 2048))"
	guest_said "exit 0"
}

@test "a kernel, an initrd and words, and the console without being told" {
	ask_network_and_disk
	oracle_before
	guest_append="no_timer_check one two"
	boot_kernel "$XKVM_GUEST/kernel" "${disks[@]}" \
		--netdev br0,mac=52:54:00:00:00:aa -- -nographic
	check_network_and_disk
	read -r console <"$XKVM_GUEST/console"
	guest_said "cmdline console=$console quiet no_timer_check one two"
	oracle_after
}

@test "a kernel that is missing is refused before any guest" {
	run "$XKVM" --kernel no-such-kernel --netdev user
	[ "$status" -eq 2 ]
	[[ $output == *"--kernel 'no-such-kernel': no such file"* ]]
}

@test "--fast: the same disks and NIC, and an end in order" {
	require_x86
	ask_network_and_disk
	oracle_before
	boot_kernel "$XKVM_GUEST/kernel.efi" --fast "${disks[@]}" \
		--netdev br0,mac=52:54:00:00:00:aa
	check_network_and_disk
	guest_said "cmdline console=ttyS0 no_timer_check quiet"
	run ! grep -q 'note: --fast' "$guest_errors"
	oracle_after
}

@test "--fast: a microvm has the same disks and NIC, and ends in order" {
	require_x86
	ask_network_and_disk
	oracle_before
	guest_append="tsc_early_khz=$(clock_khz)"
	boot_kernel "$XKVM_GUEST/kernel.efi" --fast "${disks[@]}" \
		--netdev br0,mac=52:54:00:00:00:aa
	check_network_and_disk
	grep -q -e '-machine microvm,' "$guest_errors"
	oracle_after
}

@test "--fast: a SCSI disk has its controller" {
	require_x86
	guest_script <<-'END'
		say "sectors $(disk_attribute "$(disk_by_serial one)" size)"
	END
	make_raw one.img 3M
	boot_kernel "$XKVM_GUEST/kernel.efi" --fast --netdev user \
		--disk one.img,driver=scsi-hd,serial=one
	[ "$guest_status" -eq 0 ]
	guest_said "sectors $((3 * 2048))"
}

@test "--fast falls back with one line" {
	guest_append="no_timer_check xkvm.do=report"
	boot_kernel "$XKVM_GUEST/kernel" --fast --netdev user -- -vga std \
		-display none -serial stdio
	[ "$guest_status" -eq 0 ]
	guest_said "exit 0"
	[ "$(grep -c 'note: --fast: ' "$guest_errors")" -eq 1 ]
	grep -q "note: --fast: an argument after '--' asks for a screen" \
		"$guest_errors"
}

# ---- the cache ---------------------------------------------------------------

# A QEMU that copies the kernel that it is given to the file `given`.
make_copier()
{
	cat >qemu <<-'END'
		#!/bin/sh
		while [ "$1" != -kernel ]; do shift; done
		cat "$2" >given
	END
	chmod +x qemu
}

# give_kernel KERNEL [OPTION...]: what QEMU would be given is in `given`.
give_kernel()
{
	"$XKVM" --kvm ./qemu --accel tcg --fast --kernel "$@" --netdev user \
		2>"$guest_errors"
}

kernels_kept()
{
	find "$kernels" -type f | wc -l
}

# The ELF comes first, and the cache adds a trailer.
given_is()
{
	cmp -n "$(stat -c %s "$1")" given "$1"
}

@test "an unpacked kernel is kept, and used by the next start" {
	require_x86
	make_copier
	give_kernel "$XKVM_GUEST/kernel.efi"
	given_is "$XKVM_GUEST/kernel"
	[ "$(stat -c %a "$kernels")" = 700 ]
	[ "$(stat -c %a "$kernels"/*)" = 600 ]
	stat -c %i "$kernels"/* >before
	strace -f -qq -e trace=openat -o trace "$XKVM" --kvm ./qemu \
		--accel tcg --fast --kernel "$XKVM_GUEST/kernel.efi" \
		--netdev user
	given_is "$XKVM_GUEST/kernel"
	stat -c %i "$kernels"/* | diff before -
	run ! grep -q libarchive trace
}

@test "a damaged kernel in the cache is unpacked anew" {
	require_x86
	make_copier
	give_kernel "$XKVM_GUEST/kernel.efi"
	printf x | dd of="$(echo "$kernels"/*)" bs=1 seek=30000000 \
		conv=notrunc status=none
	give_kernel "$XKVM_GUEST/kernel.efi"
	given_is "$XKVM_GUEST/kernel"
	[ "$(kernels_kept)" -eq 1 ]
	rm given
	truncate -s 1M "$kernels"/*
	give_kernel "$XKVM_GUEST/kernel.efi"
	given_is "$XKVM_GUEST/kernel"
}

@test "a cache that cannot be written costs nothing but time" {
	require_x86
	make_copier
	: >"$XDG_CACHE_HOME"
	give_kernel "$XKVM_GUEST/kernel.efi"
	given_is "$XKVM_GUEST/kernel"
	[ ! -s "$XDG_CACHE_HOME" ]
}

@test "first starts at the same time do not disturb each other" {
	local -a pids=()
	local i

	require_x86
	for i in 1 2 3; do
		mkdir "$i"
		(cd "$i" && make_copier && give_kernel "$XKVM_GUEST/kernel.efi" &&
			given_is "$XKVM_GUEST/kernel") 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i"
	done
	[ "$(kernels_kept)" -eq 1 ]
}

@test "a dry run unpacks and writes nothing" {
	require_x86
	"$XKVM" --dry-run --fast --kernel "$XKVM_GUEST/kernel.efi" \
		--netdev user >plan 2>notes
	grep -q -e '-kernel /dev/fd/' plan
	grep -q "the kernel, unpacked, of .*kernel.efi, kept in $kernels" notes
	[ ! -e "$XDG_CACHE_HOME" ]
}

# make_bzimage FILE < PACKED: a bzImage with this payload.
make_bzimage()
{
	local size

	cat >payload
	size=$(stat -c %s payload)
	head -c 2560 "$XKVM_GUEST/kernel.efi" >"$1"
	{
		printf '\x04' | dd bs=1 seek=$((0x1f1)) of="$1" conv=notrunc
		printf '%b' "$(printf '\\x%02x' 0 0 0 0 $((size & 255)) \
			$((size >> 8 & 255)) $((size >> 16 & 255)) \
			$((size >> 24 & 255)))" |
			dd bs=1 seek=$((0x248)) of="$1" conv=notrunc
	} 2>/dev/null
	cat payload >>"$1"
}

# length FILE: in the four bytes in which the kernel's build appends it.
length()
{
	local size

	size=$(stat -c %s "$1")
	printf '%b' "$(printf '\\x%02x' $((size & 255)) $((size >> 8 & 255)) \
		$((size >> 16 & 255)) $((size >> 24 & 255)))"
}

@test "a kernel is unpacked however it was packed" {
	local elf=$XKVM_GUEST/kernel

	require_x86
	require_command zstd
	require_command lz4
	make_copier
	gzip -1 -c "$elf" | make_bzimage gzip
	{ bzip2 -1 -c "$elf"; length "$elf"; } | make_bzimage bzip2
	{ xz -0 --check=crc32 -c "$elf"; length "$elf"; } | make_bzimage xz
	{ xz -0 --format=lzma -c "$elf"; length "$elf"; } | make_bzimage lzma
	{ zstd -1 -q -c "$elf"; length "$elf"; } | make_bzimage zstd
	{ lz4 -l -q -c "$elf"; length "$elf"; } | make_bzimage lz4
	for packed in gzip bzip2 xz lzma zstd lz4; do
		rm -f given
		give_kernel "$packed"
		given_is "$elf" || fail "$packed: $(cat "$guest_errors")"
	done
	[ "$(kernels_kept)" -eq 4 ]
}

@test "a kernel that cannot be entered by PVH is given as it is, with a line" {
	require_x86
	make_copier
	head -c 100000 /dev/zero >no-elf
	gzip -c no-elf | make_bzimage vmlinuz
	give_kernel vmlinuz
	given_is vmlinuz
	grep -q 'note: --fast: the guest unpacked its kernel itself: its ELF has no PVH note' \
		"$guest_errors"
}

# ---- boot ROMs ---------------------------------------------------------------

# The place and the ids of each device on the first bus.
pci_devices()
{
	qmp query-pci | jq -c '.[0].devices[] | [.slot, .function,
		.id.vendor, .id.device, .qdev_id]'
}


@test "NICs without a boot ROM have the same places" {
	require_x86
	make_raw disk.img 1M
	start_machine --netdev user --netdev user,model=e1000 --disk disk.img
	pci_devices >without
	run ! grep -q -e 'net-pci.rom' -e 'e1000.rom' <(hmp "info ramblock")
	stop_machine
	start_machine --netdev user --netdev user,model=e1000 --disk disk.img \
		-- -boot order=cn
	pci_devices >with
	hmp "info ramblock" | grep -q 'virtio-net-pci.rom'
	stop_machine
	[ "$(wc -l <with)" -ge 7 ]
	diff with without
}

@test "a guest with nothing but the network to boot still boots from it" {
	require_x86
	"$XKVM" --netdev user,tftp=.,bootfile=none -- -nographic -m 64 \
		</dev/null >"$guest_console" 2>"$guest_errors" 3>&- &
	guest_pid=$!
	until_true "$guest_deadline" grep -aq 'iPXE (http' "$guest_console"
	kill "$guest_pid"
	wait_guest
}
