# SPDX-License-Identifier: Apache-2.0
#
# Disks as the guest sees them: kind, serial number, wwn, block sizes.

load lib

# disk_line NAME: what the guest reported of the disk whose name, serial number
# or wwn it is.
disk_line()
{
	guest_lines | grep -E "^disk ($1 |.* serial=$1 |.* wwn=$1 )"
}

# shows DISK WORD...: whether the report of DISK has each WORD.
shows()
{
	local line word disk=$1

	shift
	line=$(disk_line "$disk") || fail "the guest has no disk '$disk'" || return
	for word; do
		[[ " $line " == *" $word "* ]] ||
			fail "'$word' is not in: $line" || return
	done
}

@test "five disks of five kinds at once, and one disk on two paths" {
	make_raw virtio.img 8M
	make_qcow2 scsi.qcow2 16M
	make_raw nvme.img 24M
	make_qcow2 ide.qcow2 32M
	make_raw cd.iso 4M
	make_raw paths.img 40M
	oracle_before
	guest_script <<-'END'
		report
		set -- $(for disk in $(disks); do
			[ "$(disk_wwn "$disk")" != naa.5000c500aaaaaaaa ] ||
				echo "$disk"
		done)
		say "paths $#"
		echo 'written by the one path' >/dev/"$1"
		sync
		say "$(head -n 1 /dev/"$2")"
	END
	boot_guest --netdev user \
		--disk virtio.img,serial=virtio-1,logical_block_size=4096,physical_block_size=4096 \
		--disk scsi.qcow2,driver=scsi-hd,wwn=0x5000c50015ea71ac,serial=scsi-1,physical_block_size=4096,min_io_size=8192 \
		--disk nvme.img,driver=nvme,serial=nvme-1,logical_block_size=4096,physical_block_size=4096 \
		--disk ide.qcow2,driver=ide-hd,serial=ide-1,physical_block_size=4096 \
		--disk cd.iso,driver=ide-cd,serial=cd-1 \
		--disk paths.img,driver=scsi-hd,wwn=0x5000c500aaaaaaaa,file.locking=off \
		--disk paths.img,driver=scsi-hd,wwn=0x5000c500aaaaaaaa,file.locking=off
	[ "$guest_status" -eq 0 ]
	guest_said "exit 0"
	shows virtio-1 sectors=16384 logical=4096 physical=4096
	shows naa.5000c50015ea71ac serial=scsi-1 sectors=32768 logical=512 \
		physical=4096 min_io=8192
	shows nvme-1 sectors=49152 logical=4096 physical=4096
	shows ide-1 sectors=65536 logical=512 physical=4096
	shows sr0 sectors=8192 logical=2048
	guest_said "paths 2"
	guest_said "written by the one path"
	[ "$(head -n 1 paths.img)" = "written by the one path" ]
	oracle_after
}

@test "a disk in use is refused with the name of who has it" {
	make_raw disk.img 1M
	ln disk.img link.img
	ln -s disk.img symlink.img
	start_machine --netdev user --disk disk.img -- -name 'guest=the first'
	first=$guest_pid
	first_qemu=$qemu_pid
	oracle_before
	qmp_socket=$BATS_TEST_TMPDIR/second
	for disk in disk.img link.img symlink.img disk.img,ro; do
		run_machine --netdev user --disk "$disk"
		[ "$guest_status" -eq 125 ]
		grep -q "in use by process $first_qemu (qemu-system-.*, guest 'the first')" \
			"$guest_errors"
	done
	oracle_after
	guest_pid=$first
	stop_machine
}

# xkvm knows its own disks; of another one QEMU tells.
@test "a disk after -- is refused in QEMU's words" {
	make_raw disk.img 1M
	start_machine --netdev user --disk disk.img
	first=$guest_pid
	qmp_socket=$BATS_TEST_TMPDIR/second
	run_machine --netdev user -- -drive file=disk.img,format=raw
	[ "$guest_status" -eq 1 ]
	grep -q 'Failed to get "write" lock' "$guest_errors"
	guest_pid=$first
	stop_machine
}

@test "a disk may be shared by two machines where both say so" {
	make_raw disk.img 1M
	oracle_before
	start_machine --netdev user --disk disk.img,share-rw=on
	first=$guest_pid first_socket=$qmp_socket
	qmp_socket=$BATS_TEST_TMPDIR/second
	start_machine --netdev user --disk disk.img,share-rw=on
	[[ $(qmp query-status | jq -r .status) == running ]]
	stop_machine
	guest_pid=$first qmp_socket=$first_socket
	[[ $(qmp query-status | jq -r .status) == running ]]
	stop_machine
	oracle_after
}
