#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# xkvm-net with real bridges; net-lib.bash says how. It runs under `isolate`, as
# the others do, or by itself.

bats_require_minimum_version 1.5.0

load net-lib

setup_file()
{
	find_programs
}

setup()
{
	prepare_net
	in_ns ip link add br0 type bridge
	in_ns ip link set br0 up
}

teardown()
{
	finish_net
}

# --- what a tap is like ---------------------------------------------------

@test "a tap is up, on its bridge, with its MTU, tag and no IPv6 address" {
	in_ns ip link set br0 mtu 9000
	start_holder 'HELLO v=1' 'ADD bridge=br0 mac=52:54:00:AB:00:01 vm=web' \
		GO recv recv COMMIT recv end
	local tap index
	tap=$(taps)
	[[ "$tap" =~ ^xk[0-9a-f]{10}$ ]]
	index=$(in_ns ip -o link show "$tap" | cut -d: -f1)
	output=$(cat "$out")
	[ "$output" = "HELLO v=1
OK if=$tap ifindex=$index type=linux mtu=9000
queue $tap vnet_hdr
DONE
exit 0" ]
	output=$(in_ns ip -d -o link show "$tap")
	[[ "$output" == *",UP"*" mtu 9000 "*" master br0 "* ]]
	[[ "$output" == *"link/ether fe:"*" addrgenmode none "* ]]
	[[ "$output" == *"tun type tap pi off vnet_hdr on persist off"* ]]
	[[ "$output" == *"alias xkvm uid=0 mac=52:54:00:ab:00:01 vm=web" ]]
	[ -z "$(in_ns ip -o -6 address show dev "$tap")" ]
	stop_holder
	no_taps
}

@test "frames pass from one tap to another" {
	run client 'HELLO v=1' 'ADD bridge=br0' 'ADD bridge=br0' GO \
		recv recv recv COMMIT recv frame end
	has_line 'frame passed'
	no_taps
}

@test "several queues are several descriptors of one multi-queue tap" {
	start_holder 'HELLO v=1' 'ADD bridge=br0' 'ADD bridge=br0 queues=3' \
		GO recv recv recv COMMIT recv end
	local one three
	one=$(sed -n '2s/OK if=\([^ ]*\) .*/\1/p' "$out")
	three=$(sed -n '4s/OK if=\([^ ]*\) .*/\1/p' "$out")
	[ "$(grep -cx "queue $one vnet_hdr" "$out")" -eq 1 ]
	[ "$(grep -cx "queue $three vnet_hdr multi_queue" "$out")" -eq 3 ]
	[[ "$(in_ns ip -d link show "$three")" == *" numqueues 3 "* ]]
	stop_holder
}

@test "253 queues are the most that one message carries" {
	run client 'HELLO v=1' 'ADD bridge=br0 queues=253' GO recv recv COMMIT \
		recv end
	[ "$(grep -c '^queue xk.* vnet_hdr multi_queue$' <<<"$output")" -eq 253 ]
	has_line DONE
	run client 'HELLO v=1' 'ADD bridge=br0 queues=254' rest end
	has_error proto 0 'queues=254 is not a number from 1 to 253'
}

@test "a bridge without ports keeps its MTU and MAC before, during and after" {
	local before
	in_ns ip link set br0 mtu 9000
	before=$(bridge_state br0)
	[[ "$before" =~ ^9000\ [0-9a-f:]{17}$ ]]
	start_monitor
	start_holder 'HELLO v=1' 'ADD bridge=br0' 'ADD bridge=br0' \
		GO recv recv recv COMMIT recv end
	[ "$(bridge_state br0)" = "$before" ]
	stop_holder
	no_taps
	[ "$(bridge_state br0)" = "$before" ]
	[ "$(stop_monitor | sort -u)" = "$before" ]
}

@test "a bridge that has its MAC from a port goes on following its ports" {
	in_ns ip link add port0 type veth peer name peer0
	in_ns ip link add port1 type veth peer name peer1
	in_ns ip link set port0 address 52:00:00:00:00:10 mtu 9000 master br0
	[ "$(bridge_state br0)" = '9000 52:00:00:00:00:10' ]
	start_holder 'HELLO v=1' 'ADD bridge=br0' GO recv recv COMMIT recv end
	[ "$(bridge_state br0)" = '9000 52:00:00:00:00:10' ]
	in_ns ip link set port1 address 52:00:00:00:00:01 mtu 9000 master br0
	[ "$(bridge_state br0)" = '9000 52:00:00:00:00:01' ]
	in_ns ip link set port1 nomaster
	stop_holder
	[ "$(bridge_state br0)" = '9000 52:00:00:00:00:10' ]
}

@test "a bridge that has its MAC from another tap keeps it" {
	in_ns ip tuntap add dev other mode tap
	in_ns ip link set other address fe:ff:ff:ff:ff:ff master br0
	[ "$(bridge_state br0)" = '1500 fe:ff:ff:ff:ff:ff' ]
	start_holder 'HELLO v=1' 'ADD bridge=br0' GO recv recv COMMIT recv end
	[ "$(bridge_state br0)" = '1500 fe:ff:ff:ff:ff:ff' ]
	in_ns ip link del other
	[ "$(bridge_state br0)" = '1500 fe:ff:ff:ff:ff:ff' ]
	stop_holder
	[ "$(bridge_state br0)" = '1500 fe:ff:ff:ff:ff:ff' ]
}

@test "a bridge that lost its MAC with its last port gets the tap's" {
	in_ns ip tuntap add dev other mode tap
	in_ns ip link set other master br0
	in_ns ip link del other
	[ "$(bridge_state br0)" = '1500 00:00:00:00:00:00' ]
	run client 'HELLO v=1' 'ADD bridge=br0' GO recv recv COMMIT recv end
	has_line DONE
	[ "$(bridge_state br0)" = '1500 00:00:00:00:00:00' ]
}

@test "an MTU too small for IPv6 is taken over" {
	in_ns ip link set br0 mtu 1200
	run client 'HELLO v=1' 'ADD bridge=br0' GO recv recv COMMIT recv end
	[[ "$output" == *' mtu=1200'* ]]
	has_line DONE
}

@test "an MTU too great for a tap is explained" {
	in_ns ip link set br0 mtu 65535
	run client 'HELLO v=1' 'ADD bridge=br0' GO rest end
	has_error sys 0 'mtu=65535'
	no_taps
}

@test "an MTU asked for is the tap's; the bridge keeps its own" {
	local before
	before=$(bridge_state br0)
	start_holder 'HELLO v=1' 'ADD bridge=br0 mtu=1400' 'ADD bridge=br0' \
		GO recv recv recv COMMIT recv end
	[ "$(grep -o ' mtu=.*' "$out")" = $' mtu=1400\n mtu=1500' ]
	[ "$(bridge_state br0)" = "$before" ]
	stop_holder
	[ "$(bridge_state br0)" = "$before" ]
}

# refuses WORDS...: each of them, with the remedy.
refuses()
{
	local words
	for words; do
		run client 'HELLO v=1' "ADD bridge=br0 $words" GO rest end
		has_error option 0 \
			"'ip link set br0 type bridge vlan_filtering 1' makes it"
	done
	no_taps
}

@test "a bridge that heeds no VLANs says how it would" {
	refuses vlan=7 trunks=1-4
}

# False where the kernel cannot: CONFIG_BRIDGE_VLAN_FILTERING is not in each.
heed_vlans()
{
	in_ns ip link set br0 type bridge vlan_filtering 1 2>/dev/null
}

# vlans_of TAP: "VLAN FLAG..." of each VLAN of a port, one line each.
vlans_of()
{
	in_ns bridge -j -compressvlans vlan show dev "$1" |
		jq -r '.[].vlans[] | "\(.vlan)\(if .vlanEnd then
			"-\(.vlanEnd)" else "" end) \((.flags // []) | join(" "))"'
}

@test "VLANs are an access port, a trunk, or both" {
	heed_vlans || {
		refuses vlan=7 trunks=1-3:4094 'vlan=5 trunks=6'
		return
	}
	start_holder 'HELLO v=1' 'ADD bridge=br0 vlan=7' \
		'ADD bridge=br0 trunks=1-3:4094' 'ADD bridge=br0 vlan=5 trunks=6' \
		'ADD bridge=br0' GO recv recv recv recv recv COMMIT recv end
	local taps
	mapfile -t taps < <(sed -n 's/^OK if=\([^ ]*\) .*/\1/p' "$out")
	[ "$(vlans_of "${taps[0]}")" = '7 PVID Egress Untagged' ]
	[ "$(vlans_of "${taps[1]}")" = $'1-3 \n4094 ' ]
	[ "$(vlans_of "${taps[2]}")" = $'5 PVID Egress Untagged\n6 ' ]
	[ "$(vlans_of "${taps[3]}")" = '1 PVID Egress Untagged' ]
	stop_holder
}

@test "frames stay in their VLAN" {
	heed_vlans || {
		refuses vlan=7 vlan=8
		return
	}
	run client 'HELLO v=1' 'ADD bridge=br0 vlan=7' 'ADD bridge=br0 vlan=7' \
		GO recv recv recv COMMIT recv frame end
	has_line 'frame passed'
	run client 'HELLO v=1' 'ADD bridge=br0 vlan=7' 'ADD bridge=br0 vlan=8' \
		GO recv recv recv COMMIT recv frame end
	has_line 'frame lost'
}

@test "isolated taps pass each other nothing, and the bridge need not learn" {
	start_holder 'HELLO v=1' 'ADD bridge=br0 isolated=1' \
		'ADD bridge=br0 learning=0' GO recv recv recv COMMIT recv end
	local taps
	mapfile -t taps < <(sed -n 's/^OK if=\([^ ]*\) .*/\1/p' "$out")
	output=$(in_ns ip -d -o link show "${taps[0]}")
	[[ "$output" == *' learning on '*' isolated on '* ]]
	output=$(in_ns ip -d -o link show "${taps[1]}")
	[[ "$output" == *' learning off '*' isolated off '* ]]
	stop_holder
	run client 'HELLO v=1' 'ADD bridge=br0 isolated=1' \
		'ADD bridge=br0 isolated=1' GO recv recv recv COMMIT recv frame end
	has_line 'frame lost'
}

# --- the end of a tap -----------------------------------------------------

@test "a tap stays as long as its client has it, and no longer" {
	start_holder 'HELLO v=1' 'ADD bridge=br0' GO recv recv COMMIT recv end
	[ "$(taps | wc -l)" -eq 1 ]
	stop_holder
	no_taps
}

@test "a tap is gone when its client is killed" {
	start_holder 'HELLO v=1' 'ADD bridge=br0' GO recv recv COMMIT recv end
	[ "$(taps | wc -l)" -eq 1 ]
	kill_holder
	no_taps
}

@test "a tap is gone when its client is killed before it has read the answer" {
	start_holder 'HELLO v=1' 'ADD bridge=br0' 'ADD bridge=br0' GO recv
	kill_holder
	no_taps
}

@test "a tap is gone when its client is killed before COMMIT" {
	start_holder 'HELLO v=1' 'ADD bridge=br0' GO recv recv
	[ "$(taps | wc -l)" -eq 1 ]
	kill_holder
	no_taps
}

@test "leaving before COMMIT undoes all, though the client has descriptors" {
	start_holder 'HELLO v=1' 'ADD bridge=br0' 'ADD bridge=br0 queues=2' \
		'ADD bridge=br0 persist=1 owner=0' \
		GO recv recv recv recv shut rest end
	[ "$(grep -c '^queue ' "$out")" -eq 4 ]
	[ "$(tail -n1 "$out")" = 'exit 0' ]
	no_taps
	stop_holder
}

@test "leaving at once is no failure" {
	run client end
	[ "$output" = 'exit 0' ]
	run client 'HELLO v=1' recv 'ADD bridge=br0' end
	[ "$output" = $'HELLO v=1\nexit 0' ]
	run client 'HELLO v=1' hex: rest end
	[ "$output" = $'HELLO v=1\neof\nexit 0' ]
	# Nobody is there for its answers.
	run client 'HELLO v=1' 'ADD bridge=br0' GO end
	[ "$output" = 'exit 0' ]
	no_taps
}

@test "a tap that one of its holders made persistent is deleted all the same" {
	start_holder 'HELLO v=1' 'ADD bridge=br0' 'ADD bridge=br0' GO \
		recv recv recv COMMIT recv end persist
	[ "$(in_ns ip -d link | grep -c ' persist on ')" -eq 1 ]
	[ "$(taps | wc -l)" -eq 2 ]
	kill_holder
	# The kernel tells within a second that nobody has it any more.
	local end=$((${EPOCHREALTIME/[.,]/} + 3000000))
	while [ -n "$(taps)" ] && ((${EPOCHREALTIME/[.,]/} < end)); do
		sleep 0.02
	done
	no_taps
}

# --- what is no bridge ----------------------------------------------------

@test "all or nothing: no tap where one bridge is missing" {
	run client 'HELLO v=1' 'ADD bridge=br0' 'ADD bridge=nosuch' GO rest end
	has_error nobridge 1 "there is no interface 'nosuch'"
	no_taps
}

@test "all or nothing: no tap where a later one cannot be made" {
	in_ns ip link add br1 mtu 65535 type bridge
	run client 'HELLO v=1' 'ADD bridge=br0' 'ADD bridge=br1' GO rest end
	has_error sys 1 "on br1"
	no_taps
}

@test "other devices are not taken for bridges" {
	local name
	in_ns ip link add veth0 type veth peer name veth1
	in_ns ip tuntap add dev other mode tap
	in_ns ip link set veth1 master br0
	for name in lo veth0 veth1 other; do
		run client 'HELLO v=1' "ADD bridge=$name" GO rest end
		has_error notbridge 0 "'$name' is not a bridge (it is a "
	done
	run client 'HELLO v=1' 'ADD bridge=veth0' GO rest end
	has_error notbridge 0 '(it is a veth device)'
	no_taps
}

@test "names are compared whole" {
	local name
	in_ns ip link add br345678901234 type bridge
	in_ns ip link add br3456789012345 type bridge
	in_ns ip link set br0 up
	run client 'HELLO v=1' 'ADD bridge=br3456789012345' GO recv recv COMMIT \
		recv end
	has_line DONE
	run client 'HELLO v=1' 'ADD bridge=br34567890123456' rest end
	has_error proto 0 'has 16 bytes; at most 15 go'
	for name in br br00 BR0 ../net/br0 br0/ '*' -v br0: %d all; do
		run client 'HELLO v=1' "ADD bridge=$name" GO rest end
		has_error nobridge 0 "'$name'"
	done
}

@test "another name of a bridge is not its name" {
	in_ns ip link property add dev br0 altname lan
	run client 'HELLO v=1' 'ADD bridge=lan' GO rest end
	has_error nobridge 0 "'lan' is another name of 'br0'; use that"
}

# --- MACs -----------------------------------------------------------------

@test "a MAC in use on the bridge is refused, with its user's name" {
	in_ns ip link add br1 type bridge
	start_holder 'HELLO v=1' 'ADD bridge=br0 mac=52:54:00:00:00:01 vm=web' \
		GO recv recv COMMIT recv end
	run client 'HELLO v=1' 'ADD bridge=br0 mac=52:54:00:00:00:02' \
		'ADD bridge=br0 mac=52:54:00:00:00:01' GO rest end
	has_error mac 1 "in use on 'br0' by the tap '$(taps)' of the guest web"
	run client 'HELLO v=1' 'ADD bridge=br1 mac=52:54:00:00:00:01' \
		GO recv recv COMMIT recv end
	has_line DONE
	stop_holder
	run client 'HELLO v=1' 'ADD bridge=br0 mac=52:54:00:00:00:01' \
		GO recv recv COMMIT recv end
	has_line DONE
}

@test "a MAC asked for twice is refused" {
	in_ns ip link add br1 type bridge
	run client 'HELLO v=1' 'ADD bridge=br0 mac=52:54:00:00:00:0a' \
		'ADD bridge=br1 mac=52:54:00:00:00:0a' \
		'ADD bridge=br0 mac=52:54:00:00:00:0A' GO rest end
	has_error mac 2 "NICs 0 and 2 both ask for mac=52:54:00:00:00:0a"
	no_taps
}

@test "an alias that is no tag, or another's MAC, is no clash" {
	in_ns ip tuntap add dev other mode tap
	in_ns ip link set other master br0 \
		alias 'my mac=52:54:00:00:00:01 vm=web'
	run client 'HELLO v=1' 'ADD bridge=br0 mac=52:54:00:00:00:01' \
		GO recv recv COMMIT recv end
	has_line DONE
}

@test "an answer is not lost where the client had sent more than was read" {
	run client 'HELLO v=2' 'ADD bridge=br0' 'ADD bridge=br0' GO gone rest end
	has_error proto '' 'its client 2'
}

@test "of several who ask for one MAC at once, at most one gets it" {
	start_many 8 'HELLO v=1' 'ADD bridge=br0 mac=52:54:00:00:00:01' GO \
		recv recv COMMIT
	[ "$(grep -c '^OK ' <<<"$output")" -le 1 ]
	[ "$(grep -cE '^(OK|ERR code=mac) ' <<<"$output")" -eq 8 ]
	stop_many
	no_taps
}

# --- many -----------------------------------------------------------------

@test "50 requests at once on one bridge get 50 names" {
	local before
	before=$(bridge_state br0)
	start_many 50 'HELLO v=1' 'ADD bridge=br0' GO recv recv COMMIT recv end
	[ "$(grep -cx DONE <<<"$output")" -eq 50 ]
	[ "$(grep -cx 'exit 0' <<<"$output")" -eq 50 ]
	[ "$(grep -o '^OK if=[^ ]*' <<<"$output" | sort -u | wc -l)" -eq 50 ]
	[ "$(in_ns ip -o link show master br0 up | wc -l)" -eq 50 ]
	[ "$(bridge_state br0)" = "$before" ]
	stop_many
	no_taps
	[ "$(bridge_state br0)" = "$before" ]
}

@test "128 NICs go into one request, and no more" {
	local adds=() answers=() i
	for ((i = 0; i < 128; i++)); do
		adds+=("ADD bridge=br0 mac=52:54:00:00:00:$(printf %02x "$i")")
		answers+=(recv)
	done
	run client 'HELLO v=1' "${adds[@]}" GO recv "${answers[@]}" COMMIT \
		recv end
	[ "$(grep -c '^OK ' <<<"$output")" -eq 128 ]
	has_line DONE
	run client 'HELLO v=1' "${adds[@]}" "${adds[@]:0:72}" GO rest end
	has_error limit 128 'at most 128 NICs'
	no_taps
}

# --- persistent taps ------------------------------------------------------

@test "persistent taps are made by COMMIT, and stay" {
	run client 'HELLO v=1' 'ADD bridge=br0 persist=1 owner=0' \
		'ADD attach=none persist=1 owner=0' GO recv recv recv drop \
		COMMIT recv end
	[[ "$output" == *'OK if=tapvm0 ifindex='*' type=linux mtu=1500'* ]]
	[[ "$output" == *'OK if=tapvm1 ifindex='*' type=none mtu=1500'* ]]
	has_line 'queue tapvm0 vnet_hdr'
	has_line DONE
	has_line 'exit 0'
	[ "$(taps)" = $'tapvm0\ntapvm1' ]
	output=$(in_ns ip -d -o link show tapvm0)
	[[ "$output" == *',UP'*' master br0 '*' persist on user '* ]]
	[[ "$output" == *'alias xkvm uid=0 persist=1' ]]
	output=$(in_ns ip -d -o link show tapvm1)
	[[ "$output" == *',UP'*' persist on user '* ]]
	[[ "$output" != *' master '* ]]
	in_ns ip link del tapvm0
	run client 'HELLO v=1' 'ADD bridge=br0 persist=1 owner=0' GO recv recv \
		COMMIT recv end
	has_line 'queue tapvm0 vnet_hdr'
	[ "$(taps)" = $'tapvm0\ntapvm1' ]
}

@test "persistent taps are no more where their client leaves before COMMIT" {
	run client 'HELLO v=1' 'ADD bridge=br0 persist=1 owner=0' GO recv recv end
	has_line 'exit 0'
	no_taps
	start_holder 'HELLO v=1' 'ADD bridge=br0 persist=1 owner=0' GO recv recv
	[ "$(taps)" = tapvm0 ]
	kill_holder
	no_taps
}

@test "persistent taps are undone where one of them cannot be made so" {
	# Of each NIC: TUNSETIFF and TUNSETOWNER; then the second TUNSETPERSIST.
	inject ioctl error=ENOMEM 6 'ADD bridge=br0 persist=1 owner=0' \
		'ADD bridge=br0 persist=1 owner=0'
	has_error limit 1 "cannot make 'tapvm1' persistent"
	no_taps
}

@test "persistent taps are for root" {
	XKVM_NET_RUN='exec unshare -U "$XKVM_NET"' run client 'HELLO v=1' \
		'ADD bridge=br0' 'ADD bridge=br0 persist=1 owner=0' GO rest end
	has_error denied 1 'only root may ask for a persistent tap'
	no_taps
}

# --- privilege and environment --------------------------------------------

@test "a user namespace that owns its network is enough" {
	close_namespace
	user_options=(-Ur)
	open_namespace
	in_ns ip link add br0 type bridge
	run client 'HELLO v=1' 'ADD bridge=br0' GO recv recv COMMIT recv end
	has_line DONE
	run client 'HELLO v=1' 'ADD bridge=br0 persist=1 owner=0' GO recv recv \
		COMMIT recv end
	has_line DONE
	[ "$(taps)" = tapvm0 ]
}

@test "a user namespace that does not own its network is not" {
	local options
	for options in -U -Ur; do
		XKVM_NET_RUN="exec unshare $options \"\$XKVM_NET\"" \
			run client 'HELLO v=1' 'ADD bridge=br0' GO rest end
		has_error denied 0 'CAP_NET_ADMIN over this network namespace is'
	done
	no_taps
}

@test "a missing /dev/net/tun is explained" {
	XKVM_NET_RUN='exec unshare -m sh -c '\''
		mount -t tmpfs none /dev/net && exec "$XKVM_NET"'\' \
		run client 'HELLO v=1' 'ADD bridge=br0' GO rest end
	has_error sys 0 "load its module ('modprobe tun')"
}

@test "standard output and error may be closed; no tap takes their place" {
	XKVM_NET_RUN='exec "$XKVM_NET" >&- 2>&-' \
		start_holder 'HELLO v=1' 'ADD bridge=br0' GO recv recv
	local helper fd
	helper=$(cat "/proc/$holder/task/$holder/children")
	for fd in 0 1 2; do
		[[ "$(readlink "/proc/${helper% }/fd/$fd")" == socket:* ]]
	done
	readlink "/proc/${helper% }/fd/"* | grep -qx /dev/net/tun
	kill_holder
}

@test "inherited descriptors are closed" {
	XKVM_NET_RUN='exec 7<>/dev/null; exec "$XKVM_NET"' \
		start_holder 'HELLO v=1' recv
	local helper
	helper=$(cat "/proc/$holder/task/$holder/children")
	output=$(echo "/proc/${helper% }/fd/"*)
	[ "${output//"/proc/${helper% }/fd/"/}" = '0 1 2' ]
	kill_holder
}

@test "signals that its starter ignores or blocks do not matter" {
	XKVM_NET_RUN='exec env --ignore-signal --block-signal "$XKVM_NET"' \
		start_holder 'HELLO v=1' recv
	local helper
	helper=$(cat "/proc/$holder/task/$holder/children")
	# Only SIGPIPE, 13, is ignored.
	grep -qx $'SigIgn:\t0000000000001000' "/proc/${helper% }/status"
	grep -qx $'SigBlk:\t0000000000000000' "/proc/${helper% }/status"
	kill_holder
}

@test "each limit on open files is told cleanly" {
	local limit nic
	for limit in 4 5 6 7 8; do
		XKVM_NET_RUN="exec 3>&-; ulimit -n $limit; exec \"\$XKVM_NET\"" \
			run client 'HELLO v=1' 'ADD bridge=br0' \
			'ADD bridge=br0 queues=5' GO rest end
		case $limit in
		4) nic=0 ;; # to look for its bridge
		5) nic= ;; # to talk to the guardian
		*) nic=1 ;;
		esac
		has_error limit "$nic" "raise the limit on open files"
		no_taps
	done
}

