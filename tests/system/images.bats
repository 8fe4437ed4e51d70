# SPDX-License-Identifier: Apache-2.0
#
# What is in a disk image must not reach further than the disk.

bats_require_minimum_version 1.5.0

load lib

# require_xattrs: the mark of a raw disk is an extended attribute.
require_xattrs()
{
	make_raw probe 0
	python3 -c 'import os; os.setxattr("probe", "user.probe", b"1")' \
		2>/dev/null || skip 'needs a file system with user attributes'
}

# A megabyte each of what a guest may write to the start of its disk.
make_headers()
{
	echo 'a secret of the host' >secret
	truncate -s 1M secret
	qemu-img create -q -f qcow2 -b "$PWD/secret" -F raw qcow2 1M
	qemu-img create -q -f vmdk vmdk 1M
	qemu-img create -q -f vdi vdi 1M
	qemu-img create -q -f vhdx vhdx 1M
	printf 'LUKS\xba\xbe\x00\x01' >luks
	for format in "${formats[@]}"; do
		truncate -s 1M "$format"
		cat "$format"
		rm "$format"
	done >headers
}

# traced FILE: makes $XKVM one whose opening of files, and QEMU's, is listed in
# FILE. With -D it is xkvm that is this shell's child.
traced()
{
	cat >xkvm <<-END
		#!/bin/sh
		exec strace -D -f -qq -o '$1' -e trace=open,openat,openat2 \
			'$XKVM' "\$@"
	END
	chmod +x xkvm
	XKVM=$PWD/xkvm
}

drivers_in_use()
{
	qmp query-block | jq -r '.[] | select(.device | startswith("disk")) |
		.inserted.drv' | sort -u
}

@test "fault 47: a header that a guest wrote to a raw disk opens nothing" {
	local -a formats=(qcow2 vmdk vdi vhdx luks) disks=() forced=()
	local format

	require_xattrs
	make_headers
	for format in "${formats[@]}"; do
		make_raw "$format.img" 4M
		disks+=(--disk "$format.img")
		forced+=(--disk "$format.img,format=raw")
	done
	guest_script <<-'END'
		number=0
		for format in qcow2 vmdk vdi vhdx luks; do
			dd if="/dev/$(disk_by_serial headers)" bs=1M count=1 \
				skip=$number conv=fsync \
				of="/dev/$(disk_by_serial "$format.img")"
			number=$((number + 1))
		done
	END
	boot_guest --netdev user --disk headers,format=raw,readonly=on "${disks[@]}"
	[ "$guest_status" -eq 0 ]
	guest_said "exit 0"

	for format in "${formats[@]}"; do
		run_machine --netdev user --disk "$format.img"
		[ "$guest_status" -eq 2 ]
		grep -q "has a $format header" "$guest_errors"
		grep -q "format=raw" "$guest_errors"
	done

	traced "$PWD/trace"
	oracle_before
	start_machine --netdev user "${forced[@]}"
	[ "$(drivers_in_use)" = raw ]
	stop_machine
	oracle_after
	grep -q '"qcow2.img"' trace
	run ! grep -q secret trace
}

@test "a disk that its user says is qcow2 is no longer taken for raw" {
	require_xattrs
	make_raw disk.img 1M
	start_machine --netdev user --disk disk.img
	stop_machine
	make_qcow2 disk.new 1M
	cat disk.new >disk.img
	run_machine --netdev user --disk disk.img
	[ "$guest_status" -eq 2 ]
	start_machine --netdev user --disk disk.img,format=qcow2
	stop_machine
	start_machine --netdev user --disk disk.img
	[ "$(drivers_in_use)" = qcow2 ]
	stop_machine
}

@test "a disk that its user names is opened as its header says" {
	make_raw base.img 1M
	make_qcow2 cloud.img 1M base.img raw
	start_machine --netdev user --disk cloud.img
	[ "$(drivers_in_use)" = qcow2 ]
	stop_machine
}

# What a header says is QEMU's to follow or to refuse. (A tool that only wants
# to know the format must not follow it.)
@test "planning opens the named file and nothing that its header names" {
	make_raw base.img 1M
	make_qcow2 cloud.img 1M base.img raw
	strace -f -qq -o trace -e trace=open,openat,openat2,connect \
		"$XKVM" --dry-run --netdev user --disk cloud.img >/dev/null
	grep -q cloud.img trace
	run ! grep -q base.img trace
	run ! grep -q connect trace
}
