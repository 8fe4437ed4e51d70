#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# Guests on bridges of Open vSwitch, a real one of the test's own (ovs-lab).
# $XKVM_OVS is the folder of its programs (build/ovs without it).

load lib

programs=${XKVM_OVS:-$top/build/ovs}

setup_file()
{
	"$BATS_TEST_DIRNAME/ovs-lab" get "$programs" ||
		skip 'needs Open vSwitch, and cannot get it'
}

# xkvm-net looks for the database where every host has it: here, in a /run of
# the test's own.
setup()
{
	prepare_test
	require_root
	mount -t tmpfs none /run
	mkdir /run/openvswitch
	lab start
	lab bridge sw0
	ip address add 192.0.2.1/24 dev sw0
	ip link set sw0 up
}

teardown()
{
	finish_test
	if mountpoint -q /run && [[ -d /run/openvswitch ]]; then
		"$BATS_TEST_DIRNAME/ovs-lab" stop /run/openvswitch
		umount /run
	fi
}

# lab COMMAND ARGUMENT...
lab()
{
	local command=$1
	shift
	"$BATS_TEST_DIRNAME/ovs-lab" "$command" "$programs" /run/openvswitch \
		"$@" 3>&-
}

# ports: the switch's ports that are xkvm's.
ports()
{
	lab vsctl --no-wait list-ports sw0 | grep '^xk' || true
}

no_ports()
{
	[[ -z $(ports) ]]
}

@test "a guest on an Open vSwitch bridge reaches the host and is reached" {
	guest_script <<-'END'
		nic_up eth0 192.0.2.2/24
		can_ping 192.0.2.1
		await_call
	END
	start_guest --netdev sw0,iface-id=port-1 -- -name web
	await_guest listening
	[ "$(ports | wc -l)" = 1 ]
	[ "$(lab vsctl --no-wait get Interface "$(ports)" \
		external_ids:iface-id)" = port-1 ]
	ping -q -c 1 -W 5 192.0.2.2
	call_guest 192.0.2.2
	wait_guest
	[ "$guest_status" -eq 0 ]
	guest_said "exit 0"
	until_true 5 no_ports
}

@test "access VLANs part two guests on one switch, and join them" {
	guest_script <<-'END'
		nic_up eth0 198.51.100.2/24
		await_call
	END
	start_guest --netdev ovs:sw0,vlan=10
	await_guest listening
	first=$guest_pid
	guest_console=$BATS_TEST_TMPDIR/second.console
	guest_script <<-'END'
		nic_up "$(nic_by_mac 52:54:00:00:00:20)" 198.51.100.3/24
		if ping -q -c 3 -W 1 198.51.100.2 >/dev/null; then
			exit 1
		fi
		ip link set "$(nic_by_mac 52:54:00:00:00:20)" down
		nic_up "$(nic_by_mac 52:54:00:00:00:10)" 198.51.100.4/24
		can_ping 198.51.100.2
	END
	boot_guest --netdev sw0,vlan=20,mac=52:54:00:00:00:20 \
		--netdev sw0,vlan=10,mac=52:54:00:00:00:10
	[ "$guest_status" -eq 0 ]
	guest_said "exit 0"
	kill -TERM "$first"
	until_true 5 no_ports
}

@test "a guest that is killed leaves no port on the switch" {
	start_machine --netdev sw0
	[ "$(ports | wc -l)" = 1 ]
	kill -KILL "$guest_pid"
	until_true 5 no_ports
}

# What is connected stays so; what comes anew takes the other path.
@test "--ovsdb says where the database listens" {
	mkdir /run/lab
	mv /run/openvswitch/db.sock /run/lab/db.sock
	run "$XKVM" --netdev ovs:sw0 -- -display none -serial none
	[ "$status" -eq 125 ]
	[[ $output == *"(--ovsdb PATH)"* ]]
	start_machine --ovsdb /run/lab/db.sock --netdev sw0,tap=web0
	[ "$(lab_vsctl list-ports sw0)" = web0 ]
	kill -KILL "$guest_pid"
	until_true 5 is_without_ports_there
	mv /run/lab/db.sock /run/openvswitch/db.sock
}

lab_vsctl()
{
	lab run ovs-vsctl --db=unix:/run/lab/db.sock --no-wait "$@"
}

is_without_ports_there()
{
	[[ -z $(lab_vsctl list-ports sw0) ]]
}

@test "--ovsdb is refused by an xkvm-net that has a privilege of its own" {
	require_command setcap
	mkdir -m 0755 "$BATS_TEST_TMPDIR/programs" "$BATS_TEST_TMPDIR/programs/net"
	chmod 0755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" \
		"${BATS_TEST_TMPDIR%/*}"
	install -m 0755 "$XKVM" "$BATS_TEST_TMPDIR/programs/xkvm"
	install -m 0755 "$(dirname "$XKVM")/net/xkvm-net" \
		"$BATS_TEST_TMPDIR/programs/net/xkvm-net"
	setcap cap_net_admin+p "$BATS_TEST_TMPDIR/programs/net/xkvm-net"
	run as_user "$BATS_TEST_TMPDIR/programs/xkvm" \
		--ovsdb /run/openvswitch/db.sock --netdev sw0 -- -display none
	[ "$status" -eq 125 ]
	[[ ${lines[-1]} == "xkvm: --ovsdb is not for an xkvm-net that has file capabilities or is setuid"* ]]
}

@test "fault 9: killing all of a run at once leaves a port, which gc removes" {
	local port

	lab vsctl --no-wait add-port sw0 foreign -- \
		set interface foreign type=internal
	start_machine --netdev ovs:sw0
	port=$(ports)
	kill -KILL "$guest_pid" "$qemu_pid" \
		"$(grep -lx xkvm-guardian /proc/[0-9]*/comm | sed 's/[^0-9]//g')"
	wait "$guest_pid" || true
	until_true 2 no_taps
	[ "$(ports)" = "$port" ]
	run "$XKVM" gc
	[ "$status" -eq 0 ]
	[ "$output" = "removed port $port of sw0" ]
	no_ports
	lab vsctl --no-wait list-ports sw0 | grep -qx foreign
}

no_taps()
{
	! ip -o link | grep -q ': xk'
}