@test "argc may be 0" {
	run client --no-argv 'HELLO v=1' 'ADD bridge=br0' GO recv recv COMMIT \
		recv end
	has_line DONE
	has_line 'exit 0'
}

@test "what is no seqpacket socket is refused" {
	local input
	for input in '</dev/null' '<&-' '<&1 | cat'; do
		run bash -c "$XKVM_NET $input; exit \${PIPESTATUS[0]}"
		[ "$status" -eq 2 ]
		[[ "$output" == *'is not a connected seqpacket Unix socket'* ]]
	done
}

@test "it takes no argument but --ovsdb, --help and --version" {
	run "$XKVM_NET" --version
	[ "$status" -eq 0 ]
	[[ "$output" =~ ^xkvm-net\ [0-9.]+ ]]
	run "$XKVM_NET" --help
	[ "$status" -eq 0 ]
	[[ "$output" == 'usage: xkvm-net'* ]]
	for argument in --fd=3 --fd=-1 --fd=99999999999 --help=1 '' br0 \
		"$(printf '%0100000d' 0)"; do
		run "$XKVM_NET" "$argument"
		[ "$status" -eq 2 ]
		[[ "$output" == "xkvm-net: '$argument': it takes no argument"* ]]
	done
	run "$XKVM_NET" --help --version
	[ "$status" -eq 2 ]
	run "$XKVM_NET" --ovsdb
	[ "$status" -eq 2 ]
	run bash -c "$XKVM_NET --version >/dev/full"
	[ "$status" -eq 2 ]
	[[ "$output" == *'No space left on device' ]]
}

