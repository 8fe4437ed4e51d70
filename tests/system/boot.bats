# SPDX-License-Identifier: Apache-2.0
#
# A guest from its start to its end: that it is on the networks it was put on,
# that its exit status comes through, and that nothing of it stays.

load lib

@test "a guest on a bridge reaches the host and is reached" {
	make_bridge br0 192.0.2.1/24
	oracle_before
	guest_script <<-'END'
		nic_up eth0 192.0.2.2/24
		can_ping 192.0.2.1
		await_call
	END
	start_guest --netdev br0
	await_guest listening
	ping -q -c 1 -W 5 192.0.2.2
	call_guest 192.0.2.2
	wait_guest
	[ "$guest_status" -eq 0 ]
	guest_said "exit 0"
	oracle_after
}

@test "a guest on two bridges has each NIC on its own" {
	make_bridge br0 192.0.2.1/24
	make_bridge br1 198.51.100.1/24
	oracle_before
	guest_script <<-'END'
		nic_up "$(nic_by_mac 52:54:00:00:00:aa)" 192.0.2.2/24
		nic_up "$(nic_by_mac 52:54:00:00:00:bb)" 198.51.100.2/24
		can_ping 192.0.2.1
		can_ping 198.51.100.1
	END
	boot_guest --netdev br0,mac=52:54:00:00:00:aa \
		--netdev br1,model=e1000,mac=52:54:00:00:00:bb
	[ "$guest_status" -eq 0 ]
	guest_said "exit 0"
	oracle_after
}

@test "two guests on one bridge reach each other" {
	make_bridge br0
	oracle_before
	guest_script <<-'END'
		nic_up eth0 192.0.2.2/24
		await_call
	END
	start_guest --netdev br0
	await_guest listening
	first=$guest_pid
	guest_console=$BATS_TEST_TMPDIR/second.console
	guest_script <<-'END'
		nic_up eth0 192.0.2.3/24
		can_ping 192.0.2.2
		echo | nc 192.0.2.2 7
	END
	boot_guest --netdev br0
	[ "$guest_status" -eq 0 ]
	guest_said "exit 0"
	guest_pid=$first
	wait_guest
	[ "$guest_status" -eq 0 ]
	oracle_after
}

@test "a guest with a user netdev needs no bridge" {
	oracle_before
	guest_script <<-'END'
		nic_up eth0 10.0.2.15/24
		can_ping 10.0.2.2
	END
	boot_guest --netdev user
	[ "$guest_status" -eq 0 ]
	guest_said "exit 0"
	oracle_after
}

@test "a guest sees its disks with their serial numbers and sizes" {
	make_raw raw.img 3M
	make_qcow2 cow.qcow2 5M
	make_raw scsi.img 7M
	oracle_before
	guest_script <<-'END'
		sectors() {
			disk_attribute "$(disk_by_serial "$1")" size
		}
		say "raw $(sectors raw.img)"
		say "qcow2 $(sectors cow1)"
		say "scsi $(sectors scsi.img)"
	END
	boot_guest --netdev user --disk raw.img --disk cow.qcow2,serial=cow1 \
		--disk scsi.img,driver=scsi-hd
	[ "$guest_status" -eq 0 ]
	guest_said "raw $((3 * 2048))"
	guest_said "qcow2 $((5 * 2048))"
	guest_said "scsi $((7 * 2048))"
	oracle_after
}

@test "a bridge that does not exist stops the start, before any guest" {
	make_bridge br0
	oracle_before
	boot_guest --netdev br0 --netdev br9
	[ "$guest_status" -eq 125 ]
	grep -q br9 "$guest_errors"
	[ ! -s "$guest_console" ]
	oracle_after
}

@test "a QEMU that refuses its arguments passes its status on" {
	make_bridge br0
	oracle_before
	boot_guest --netdev br0 -- -machine no-such-machine
	[ "$guest_status" -eq 1 ]
	grep -q "unsupported machine type" "$guest_errors"
	oracle_after
}
