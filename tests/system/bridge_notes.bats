#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# What xkvm says of a bridge that will not pass a guest's frames, on real bridges
# with a real firewall; that it is true, and that what it says to do helps.

bats_require_minimum_version 1.5.0

load lib

setup()
{
	prepare_test
	make_bridge br0
}

teardown()
{
	local space

	for space in left right; do
		ip netns delete "xkvm-notes-$space" 2>/dev/null || true
	done
	finish_test
}

# notes_by COMMAND...: what a dry run that COMMAND starts says of br0.
notes_by()
{
	"$@" "$XKVM" -n br0 -n br0 --dry-run 2>&1 >/dev/null |
		grep -a "'br0'" || true
}

notes()
{
	notes_by command
}

# is_noted NUMBER TEXT: so many lines, and the text is in one.
is_noted()
{
	output=$(notes)
	[[ $(grep -c . <<<"$output") -eq $1 && $output == *"$2"* ]] ||
		fail "no '$2' in: $output"
}

nothing_is_noted()
{
	output=$(notes)
	[ -z "$output" ] || fail "noted: $output"
}

# remedies: the commands that the notes name.
remedies()
{
	notes | grep -oE "'[a-z0-9-]+ [^']*'" | tr -d "'"
}

# follow_advice: all of them, one by one.
follow_advice()
{
	local line

	remedies >"$BATS_TEST_TMPDIR/advice"
	[ -s "$BATS_TEST_TMPDIR/advice" ]
	while read -r line; do
		$line
	done <"$BATS_TEST_TMPDIR/advice"
}

require_firewall()
{
	local program

	require_root
	[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] ||
		skip 'this kernel has no br_netfilter'
	for program in nft iptables-nft iptables-legacy sysctl; do
		require_command "$program"
	done
	# What is asked of the kernel needs no particular one of the two.
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	for program in iptables ip6tables; do
		ln -sf "$(command -v $program-nft)" "$BATS_TEST_TMPDIR/bin/$program"
	done
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	see_frames 0 0
	nft flush ruleset
	for program in iptables-legacy ip6tables-legacy; do
		$program -F
		$program -P FORWARD ACCEPT
	done
}

# see_frames IPTABLES IP6TABLES: whether these see what bridges pass.
see_frames()
{
	echo "$1" >/proc/sys/net/bridge/bridge-nf-call-iptables
	echo "$2" >/proc/sys/net/bridge/bridge-nf-call-ip6tables
}

# Two hosts at br0, as two guests would be.
plug_in_hosts()
{
	local space

	for space in left right; do
		ip netns add "xkvm-notes-$space"
		ip link add "$space" type veth peer name eth0 \
			netns "xkvm-notes-$space"
		ip link set "$space" up master br0
		ip -n "xkvm-notes-$space" link set eth0 up
	done
	ip -n xkvm-notes-left address add 198.51.100.1/24 dev eth0
	ip -n xkvm-notes-right address add 198.51.100.2/24 dev eth0
}

hosts_reach_each_other()
{
	ip netns exec xkvm-notes-left ping -q -c 1 -W 1 198.51.100.2 >/dev/null
}

@test "a bridge as it should be is not worth a word" {
	nothing_is_noted
	ip link set br0 type bridge forward_delay 1500
	nothing_is_noted
}

@test "a bridge that is down is a warning, which --quiet does not hide" {
	ip link set br0 down
	is_noted 1 "warning: 'br0' is down and passes nothing"
	run "$XKVM" -q -n br0 --dry-run
	[[ $output == *"'br0' is down"* ]]
	follow_advice
	nothing_is_noted
}

@test "a bridge without a carrier to the outside is a note" {
	ip link add outside type veth peer name wire
	ip link set outside up master br0
	until_true 5 is_noted 1 "note: no port of 'br0' has a carrier"
	run "$XKVM" -q -n br0 --dry-run
	[[ $output != *carrier* ]]
	ip link set wire up
	until_true 5 nothing_is_noted
}

@test "a bridge with STP lets its ports wait as long as is said" {
	local begin

	ip link set br0 type bridge stp_state 1 forward_delay 200
	is_noted 1 "note: a new port of 'br0' passes nothing for 4 s"
	start_machine --netdev br0
	begin=$SECONDS
	until_true 10 port_forwards
	((SECONDS - begin >= 3 && SECONDS - begin <= 6))
	stop_machine
	follow_advice
	nothing_is_noted
	start_machine --netdev br0
	until_true 1 port_forwards
	stop_machine
}