# --- abuse of the protocol ------------------------------------------------

@test "messages out of order are refused" {
	run client GO rest end
	has_error proto '' 'HELLO is awaited here'
	run client 'ADD bridge=br0' rest end
	has_error proto '' 'HELLO is awaited here'
	run client 'HELLO v=1' GO rest end
	has_error proto '' 'ADD or GC is awaited here'
	run client 'HELLO v=1' 'HELLO v=1' rest end
	has_error proto '' 'ADD or GC is awaited here'
	run client 'HELLO v=1' 'ADD bridge=br0' COMMIT rest end
	has_error proto '' 'ADD or GO is awaited here'
	run client 'HELLO v=1' DONE rest end
	has_error proto '' 'ADD or GC is awaited here'
	no_taps
}

@test "after GO only COMMIT goes; another message undoes the taps" {
	run client 'HELLO v=1' 'ADD bridge=br0' GO recv recv GO rest end
	[ "$(grep -c '^OK ' <<<"$output")" -eq 1 ]
	[[ "$output" == *'ERR code=proto msg=out of order: COMMIT is awaited'* ]]
	has_line 'exit 1'
	start_holder 'HELLO v=1' 'ADD bridge=br0' GO recv recv rubbish 2>&1 ||
		true
	no_taps
}

@test "another version is refused" {
	run client 'HELLO v=2' rest end
	has_error proto '' 'xkvm-net speaks version 1, its client 2'
}

