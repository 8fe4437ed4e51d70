# SPDX-License-Identifier: Apache-2.0
#
# Images that are made, and made larger.

bats_require_minimum_version 1.5.0

load lib

# virtual_size DISK: what QEMU gives its guest.
virtual_size()
{
	qmp query-block | jq --arg id "$1" '.[] | select(.device == $id) |
		.inserted.image["virtual-size"]'
}

format()
{
	qmp query-block | jq -r --arg id "$1" \
		'.[] | select(.device == $id) | .inserted.drv'
}

MiB=$((1024 * 1024))

@test "an image that is missing is made once, and found again" {
	local extension
	local -a disks=()

	for extension in img qcow2 qcow qed vdi vmdk; do
		disks+=(--disk "new.$extension,size=32M")
	done
	for time in 1 2; do
		start_machine --netdev user "${disks[@]}"
		[ "$(virtual_size disk00)" -eq $((32 * MiB)) ]
		[ "$(format disk00)" = raw ]
		[ "$(virtual_size disk01)" -eq $((32 * MiB)) ]
		[ "$(format disk01)" = qcow2 ]
		[ "$(format disk02)" = qcow ]
		[ "$(format disk03)" = qed ]
		[ "$(format disk04)" = vdi ]
		[ "$(format disk05)" = vmdk ]
		[ "$(virtual_size disk05)" -eq $((32 * MiB)) ]
		# What is written the first time is read the second.
		((time == 2)) || hmp 'qemu-io disk05 "write -P 7 1M 64k"'
		((time == 1)) ||
			[[ $(hmp 'qemu-io disk05 "read -P 7 1M 64k"') != *fail* ]]
		stop_machine
	done
	[ "$(stat -c %s new.img)" -eq $((32 * MiB)) ]
	[ "$(stat -c %b new.img)" -lt 100 ]
}

@test "an image grows where that is said, and only then" {
	make_raw disk.img 8M
	make_raw base.img 8M
	# Its base is named as people do it, relative to it.
	make_qcow2 disk.qcow2 8M base.img raw
	run_machine --netdev user --disk disk.img,size=16M
	[ "$guest_status" -eq 2 ]
	grep -q "'disk.img' has 8M, and size=16M is more; grow=on" \
		"$guest_errors"
	[ "$(stat -c %s disk.img)" -eq $((8 * MiB)) ]
	for time in 1 2; do
		start_machine --netdev user --disk disk.img,size=16M,grow=on \
			--disk disk.qcow2,size=16M,grow=on
		[ "$(virtual_size disk00)" -eq $((16 * MiB)) ]
		[ "$(virtual_size disk01)" -eq $((16 * MiB)) ]
		stop_machine
	done
	start_machine --netdev user --disk disk.img,size=4M,grow=on
	[ "$(virtual_size disk00)" -eq $((16 * MiB)) ]
	stop_machine
}

@test "an overlay is made on its base, and stays on it" {
	make_qcow2 base.qcow2 8M
	make_raw other.img 8M
	before=$(sha256sum base.qcow2)
	start_machine --netdev user --disk new.img,base=base.qcow2,size=16M
	[ "$(virtual_size disk00)" -eq $((16 * MiB)) ]
	hmp 'qemu-io disk00 "write -P 7 0 64k"'
	stop_machine
	[ "$(sha256sum base.qcow2)" = "$before" ]
	[ "$(qemu-img info --output=json new.img |
		jq -r '."full-backing-filename"')" = "$PWD/base.qcow2" ]
	start_machine --netdev user --disk new.img,base=./base.qcow2
	[[ $(hmp 'qemu-io disk00 "read -P 7 0 64k"') != *fail* ]]
	stop_machine
	run_machine --netdev user --disk new.img,base=other.img
	[ "$guest_status" -eq 2 ]
	grep -q "is an overlay on '$PWD/base.qcow2', not on '$PWD/other.img'" \
		"$guest_errors"
}

# stand_in NAME LINE...: a program of one's own.
stand_in()
{
	local name=$1

	shift
	mkdir -p bin
	printf '%s\n' "$@" >"bin/$name"
	chmod +x "bin/$name"
}

@test "what was made for nothing is removed" {
	make_qcow2 base.qcow2 8M
	stand_in qemu '#!/no/such/interpreter'
	oracle_before
	run_machine --kvm bin/qemu --netdev user --disk new.qcow2,size=1G \
		--disk new.img,size=1G --disk over.qcow2,base=base.qcow2
	[ "$guest_status" -eq 125 ]
	grep -q "cannot execute 'bin/qemu'" "$guest_errors"
	[ "$(ls -- *new* *over* 2>/dev/null)" = "" ]

	stand_in qemu '#!/bin/true'
	stand_in qemu-img '#!/bin/sh' 'echo half >/dev/fd/3' \
		'echo "it does not work" >&2' 'exit 1'
	run_machine --kvm bin/qemu --netdev user --disk new.qcow2,size=1G \
		--disk base.qcow2,ephemeral --disk new.img,size=1G
	[ "$guest_status" -eq 125 ]
	grep -q "cannot make .*: it does not work" "$guest_errors"
	[ "$(ls -- *new* 2>/dev/null)" = "" ]
	oracle_after
}

