# SPDX-License-Identifier: Apache-2.0
#
# NICs, and what becomes of the bridges that they are plugged into.

load lib

# taps_of BRIDGE: the names of its ports.
taps_of()
{
	ip -j link show master "$1" | jq -r '.[].ifname'
}

# mac_seen: the address of the machine's first NIC.
mac_seen()
{
	hmp "info network" | grep -o -m 1 'macaddr=[0-9a-f:]*' | cut -d = -f 2
}

@test "two NICs on two bridges and one on the user network with a forward" {
	local port

	make_bridge br0 192.0.2.1/24
	make_bridge br1 198.51.100.1/24
	oracle_before
	port=$(free_port)
	guest_script <<-'END'
		report
		nic_up "$(nic_by_mac 52:54:00:00:00:aa)" 192.0.2.2/24
		nic_up "$(nic_by_mac 52:54:00:00:00:bb)" 198.51.100.2/24
		nic_up "$(nic_by_mac 52:54:00:00:00:cc)" 10.0.2.15/24
		can_ping 192.0.2.1
		can_ping 198.51.100.1
		say listening
		echo 'hello from the guest' | nc -l -p 22
	END
	start_guest --netdev br0,mac=52:54:00:00:00:aa \
		--netdev br1,model=e1000,mac=52:54:00:00:00:bb \
		--netdev "user,model=rtl8139,mac=52:54:00:00:00:cc,hostfwd=tcp:127.0.0.1:$port-:22"
	await_guest listening
	ping -q -c 1 -W 5 192.0.2.2
	ping -q -c 1 -W 5 198.51.100.2
	until_true 20 reads_from "$port" 'hello from the guest'
	wait_guest
	[ "$guest_status" -eq 0 ]
	guest_said "exit 0"
	guest_lines | grep -q '^nic .* mac=52:54:00:00:00:aa driver=virtio_net'
	guest_lines | grep -q '^nic .* mac=52:54:00:00:00:bb driver=e1000'
	guest_lines | grep -q '^nic .* mac=52:54:00:00:00:cc driver=8139'
	oracle_after
}

# ---- targets that cannot be had ----------------------------------------------

@test "fault 12: where the second bridge is missing no tap is made" {
	make_bridge br0
	oracle_before
	run_machine --netdev br0 --netdev br9
	[ "$guest_status" -eq 125 ]
	grep -q "there is no bridge 'br9'" "$guest_errors"
	oracle_after
}

@test "fault 13: what is no bridge is refused" {
	make_bridge br0
	ip link add veth0 type veth peer name veth1
	ip tuntap add dev tap0 mode tap
	oracle_before
	for target in lo veth0 tap0; do
		run_machine --netdev br0 --netdev "$target"
		[ "$guest_status" -eq 125 ]
		grep -q "'$target' is not a bridge" "$guest_errors"
	done
	oracle_after
}

# ---- many at a time ----------------------------------------------------------

count_taps()
{
	[[ $(taps_of br0 | wc -l) == "$1" ]]
}

@test "fault 14: fifty starts at once make fifty taps of different names and MACs" {
	local -a starts=()
	local start

	make_bridge br0
	oracle_before
	# A QEMU that waits for the end of its standard input.
	printf '#!/bin/sh\nexec cat\n' >waiting
	chmod +x waiting
	mkfifo input
	exec {input}<>input
	for start in $(seq 50); do
		"$XKVM" --kvm ./waiting --netdev br0 3>&- {input}>&- \
			<input 2>"errors.$start" &
		starts+=($!)
	done
	until_true "$guest_deadline" count_taps 50
	[ "$(taps_of br0 | sort -u | wc -l)" -eq 50 ]
	[ "$(ip -o link show master br0 | grep -o ' mac=[^ ]*' | sort -u |
		wc -l)" -eq 50 ]
	[ "$(grep -h '^iff:' /proc/[0-9]*/fdinfo/* 2>/dev/null | sort -u |
		wc -l)" -eq 50 ]
	exec {input}>&-
	for start in "${starts[@]}"; do
		wait "$start"
	done
	oracle_after
}

# ---- queues and vhost --------------------------------------------------------

@test "fault 56: four queues are four queues in the guest" {
	make_bridge br0 192.0.2.1/24
	oracle_before
	guest_script <<-'END'
		nic=$(nic_by_mac 52:54:00:00:00:aa)
		nic_up "$nic" 192.0.2.2/24
		can_ping 192.0.2.1
		for queue in "/sys/class/net/$nic/queues"/*; do
			say "has ${queue##*/}"
		done
		await_call
	END
	start_guest --netdev br0,mac=52:54:00:00:00:aa,queues=4 -- -smp 4
	await_guest listening
	ip -d link show dev "$(taps_of br0)" | grep -q ' numqueues 4 '
	until_true 20 call_guest 192.0.2.2
	wait_guest
	[ "$guest_status" -eq 0 ]
	guest_said "exit 0"
	guest_lines | sed -n 's/^has //p' | sort >queues
	diff queues <(printf '%s\n' rx-{0..3} tx-{0..3})
	oracle_after
}

