#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# `xkvm gc`: what is collected where even the guardian was killed, and what is
# not. ovs.bats has the same for ports of Open vSwitch, and access.bats for
# ordinary users.

load lib

XKVM_NET=${XKVM_NET:-$top/build/net/xkvm-net}
XKVM_NET_CLIENT=${XKVM_NET_CLIENT:-$top/build/tests/system/net/net-client}
export XKVM_NET

setup()
{
	prepare_test
	make_bridge br0
}

# collect OPTION...: `xkvm gc`, whose output is in $output.
collect()
{
	output=$("$XKVM" gc "$@" 2>"$guest_errors")
}

exists()
{
	[[ -e /sys/class/net/$1 ]]
}

is_gone()
{
	! exists "$1"
}

guardian()
{
	grep -lx xkvm-guardian /proc/[0-9]*/comm 2>/dev/null | sed 's/[^0-9]//g'
}

# hold_tap: a client of xkvm-net, $client, has made its tap, $tap, persistent, and
# holds it. Its guardian was killed.
hold_tap()
{
	mkfifo go
	"$XKVM_NET_CLIENT" 'HELLO v=1' 'ADD bridge=br0' GO recv recv COMMIT \
		recv persist pause <go >answers 3>&- &
	client=$!
	exec {go}>go
	until_true 10 grep -qx paused answers
	tap=$(sed -n 's/^OK if=\([^ ]*\) .*/\1/p' answers)
	kill -KILL "$(guardian)"
}

# leave_tap: what it leaves behind is $tap.
leave_tap()
{
	hold_tap
	exec {go}>&-
	wait "$client"
	rm go
	exists "$tap"
}

@test "fault 38: a persistent tap whose guardian was killed is collected" {
	oracle_before
	leave_tap
	collect --dry-run
	[ "$output" = "would remove tap $tap of br0" ]
	exists "$tap"
	collect
	[ "$output" = "removed tap $tap of br0" ]
	oracle_after
	collect
	[ -z "$output" ]
	[ ! -s "$guest_errors" ]
	collect -v
	[ -z "$output" ]
	grep -qx 'xkvm: nothing was left behind' "$guest_errors"
}

@test "fault 9: what killing all of a run at once leaves, is nothing or collected" {
	oracle_before
	start_machine --netdev br0 --netdev br0
	kill -KILL "$guest_pid" "$qemu_pid" "$(guardian)"
	wait "$guest_pid" || true
	collect
	oracle_after
}

@test "the next start collects" {
	leave_tap
	run_machine --kvm /bin/true --netdev br0
	[ "$guest_status" -eq 0 ]
	until_true 2 is_gone "$tap"
}

@test "what has no tag of ours is left alone" {
	ip tuntap add dev foreign mode tap
	ip tuntap add dev xk0123456789 mode tap
	ip tuntap add dev aliased mode tap
	ip link set aliased alias 'xkvm-like uid=0'
	ip link add br1 alias 'xkvm uid=0' type bridge
	oracle_before
	collect
	[ -z "$output" ]
	run_machine --kvm /bin/true --netdev br0
	until_true 2 no_guardian
	oracle_after
}

no_guardian()
{
	[[ -z $(guardian) ]]
}

@test "taps that tap-control made are left alone" {
	"$XKVM" tap-control make-nics br0 br0
	ip -o link show tapvm0 | grep -q 'alias xkvm uid=0 persist=1'
	oracle_before
	collect
	[ -z "$output" ]
	oracle_after
}

@test "a tap that somebody holds is left alone, running or not" {
	hold_tap
	kill -STOP "$client"
	collect
	[ -z "$output" ]
	exists "$tap"
	kill -CONT "$client"
	exec {go}>&-
	wait "$client"
	collect
	[ "$output" = "removed tap $tap of br0" ]
}

@test "the tap of a guest is left alone, running or not" {
	start_machine --netdev br0
	kill -KILL "$(guardian)"
	kill -STOP "$qemu_pid"
	links >before
	collect
	[ -z "$output" ]
	links | diff before -
	kill -CONT "$qemu_pid"
	stop_machine
	[ "$guest_status" -eq 143 ]
}

@test "what is not on a bridge is collected, too" {
	ip tuntap add dev left0 mode tap
	ip link set left0 alias 'xkvm uid=0'
	collect
	[ "$output" = 'removed tap left0' ]
	is_gone left0
}

@test "that there is no Open vSwitch is no failure, but for one that is named" {
	collect
	run "$XKVM" gc --ovsdb "$PWD/nowhere"
	[ "$status" -eq 125 ]
	[[ "$output" == *"no database serves '$PWD/nowhere'"* ]]
}

@test "a dialogue is for taps or for garbage" {
	leave_tap
	run "$XKVM_NET_CLIENT" 'HELLO v=1' 'ADD bridge=br0' GC rest end
	[[ "$output" == *'ERR code=proto msg=out of order: ADD or GO is awaited'* ]]
	exists "$tap"
	# Who has left before the end is not waited for.
	run "$XKVM_NET_CLIENT" 'HELLO v=1' recv GC end
	is_gone "$tap"
}

@test "without the privilege, what was left stays, and it is said why" {
	require_root
	ip tuntap add dev left0 mode tap
	ip link set left0 alias "xkvm uid=$(id -u nobody)"
	chmod 0755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	install -D -m 0755 "$XKVM" bin/xkvm
	install -D -m 0755 "$XKVM_NET" bin/net/xkvm-net
	run as_user bin/xkvm gc
	[ "$status" -eq 125 ]
	[[ "$output" == *'cannot remove what is left of taps: Operation not permitted'*'CAP_NET_ADMIN'* ]]
	exists left0
	# Of others there is nothing to say.
	ip link set left0 alias 'xkvm uid=0'
	run as_user bin/xkvm gc
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}