@test "damaged messages are refused" {
	local message
	for message in hex:00 hex:474f00 hex:474f0a 'GARBAGE' 'HELLO' 'HELLO v=1 x' \
		size:4096 size:65536 'HELLO v=1 '; do
		run client "$message" rest end
		has_error proto
	done
	run client size:4097 rest end
	has_error proto '' 'a request has over 4096 bytes'
	run client 'HELLO v=1' 'ADD bridge=br0' 'ADD bridge=br0 vlans=1' rest end
	has_error proto 1 "key 'vlans' is not known"
	no_taps
}

@test "fault 33: a thousand messages are refused at the first that is too many" {
	local -a many

	mapfile -t many < <(yes 'ADD bridge=br0' | head -n 1000)
	run client 'HELLO v=1' "${many[@]}" GO rest end
	has_error limit 128 'at most 128 NICs'
	no_taps
	mapfile -t many < <(yes 'HELLO v=1' | head -n 1000)
	run client "${many[@]}" rest end
	has_error proto '' 'ADD or GC is awaited here'
}

@test "descriptors from the client are refused, and not kept" {
	run client 'fd:HELLO v=1' rest end
	has_error proto '' 'came with descriptors'
	run client 'HELLO v=1' 'fd:ADD bridge=br0' rest end
	has_error proto '' 'came with descriptors'
	run client 'HELLO v=1' 'ADD bridge=br0' GO recv recv fd:COMMIT rest end
	[[ "$output" == *'ERR code=proto msg=a request came with descriptors'* ]]
	no_taps
}