@test "fault 56: four queues are four descriptors of one tap and one device" {
	local tap

	make_bridge br0
	oracle_before
	start_machine --netdev br0,queues=auto -- -smp 4
	tap=$(taps_of br0)
	[ "$(wc -w <<<"$tap")" -eq 1 ]
	# QEMU takes back those that no guest has asked for.
	ip -d link show dev "$tap" | grep -q ' numqueues 1 numdisabled 3 '
	[ "$(cat /proc/"$qemu_pid"/fdinfo/* | grep -cx "iff:.$tap")" -eq 4 ]
	[ "$(hmp "info network" | grep -c 'net00: index=[0-3],type=tap')" -eq 4 ]
	[ "$(hmp "info qtree" | grep -c 'dev: virtio-net-pci')" -eq 1 ]
	stop_machine
	oracle_after
}

# without_vhost_net: makes $XKVM one for which, and for whose QEMU, there is no
# /dev/vhost-net. The attempts to open it are in the file `attempts`.
without_vhost_net()
{
	cat >xkvm <<-END
		#!/bin/sh
		exec strace -D -f -qq -o attempts -P /dev/vhost-net \
			-e trace=open,openat,openat2 \
			-e inject=open,openat,openat2:error=ENOENT '$XKVM' "\$@"
	END
	chmod +x xkvm
	XKVM=$PWD/xkvm
}

@test "fault 55: without /dev/vhost-net vhost=on is an error, and auto does without" {
	local why='/dev/vhost-net cannot be opened (No such file or directory)'

	require_command strace
	make_bridge br0
	without_vhost_net
	oracle_before
	run_machine --netdev br0,vhost=on
	[ "$guest_status" -eq 125 ]
	grep -qF "vhost=on: $why" "$guest_errors"
	oracle_after
	start_machine --netdev br0,queues=2,vhost=auto
	grep -qF "net00: QEMU moves the packets, for $why" "$guest_errors"
	grep -qF ",vhost=off" "$guest_errors"
	stop_machine
	[ "$guest_status" -eq 143 ]
	# QEMU would not have survived its own.
	[ "$(grep -c vhost-net attempts)" -eq 1 ]
}

# The device is a file here, and QEMU lists its descriptors instead of running.
# Asked what it knows, it answers.
@test "vhost=on hands over /dev/vhost-net once for each queue" {
	cat >qemu <<-END
		#!/bin/sh
		case \$* in
		*type=tap*) ;;
		*) exec qemu-system-$(uname -m) "\$@" ;;
		esac
		for fd in /proc/\$\$/fd/*; do
			echo "\${fd##*/} \$(readlink "\$fd")"
		done >descriptors
	END
	chmod +x qemu
	make_bridge br0
	oracle_before
	# A /dev of this command's own, in which it can be made.
	unshare -m sh -euc '
		mkdir dev
		mount -t tmpfs none dev
		mkdir dev/net
		touch dev/vhost-net
		for device in null urandom net/tun; do
			touch dev/$device
			mount --bind /dev/$device dev/$device
		done
		mount --rbind dev /dev
		exec "$@"' sh "$XKVM" --kvm ./qemu \
		--netdev br0,queues=2,vhost=on --netdev br0,vhost=auto 2>"$guest_errors"
	grep -q ',fds=5:6,vhost=on,vhostfds=7:8 ' "$guest_errors"
	grep -q ',fd=9,vhost=on,vhostfd=10$' "$guest_errors"
	for fd in 5 6 9; do
		grep -qx "$fd /dev/net/tun" descriptors
	done
	for fd in 7 8 10; do
		grep -qx "$fd /dev/vhost-net" descriptors
	done
	oracle_after
}

# Which program meets the limit first depends on what else is open.
@test "a limit on open files that is too low for the queues is named" {
	local limit

	make_bridge br0
	oracle_before
	for limit in 60 {100..115}; do
		(ulimit -n "$limit" &&
			run_machine --netdev br0,queues=100 &&
			[ "$guest_status" -eq 125 ])
		grep '^xkvm:' "$guest_errors" >>messages
	done
	grep -q "cannot open /dev/net/tun: .*'ulimit -n'" messages
	grep -q "no room for the taps' descriptors; .*'ulimit -n'" messages
	oracle_after
}