port_forwards()
{
	bridge link show | grep -q 'master br0 state forwarding'
}

@test "a firewall that drops what passes a bridge is told of, and what is said to do helps" {
	require_firewall
	plug_in_hosts
	until_true 5 hosts_reach_each_other
	iptables -P FORWARD DROP
	nothing_is_noted
	hosts_reach_each_other
	see_frames 1 0
	is_noted 1 "'iptables -I FORWARD -i br0 -o br0 -j ACCEPT' accepts it"
	run ! hosts_reach_each_other
	follow_advice
	hosts_reach_each_other
	nothing_is_noted
}

@test "each firewall that drops is named, in its own words" {
	require_firewall
	see_frames 1 1
	iptables -P FORWARD DROP
	ip6tables -P FORWARD DROP
	is_noted 1 "'iptables -I FORWARD -i br0 -o br0 -j ACCEPT' and 'ip6tables -I FORWARD -i br0 -o br0 -j ACCEPT' accept it"
	nft flush ruleset
	nft add table inet wall
	nft add chain inet wall through \
		'{ type filter hook forward priority 0; policy drop; }'
	is_noted 1 "'nft insert rule inet wall through iifname br0 oifname br0 accept' accepts it"
	follow_advice
	nothing_is_noted
	nft flush ruleset
	iptables-legacy -P FORWARD DROP
	ip6tables-legacy -P FORWARD DROP
	is_noted 1 "'iptables-legacy -I FORWARD -i br0 -o br0 -j ACCEPT' and 'ip6tables-legacy"
	follow_advice
	nothing_is_noted
}

@test "only what is sure to let a bridge's frames through counts" {
	require_firewall
	see_frames 1 0
	iptables -P FORWARD DROP
	iptables -A FORWARD -i br0 -o br0 -p tcp -j ACCEPT
	iptables -A FORWARD -i br00 -o br00 -j ACCEPT
	iptables -A FORWARD -i br0 -o br0 -j DROP
	iptables -A FORWARD -j RETURN
	is_noted 1 "drops what no rule accepts"
	# As Docker's manual has it.
	iptables -N DOCKER-USER
	iptables -I DOCKER-USER -i br0 -o br0 -j ACCEPT
	nothing_is_noted
	iptables -F DOCKER-USER
	iptables -I FORWARD -m physdev --physdev-is-bridged -j ACCEPT
	nothing_is_noted
	nft flush ruleset
	iptables-legacy -P FORWARD DROP
	iptables-legacy -A FORWARD -i br0 -o br0 -p tcp -j ACCEPT
	iptables-legacy -A FORWARD -i br0 -o br0 -j DROP
	is_noted 1 iptables-legacy
	iptables-legacy -I FORWARD -m physdev --physdev-is-bridged -j ACCEPT
	nothing_is_noted
}

@test "one bridge alone may show its frames to the firewall" {
	require_firewall
	make_bridge br1
	iptables -P FORWARD DROP
	ip link set br1 type bridge nf_call_iptables 1
	nothing_is_noted
	ip link set br0 type bridge nf_call_iptables 1
	is_noted 1 "'iptables -I FORWARD -i br0 -o br0 -j ACCEPT' accepts it"
}

@test "an ordinary user is told where Docker is" {
	require_firewall
	see_frames 1 0
	run notes_by as_user
	[ -z "$output" ]
	ip link add docker0 type bridge
	run notes_by as_user
	[[ $output == *"and may drop it, as it does where Docker is; only root can look: 'iptables -I FORWARD -i br0 -o br0 -j ACCEPT', as root, has it accepted" ]]
}

@test "by looking no table comes to be" {
	require_firewall
	# The older iptables make one when they are asked for it.
	run unshare -n bash -c 'ip link add br0 type bridge
		echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
		"$XKVM" -n br0 --dry-run 2>&1 && cat /proc/net/ip_tables_names &&
		nft list ruleset'
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -gt 0 ]
	[[ ${lines[-1]} == qemu-system-* ]]
}