@test "a client that closes half of its socket gets its answers" {
	run client 'HELLO v=1' 'ADD bridge=br0' GO COMMIT shut recv recv recv \
		rest end
	has_line DONE
	has_line 'exit 0'
}

# --- faults ---------------------------------------------------------------

@test "a fault when /dev/net/tun is opened" {
	fail_each openat EMFILE
	fail_each openat ENODEV
	inject openat error=EACCES 1
	has_error denied 0 'this user may not open /dev/net/tun'
}

@test "a fault when a tap is made" {
	fail_each ioctl ENOMEM
	fail_each ioctl EBUSY TUNSETIFF
	inject ioctl error=EPERM 2
	has_error denied 1 'CAP_NET_ADMIN'
}

@test "a name that is taken is no fault, but for names that all are" {
	inject ioctl error=EBUSY 1
	has_line DONE
	inject ioctl error=EBUSY 1+
	has_error exists 0 'names tried'
	no_taps
}

@test "a fault of a socket" {
	fail_each socket EMFILE
	fail_each socketpair EMFILE
	fail_each bind ENOBUFS
	fail_each getsockopt ENOMEM
	# After the two of main(), SO_PEERCRED.
	inject getsockopt error=ENOPROTOOPT 3
	has_error sys '' 'cannot tell who asks'
}