# ---- what happens to the bridge ----------------------------------------------

@test "fault 39: a bridge keeps its MTU and its MAC, and the tap takes the MTU" {
	make_bridge br0
	ip link set dev br0 mtu 9000
	oracle_before
	links | grep 'link br0' >bridge.before
	start_machine --netdev br0
	links | grep 'link br0' | diff bridge.before -
	links | grep -q "^link $(taps_of br0) .* mtu 9000 master br0 UP"
	stop_machine
	oracle_after
}

# The bridge's own address must not change either where it took that of a port.
@test "fault 39: a bridge whose MAC was never set keeps it" {
	ip link add br0 type bridge
	ip link add veth0 address 06:00:00:00:00:01 type veth peer name veth1
	ip link set dev veth0 master br0
	oracle_before
	links | grep 'link br0' >bridge.before
	start_machine --netdev br0
	links | grep 'link br0' | diff bridge.before -
	stop_machine
	oracle_after
}

@test "fault 40: a tap has no IPv6 address" {
	make_bridge br0
	start_machine --netdev br0
	[ -z "$(ip -6 -o address show dev "$(taps_of br0)")" ]
	stop_machine
}

@test "fault 41: a machine outlives its bridge" {
	make_bridge br0
	oracle_before
	# With a disk, there is no boot ROM: a driver that sets up a NIC whose tap
	# has gone ends QEMU 10, by itself.
	make_raw empty.img 1M
	start_machine -v --netdev br0 --disk empty.img
	ip link delete dev br0
	[[ $(qmp query-status | jq -r .status) == running ]]
	stop_machine
	[ "$guest_status" -eq 143 ]
	grep -q "QEMU ended: host-qmp-quit" "$guest_errors"
	make_bridge br0
	ip link set dev br0 address 02:00:00:00:00:01
	oracle_after
}

@test "fault 42: a machine outlives its tap" {
	make_bridge br0
	oracle_before
	start_machine -v --netdev br0
	ip link delete dev "$(taps_of br0)"
	[[ $(qmp query-status | jq -r .status) == running ]]
	stop_machine
	[ "$guest_status" -eq 143 ]
	grep -q "QEMU ended: host-qmp-quit" "$guest_errors"
	oracle_after
}

# ---- addresses ---------------------------------------------------------------

@test "fault 43: guests on a bridge have MACs of their own that stay" {
	local one two

	make_bridge br0
	make_raw one.img 1M
	make_raw two.img 1M
	start_machine --netdev br0 --disk one.img
	one=$(mac_seen)
	first=$guest_pid
	qmp_socket=$BATS_TEST_TMPDIR/second
	start_machine --netdev br0 --disk two.img
	two=$(mac_seen)
	[[ $one =~ ^52:54:00:[0-9a-f:]{8}$ && $two =~ ^52:54:00:[0-9a-f:]{8}$ ]]
	[ "$one" != "$two" ]
	stop_machine
	guest_pid=$first
	stop_machine
	qmp_socket=$BATS_TEST_TMPDIR/third
	start_machine --netdev br0 --disk one.img
	[ "$(mac_seen)" = "$one" ]
	stop_machine
}

@test "fault 43: a MAC that another guest has on the bridge is refused" {
	make_bridge br0
	make_bridge br1
	start_machine --netdev br0,mac=52:54:00:00:00:01
	first=$guest_pid
	oracle_before
	qmp_socket=$BATS_TEST_TMPDIR/second
	run_machine --netdev br1 --netdev br0,mac=52:54:00:00:00:01
	[ "$guest_status" -eq 125 ]
	grep -q "net01 on bridge 'br0'" "$guest_errors"
	grep -q "52:54:00:00:00:01" "$guest_errors"
	oracle_after
	guest_pid=$first
	stop_machine
}

# ---- names -------------------------------------------------------------------

@test "tap= names the tap of a guest, and no other guest gets the name before its end" {
	make_bridge br0
	start_machine --netdev br0,tap=web0,queues=2
	first=$guest_pid
	ip link show web0 | grep -q ' master br0 '
	oracle_before
	qmp_socket=$BATS_TEST_TMPDIR/second
	run_machine --netdev br0 --netdev br0,tap=web0
	[ "$guest_status" -eq 125 ]
	grep -q "net01 on bridge 'br0'.*the interface 'web0' exists; give this NIC another tap=" \
		"$guest_errors"
	oracle_after
	guest_pid=$first
	stop_machine
	run ip link show web0
	[ "$status" -ne 0 ]
	start_machine --netdev br0,tap=web0
	stop_machine
}