@test "a signal ends the making of an image" {
	stand_in qemu '#!/bin/true'
	mkfifo began
	stand_in qemu-img '#!/bin/sh' "echo >$PWD/began" 'exec sleep 1000'
	oracle_before
	launch_machine --kvm bin/qemu --netdev user --disk new.qcow2,size=1G
	read -r _ <began
	kill "$guest_pid"
	wait_guest
	[ "$guest_status" -eq 143 ]
	[ ! -e new.qcow2 ]
	oracle_after
}

# make FILE INJECTION...: makes the disk FILE, with these injections of faults.
make()
{
	local file=$1
	local -a faults=()

	shift
	while (($# > 0)); do
		faults+=(-e "inject=$1")
		shift
	done
	strace -o trace "${faults[@]}" "$XKVM" -q --kvm true --netdev user \
		--disk "$file,size=1G" </dev/null >output 2>&1
}

check_image()
{
	[[ ! -e $1 ]] || qemu-img check -q "$1" 2>/dev/null ||
		[[ $1 == *.img && $(stat -c %s "$1") == 1073741824 ]] ||
		fail "half an image after $2"
}

# kill_at CALL FILE: kills the making of FILE at each CALL, until there is none
# any more.
kill_at()
{
	local n

	for ((n = 1; n < 60; n++)); do
		rm -f "$2"
		make "$2" "$1:signal=KILL:when=$n" || true
		check_image "$2" "the kill at $1 number $n"
		grep -q '+++ killed by SIGKILL' trace || break
		kills=$((kills + 1))
	done
	((n < 60)) || fail "$1 has no end"
}

@test "an image that is killed while it is made is whole or not there" {
	require_command strace
	kills=0
	for call in linkat fsync wait4 poll; do
		kill_at "$call" "$PWD/new.qcow2"
	done
	for call in ftruncate linkat fsync; do
		kill_at "$call" "$PWD/new.img"
	done
	# Each of these calls was there at least once.
	((kills >= 7)) || fail "only $kills kills"
	[ -z "$(ls -- *.?????? 2>/dev/null)" ]
}

# make_boot_cd STATUS: cd.iso, from which a PC ends QEMU with the status
# 2 * STATUS + 1 (El Torito, without emulation).
make_boot_cd()
{
	python3 - "$1" <<-'END'
		import struct, sys
		code = bytes([0xb0, int(sys.argv[1]), 0xe6, 0xf4, 0xfa, 0xf4])
		sector = lambda data: data.ljust(2048, b"\0")
		volume = b"\1CD001\1" + bytes(33) + b"CD".ljust(32)
		volume = sector(volume + bytes(8) + struct.pack("<I", 21) +
		                struct.pack(">I", 21))
		record = sector(b"\0CD001\1" + b"EL TORITO SPECIFICATION".ljust(64, b"\0")
		                + struct.pack("<I", 19))
		entry = bytearray(struct.pack("<BBH24sHBB", 1, 0, 0, b"", 0, 0x55, 0xaa))
		total = sum(struct.unpack("<16H", entry)) & 0xffff
		struct.pack_into("<H", entry, 28, -total & 0xffff)
		entry += struct.pack("<BBHBBHI", 0x88, 0, 0, 0, 0, 4, 20)
		with open("cd.iso", "wb") as file:
		    file.write(bytes(16 * 2048) + volume + record +
		               sector(b"\xffCD001\1") + sector(bytes(entry)) +
		               sector(code))
	END
}

@test "an installer's CD is booted while the disk is empty" {
	make_exit_disk 3
	make_boot_cd 5
	oracle_before
	run_machine --netdev user --cdrom cd.iso --disk new.qcow2,size=16M \
		-- -device "$exit_device"
	[ "$guest_status" -eq 11 ]
	# It has been installed.
	qemu-img convert -f raw -O qcow2 exit.img new.qcow2
	run_machine --netdev user --cdrom cd.iso --disk new.qcow2 \
		-- -device "$exit_device"
	[ "$guest_status" -eq 7 ]
	for machine in q35 pc; do
		run_machine --netdev user --machine "$machine" --cdrom cd.iso \
			-- -device "$exit_device"
		[ "$guest_status" -eq 11 ]
	done
	oracle_after
}