@test "a fault of a netlink request" {
	fail_each sendto ENOBUFS
}

@test "a fault of the capabilities" {
	# At the start, when taps are about to be made, and after that.
	inject capset error=EPERM 1
	[[ $output == *'exit 2' ]]
	inject capset error=EPERM 2
	has_error denied 0 'a security module or a seccomp filter in the way'
	inject capset error=EPERM 3
	[[ $output == *'exit 134' ]]
	no_taps
}

@test "a fault in reading" {
	fail_each recvmsg ENOMEM
}

@test "a fault when the guardian is to start" {
	fail_each clone EAGAIN
	fail_each recvfrom ENOMEM 'recvfrom(0,'
}

@test "a fault in answering" {
	fail_each sendmsg ETOOMANYREFS
}

@test "a fault of the random numbers" {
	# malloc() asks for some too, and goes without.
	fail_each getrandom ENOSYS GRND_NONBLOCK
}

@test "killed at any call, it leaves no tap" {
	kill_at_each ioctl
	kill_at_each sendto
	kill_at_each sendmsg
	kill_at_each recvmsg
	kill_at_each close
}

# --- names that the client chooses ----------------------------------------

@test "tap= names a tap, and the name is free again after its end" {
	local add='ADD bridge=br0 tap=web-0.a_b'
	start_holder 'HELLO v=1' "$add queues=2" GO recv recv COMMIT recv end
	grep -q '^OK if=web-0.a_b ' "$out"
	in_ns ip link show web-0.a_b | grep -q ' master br0 '
	run client 'HELLO v=1' "$add" GO rest end
	has_error exists 0 "the interface 'web-0.a_b' exists; give this NIC another tap="
	run client 'HELLO v=1' 'ADD bridge=br0' "$add" GO rest end
	has_error exists 1
	[ -z "$(taps)" ]
	in_ns ip link show web-0.a_b | grep -q ' master br0 '
	stop_holder
	run client 'HELLO v=1' "$add" GO recv recv shut end
	[[ "$output" == *'OK if=web-0.a_b '* ]]
	run in_ns ip link show web-0.a_b
	[ "$status" -ne 0 ]
}

@test "the guest that has a name is told of, and a name asked for twice is refused" {
	start_holder 'HELLO v=1' 'ADD bridge=br0 tap=web vm=first' GO recv recv \
		COMMIT recv end
	run client 'HELLO v=1' 'ADD bridge=br0 tap=web' GO rest end
	has_error exists 0 "'web' of the guest first exists"
	stop_holder
	run client 'HELLO v=1' 'ADD bridge=br0 tap=web' 'ADD bridge=br0 tap=web' \
		GO rest end
	has_error exists 1 "the interface 'web' exists"
	run in_ns ip link show web
	[ "$status" -ne 0 ]
}

@test "tap= takes over nothing: no interface, whatever it is, and no other name of one" {
	in_ns ip tuntap add dev mine mode tap
	in_ns ip link property add dev br0 altname other
	for name in lo br0 mine other; do
		run client 'HELLO v=1' "ADD bridge=br0 tap=$name" GO rest end
		has_error exists 0
	done
	[ "$(in_ns ip -o link show type tun | wc -l)" -eq 1 ]
}

@test "tap= is no name that means something else" {
	for name in all default xk0123456789 tapvm%d a/b 0a -a .. \
		abcdefghijklmnop; do
		run client 'HELLO v=1' "ADD bridge=br0 tap=$name" GO rest end
		has_error proto 0 "tap=$name is no name that a tap can be given"
	done
	no_taps
}
