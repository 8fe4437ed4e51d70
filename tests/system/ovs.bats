#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# xkvm-net with bridges of Open vSwitch, a real one of the test's own (ovs-lab);
# net-lib.bash says how else. It runs under `isolate`, as the others do.
#
# $XKVM_OVS is the folder of its programs (build/ovs without it).

bats_require_minimum_version 1.5.0

load net-lib

programs=${XKVM_OVS:-$top/build/ovs}

setup_file()
{
	find_programs
	"$BATS_TEST_DIRNAME/ovs-lab" get "$programs" ||
		skip 'needs Open vSwitch, and cannot get it'
}

setup()
{
	prepare_net
	export OVS_LAB=$BATS_TEST_TMPDIR/ovs
	mkdir "$OVS_LAB"
	net_arguments="--ovsdb '$OVS_LAB/db.sock'"
	export XKVM_NET_RUN="exec \"\$XKVM_NET\" $net_arguments"
	in_ns ip link set lo up
	lab start
	lab bridge ovs0
}

teardown()
{
	"$BATS_TEST_DIRNAME/ovs-lab" stop "$OVS_LAB"
	finish_net
}

# lab COMMAND ARGUMENT...: ovs-lab, in the namespace of the test.
lab()
{
	local command=$1
	shift
	in_ns "$BATS_TEST_DIRNAME/ovs-lab" "$command" "$programs" "$OVS_LAB" \
		"$@" 3>&-
}

vsctl()
{
	lab vsctl --no-wait "$@"
}

# signal_to database|switch SIGNAL
signal_to()
{
	kill -"$2" "$(cat "$OVS_LAB/$1.pid")"
}

# end_database: at once, as in a crash.
end_database()
{
	local pid
	pid=$(cat "$OVS_LAB/database.pid")
	kill -KILL "$pid"
	await 5 process_gone "$pid"
	rm "$OVS_LAB/database.pid" "$OVS_LAB/db.sock"
}

process_gone()
{
	! kill -0 "$1" 2>/dev/null
}

ports()
{
	vsctl --format=csv --no-headings --columns=name list port |
		grep -v '^ovs' | sort
}

is_without_ports()
{
	[ -z "$(ports)" ]
}

has_ports()
{
	! is_without_ports
}

no_taps_now()
{
	no_taps 2>/dev/null
}

# Neither tap nor row: the first at once, the second within a second.
all_gone()
{
	await 1 is_without_ports && await 1 no_taps_now
}

# column TABLE NAME COLUMN
column()
{
	vsctl --bare --columns="$3" find "$1" name="$2"
}

# The first of the guardians.
guardian()
{
	grep -lx xkvm-guardian /proc/[0-9]*/comm 2>/dev/null |
		sed -n '1s/[^0-9]//gp'
}

# xkvm-net itself.
net_process()
{
	grep -lx xkvm-net /proc/[0-9]*/comm 2>/dev/null | sed 's/[^0-9]//g'
}

has_no_guardian()
{
	[ -z "$(guardian)" ]
}

# Milliseconds that a command takes are in $elapsed.
run_timed()
{
	local start=${EPOCHREALTIME/[.,]/}
	run "$@"
	elapsed=$(((${EPOCHREALTIME/[.,]/} - start) / 1000))
}

hold_one()
{
	start_holder 'HELLO v=1' "ADD bridge=ovs0${*:+ $*}" GO recv recv COMMIT recv end
	tap=$(sed -n 's/^OK if=\([^ ]*\) .*/\1/p' "$out")
}

# --- what a port is like --------------------------------------------------

@test "a port is up, with a number, and tagged" {
	hold_one mac=52:54:00:AB:00:01 vm=web iface_id=lport-1
	local index boot row
	index=$(in_ns ip -o link show "$tap" | cut -d: -f1)
	boot=$(cat /proc/sys/kernel/random/boot_id)
	row=$(column Port "$tap" _uuid)
	grep -qx "OK if=$tap ifindex=$index type=ovs mtu=1500 port=$row" "$out"
	[ "$(vsctl port-to-br "$tap")" = ovs0 ]
	[ "$(column Interface "$tap" ofport)" -gt 0 ]
	[ -z "$(column Interface "$tap" error)" ]
	[[ "$(in_ns ip -o link show "$tap")" == *',UP'* ]]
	[ -z "$(in_ns ip -o -6 address show dev "$tap")" ]
	for output in "$(column Port "$tap" external_ids)" \
		"$(column Interface "$tap" external_ids)"; do
		[[ " $output " =~ \ xkvm-id=[0-9a-f]{32}\  ]]
		[[ " $output " == *" xkvm-boot=$boot "*" xkvm-ifindex=$index "* ]]
		[[ " $output " == *" xkvm-uid=0 "* ]]
	done
	[[ " $output " == *' attached-mac=52:54:00:ab:00:01 '* ]]
	[[ " $output " == *' iface-id=lport-1 vm-id=web '* ]]
	stop_holder
	all_gone
}

@test "frames pass from one tap to another, five of five" {
	run client 'HELLO v=1' 'ADD bridge=ovs0' 'ADD bridge=ovs0' GO \
		recv recv recv COMMIT recv frame frame frame frame frame end
	[ "$(grep -cx 'frame passed' <<<"$output")" -eq 5 ]
	all_gone
}

@test "each bridge is the one that was asked for" {
	lab bridge ovs1
	local bridge
	for bridge in ovs0 ovs1; do
		run client 'HELLO v=1' "ADD bridge=$bridge" GO recv recv \
			COMMIT recv end
		has_line DONE
	done
	start_holder 'HELLO v=1' 'ADD bridge=ovs1' 'ADD bridge=ovs0' GO \
		recv recv recv COMMIT recv end
	local taps
	mapfile -t taps < <(sed -n 's/^OK if=\([^ ]*\) .*/\1/p' "$out")
	[ "$(vsctl port-to-br "${taps[0]}")" = ovs1 ]
	[ "$(vsctl port-to-br "${taps[1]}")" = ovs0 ]
	stop_holder
	all_gone
}

@test "VLANs are an access port, a trunk, or both" {
	hold_one vlan=7
	[ "$(column Port "$tap" tag)" = 7 ]
	[ "$(column Port "$tap" vlan_mode)" = access ]
	stop_holder
}

@test "trunks let VLANs pass tagged" {
	hold_one trunks=100-102:9
	[ "$(column Port "$tap" trunks)" = '9 100 101 102' ]
	[ "$(column Port "$tap" vlan_mode)" = trunk ]
	[ -z "$(column Port "$tap" tag)" ]
	stop_holder
}

@test "a trunk may have a VLAN of untagged frames" {
	hold_one vlan=5 trunks=6-7
	[ "$(column Port "$tap" tag)" = 5 ]
	[ "$(column Port "$tap" trunks)" = '6 7' ]
	[ "$(column Port "$tap" vlan_mode)" = native-untagged ]
	stop_holder
}

@test "frames stay in their VLAN" {
	run client 'HELLO v=1' 'ADD bridge=ovs0 vlan=7' 'ADD bridge=ovs0 vlan=7' \
		GO recv recv recv COMMIT recv frame end
	has_line 'frame passed'
	run client 'HELLO v=1' 'ADD bridge=ovs0 vlan=7' 'ADD bridge=ovs0 vlan=8' \
		GO recv recv recv COMMIT recv frame end
	has_line 'frame lost'
}

@test "the MTU is the bridge's, or the one asked for" {
	vsctl set interface ovs0 mtu_request=9000
	await 5 has_jumbo_frames
	hold_one
	grep -q ' mtu=9000 ' "$out"
	stop_holder
}

has_jumbo_frames()
{
	[[ "$(in_ns ip -o link show ovs0)" == *' mtu 9000 '* ]]
}

@test "an MTU asked for is the tap's, and is noted" {
	hold_one mtu=1400
	grep -q ' mtu=1400 ' "$out"
	[ "$(column Interface "$tap" mtu_request)" = 1400 ]
	[[ "$(in_ns ip -o link show "$tap")" == *' mtu 1400 '* ]]
	stop_holder
}

# --- which bridge, which kind ---------------------------------------------

@test "a name that both have is ambiguous; either word decides" {
	in_ns ip link add both type bridge
	vsctl add-br both -- set bridge both datapath_type=netdev
	run client 'HELLO v=1' 'ADD bridge=ovs0' 'ADD bridge=both' GO rest end
	has_error ambiguous 1 "say which, 'bridge:both' or 'ovs:both'"
	is_without_taps_and_rows
	start_holder 'HELLO v=1' 'ADD bridge=both type=linux' GO recv recv \
		COMMIT recv end
	grep -q ' type=linux ' "$out"
	[[ "$(in_ns ip -o link show "$(taps)")" == *' master both '* ]]
	stop_holder
	run client 'HELLO v=1' 'ADD bridge=both type=ovs' GO recv
	[[ "$output" != *code=ambiguous* ]]
	[[ "$output" != *type=linux* ]]
}

is_without_taps_and_rows()
{
	no_taps && [ "$(ports | grep -vc both)" -eq 0 ]
}

@test "a bridge of the other kind is not taken" {
	in_ns ip link add br0 type bridge
	run client 'HELLO v=1' 'ADD bridge=br0 type=ovs' GO rest end
	has_error nobridge 0 "Open vSwitch has no bridge 'br0'"
	run client 'HELLO v=1' 'ADD bridge=ovs0 type=linux' GO rest end
	has_error notbridge 0 "'ovs0' is not a bridge (it is a tun device)"
	run client 'HELLO v=1' 'ADD bridge=ovs' GO rest end
	has_error nobridge 0 "there is no interface 'ovs'"
}

@test "what a kind of bridge cannot do is refused" {
	in_ns ip link add br0 type bridge
	run client 'HELLO v=1' 'ADD bridge=ovs0 isolated=1' GO rest end
	has_error option 0 'isolated=1 is for Linux bridges'
	run client 'HELLO v=1' 'ADD bridge=ovs0 learning=0' GO rest end
	has_error option 0 'learning=0 is for Linux bridges'
	run client 'HELLO v=1' 'ADD bridge=br0 iface_id=x' GO rest end
	has_error option 0 'iface-id=x is for Open vSwitch'
	run client 'HELLO v=1' $'ADD bridge=ovs0 iface_id=\xff' GO rest end
	has_error option 0 'is not UTF-8'
	no_taps
}

@test "a guest's name that is not UTF-8 is not noted, and no fault" {
	hold_one $'vm=\xc3'
	[[ " $(column Interface "$tap" external_ids)" != *' vm-id='* ]]
	stop_holder
}

@test "all or nothing, of either kind" {
	in_ns ip link add br0 type bridge
	run client 'HELLO v=1' 'ADD bridge=br0' 'ADD bridge=ovs0' \
		'ADD bridge=nosuch' GO rest end
	has_error nobridge 2 "'nosuch'"
	no_taps
	run client 'HELLO v=1' 'ADD bridge=ovs0' 'ADD bridge=br0' GO recv recv \
		recv COMMIT recv end
	has_line DONE
	[[ "$output" == *type=ovs*type=linux* ]]
	in_ns ip link add br1 mtu 65535 type bridge
	run client 'HELLO v=1' 'ADD bridge=ovs0' 'ADD bridge=br1' GO rest end
	has_error sys 1 'on br1'
	all_gone
}

@test "a MAC in use on the bridge is refused, with its user's name" {
	lab bridge ovs1
	hold_one mac=52:54:00:00:00:01 vm=web
	run client 'HELLO v=1' 'ADD bridge=ovs0 mac=52:54:00:00:00:02' \
		'ADD bridge=ovs0 mac=52:54:00:00:00:01' GO rest end
	has_error mac 1 "in use on 'ovs0' by the tap '$tap' of the guest web"
	[ "$(ports)" = "$tap" ]
	run client 'HELLO v=1' 'ADD bridge=ovs1 mac=52:54:00:00:00:01' \
		GO recv recv COMMIT recv end
	has_line DONE
	stop_holder
	# At once, though its row may still be there.
	run client 'HELLO v=1' 'ADD bridge=ovs0 mac=52:54:00:00:00:01' \
		GO recv recv COMMIT recv end
	has_line DONE
	all_gone
}

@test "128 ports go into one request" {
	local adds=() answers=() i
	for ((i = 0; i < 128; i++)); do
		adds+=("ADD bridge=ovs0 mac=52:54:00:00:00:$(printf %02x "$i")")
		answers+=(recv)
	done
	run client 'HELLO v=1' "${adds[@]}" GO recv "${answers[@]}" COMMIT \
		recv end
	[ "$(grep -c '^OK .* type=ovs ' <<<"$output")" -eq 128 ]
	has_line DONE
	await 5 is_without_ports
}

@test "the guardian of 128 ports is sealed, and small" {
	local adds=() answers=() i
	for ((i = 0; i < 128; i++)); do
		adds+=('ADD bridge=ovs0')
		answers+=(recv)
	done
	start_holder 'HELLO v=1' "${adds[@]}" GO recv "${answers[@]}" \
		'COMMIT lifeline=1' recv
	await 5 has_little_memory
	grep -qx $'Seccomp:\t2' "/proc/$(guardian)/status"
	stop_holder
	await 5 is_without_ports
}

# Below 1 MiB of its own.
has_little_memory()
{
	awk '/^Private_/ { sum += $2 } END { exit sum >= 1024 }' \
		"/proc/$(guardian)/smaps_rollup"
}

# --- a switch or a database in trouble ------------------------------------

@test "a switch that hangs: an error in time, and the row is gone" {
	signal_to switch STOP
	run_timed client 'HELLO v=1' 'ADD bridge=ovs0' GO rest end
	has_error ovs '' 'is ovs-vswitchd running?'
	[ "$elapsed" -ge 4000 ]
	[ "$elapsed" -le 6000 ]
	is_without_ports
	no_taps
	signal_to switch CONT
	has_no_guardian
}

@test "a switch that cannot open the tap: an error, though the row was taken" {
	local inside=$namespace
	# The switch stays where it is; the next taps are elsewhere.
	close_namespace_of_client
	run client 'HELLO v=1' 'ADD bridge=ovs0' GO rest end
	namespace=$inside
	has_error ovs 0 'could not open network device'
	all_gone
}

# Another namespace for the client only.
close_namespace_of_client()
{
	rm "$BATS_TEST_TMPDIR/ready" "$BATS_TEST_TMPDIR/hold"
	open_namespace
}

@test "a database that is not there is told" {
	end_database
	run client 'HELLO v=1' 'ADD bridge=ovs0 type=ovs' GO rest end
	has_error noovs 0 'Open vSwitch does not run here'
	run client 'HELLO v=1' 'ADD bridge=nosuch' GO rest end
	has_error nobridge 0 "there is no interface 'nosuch'"
	no_taps
}

@test "a database that hangs is told in time; a Linux bridge does without it" {
	in_ns ip link add br0 type bridge
	signal_to database STOP
	run_timed client 'HELLO v=1' 'ADD bridge=ovs0 type=ovs' GO rest end
	has_error ovs 0 "Open vSwitch's database does not answer"
	[ "$elapsed" -le 6000 ]
	run_timed client 'HELLO v=1' 'ADD bridge=br0' GO recv recv COMMIT recv end
	has_line DONE
	[ "$elapsed" -le 2000 ]
	run_timed client 'HELLO v=1' 'ADD bridge=br0 type=linux' GO recv recv \
		COMMIT recv end
	has_line DONE
	[ "$elapsed" -le 900 ]
	signal_to database CONT
}

@test "a database that this user may not reach is told" {
	[ -z "${user_options[*]}" ] || skip 'needs root'
	in_ns ip link add br0 type bridge
	chmod 0600 "$OVS_LAB/db.sock"
	chmod 0755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" "$OVS_LAB"
	XKVM_NET_RUN="exec setpriv --reuid nobody --regid nogroup --clear-groups \
		--inh-caps +net_admin --ambient-caps +net_admin \
		\"\$XKVM_NET\" $net_arguments"
	run client 'HELLO v=1' 'ADD bridge=ovs0' GO rest end
	has_error denied 0 'whether it is one of Open vSwitch is not known'
	[[ "$output" == *'this user may not speak to Open vSwitch'* ]]
	run client 'HELLO v=1' 'ADD bridge=br0' GO recv recv COMMIT recv end
	has_line DONE
}

@test "a database that is killed while the switch works on it" {
	signal_to switch STOP
	exec_in_ns "$XKVM_NET_CLIENT" 'HELLO v=1' 'ADD bridge=ovs0' GO rest \
		end >"$BATS_TEST_TMPDIR/answer" 3>&- &
	local client=$!
	await 10 has_ports
	end_database
	wait "$client"
	output=$(cat "$BATS_TEST_TMPDIR/answer")
	has_error ovs '' 'will be rid of it as soon as it answers' ||
		has_error sys '' 'will be rid of it as soon as it answers'
	no_taps
	signal_to switch CONT
	lab start-database
	await 15 is_without_ports
	await 5 has_no_guardian
}

@test "a database that is away when the tap goes: the row goes when it is back" {
	hold_one
	end_database
	kill_holder
	no_taps
	[ -n "$(guardian)" ]
	lab start-database
	await 15 is_without_ports
	await 5 has_no_guardian
}

@test "a database that was restarted meanwhile makes no difference" {
	hold_one
	end_database
	lab start-database
	[ "$(ports)" = "$tap" ]
	kill_holder
	all_gone
}

# serve SCRIPT: something else than a database, where that should be.
serve()
{
	command -v socat >/dev/null || skip 'needs socat'
	end_database
	in_ns socat "UNIX-LISTEN:$OVS_LAB/db.sock,fork" "SYSTEM:$1" 3>&- &
	await 5 test -S "$OVS_LAB/db.sock"
}

@test "who answers nonsense is no database" {
	serve 'echo hello; cat >/dev/null'
	run_timed client 'HELLO v=1' 'ADD bridge=ovs0 type=ovs' GO rest end
	has_error sys 0 "cannot understand Open vSwitch's database"
	[ "$elapsed" -le 1000 ]
}

@test "who hangs up is no database" {
	serve 'head -c 1 >/dev/null'
	run_timed client 'HELLO v=1' 'ADD bridge=ovs0 type=ovs' GO rest end
	has_error sys 0 "Open vSwitch's database: "
	[ "$elapsed" -le 1000 ]
}

@test "who talks without end is no database" {
	serve 'printf {; tr "\\0" " " </dev/zero'
	run_timed client 'HELLO v=1' 'ADD bridge=ovs0 type=ovs' GO rest end
	has_error sys 0 "cannot read from Open vSwitch's database: Message too long"
	[ "$elapsed" -le 5500 ]
}

# --- the end of a port ----------------------------------------------------

@test "killed, a client leaves neither tap nor row" {
	hold_one
	kill_holder
	all_gone
	await 5 has_no_guardian
}

@test "killed before it is told of its ports, xkvm-net leaves neither tap nor row" {
	# The guardian is about to tell it when it is killed.
	XKVM_NET_RUN="exec strace -f -qq -o /dev/null -e trace=sendmsg \
		-e inject=sendmsg:delay_enter=1000000 \
		\"\$XKVM_NET\" $net_arguments" \
		exec_in_ns "$XKVM_NET_CLIENT" 'HELLO v=1' recv \
		'ADD bridge=ovs0' GO recv recv 3>&- &
	await 10 switch_has_ports
	sleep 0.3
	kill -KILL "$(net_process)"
	wait "$!" || true
	all_gone
	await 5 has_no_guardian
}

switch_has_ports()
{
	[ "$(vsctl --bare --columns=ofport find interface type!=internal)" -gt 0 ]
}

@test "killed before it has read the answer, a client leaves nothing" {
	start_holder 'HELLO v=1' 'ADD bridge=ovs0' 'ADD bridge=ovs0' GO recv
	kill_holder
	all_gone
	await 5 has_no_guardian
}

@test "the end of a lifeline takes all taps and all rows, at once" {
	start_holder 'HELLO v=1' 'ADD bridge=ovs0' 'ADD bridge=ovs0 queues=2' GO \
		recv recv recv 'COMMIT lifeline=1' recv shut rest
	is_without_ports
	no_taps
	stop_holder
	await 5 has_no_guardian
}

@test "a lifeline that ends while the database is away is closed all the same" {
	start_holder 'HELLO v=1' 'ADD bridge=ovs0' GO recv recv \
		'COMMIT lifeline=1' recv
	end_database
	kill_holder
	await 1 no_taps_now
	lab start-database
	await 15 is_without_ports
	await 5 has_no_guardian
}

@test "leaving before COMMIT undoes all, though the client has descriptors" {
	start_holder 'HELLO v=1' 'ADD bridge=ovs0' 'ADD bridge=ovs0 queues=2' GO \
		recv recv recv shut rest end
	is_without_ports
	no_taps
	stop_holder
}

@test "a tap that an administrator deletes takes its row with it" {
	start_holder 'HELLO v=1' 'ADD bridge=ovs0' 'ADD bridge=ovs0' GO \
		recv recv recv COMMIT recv end
	tap=$(taps | head -n 1)
	in_ns ip link del "$tap"
	await 1 one_port
	[ "$(ports)" = "$(taps)" ]
	stop_holder
	all_gone
}

one_port()
{
	[ "$(ports | wc -l)" -eq 1 ]
}

@test "a row that an administrator removes is no fault" {
	hold_one
	vsctl del-port ovs0 "$tap"
	stop_holder
	all_gone
	await 5 has_no_guardian
}

@test "a tap that was made persistent is deleted, and its row" {
	start_holder 'HELLO v=1' 'ADD bridge=ovs0' GO recv recv COMMIT recv end \
		persist
	[ "$(taps | wc -l)" -eq 1 ]
	kill_holder
	await 3 no_taps_now
	all_gone
	await 5 has_no_guardian
}

@test "a persistent tap that was asked for stays, and its port" {
	run client 'HELLO v=1' 'ADD bridge=ovs0 persist=1 owner=0' GO recv recv \
		COMMIT recv end
	has_line DONE
	await 5 has_no_guardian
	[ "$(taps)" = tapvm0 ]
	[ "$(ports)" = tapvm0 ]
}

@test "the guardian keeps nothing of its client, and heeds no terminal" {
	hold_one
	local pid fd
	pid=$(guardian)
	for fd in "/proc/$pid/fd/"*; do
		[[ "$(readlink "$fd")" == socket:* ]]
	done
	[ "$(readlink "/proc/$pid/cwd")" = / ]
	[ "$(ps -o sid= -p "$pid" | tr -d ' ')" = "$pid" ]
	kill -INT "$pid"
	kill -HUP "$pid"
	kill_holder
	all_gone
	await 5 has_no_guardian
}

@test "what two kills leave, the next port sweeps up, and nothing else" {
	vsctl add-port ovs0 foreign -- set interface foreign type=internal
	vsctl add-port ovs0 other -- set port other external_ids:xkvm-boot=then
	vsctl add-port ovs0 xk0123456789 -- set port xk0123456789 \
		external_ids:xkvm-id=1 external_ids:xkvm-boot=then
	hold_one
	local first=$tap
	kill -KILL "$(guardian)"
	kill_holder
	await 1 no_taps_now
	grep -qx "$first" <<<"$(ports)"
	run client 'HELLO v=1' 'ADD bridge=ovs0' 'ADD bridge=ovs0' GO \
		recv recv recv COMMIT recv frame frame frame frame frame end
	[ "$(grep -cx 'frame passed' <<<"$output")" -eq 5 ]
	await 1 only_foreign_ports
}

only_foreign_ports()
{
	[ "$(ports)" = $'foreign\nother' ]
}

# leave_port: the row of a tap, $tap, that nobody has removed.
leave_port()
{
	hold_one
	kill_guardians
	kill_holder
	grep -qx "$tap" <<<"$(ports)"
}

kill_guardians()
{
	grep -lx xkvm-guardian /proc/[0-9]*/comm | sed 's/[^0-9]//g' |
		xargs kill -KILL
}

@test "fault 9: ports without their tap are collected, and nothing else" {
	local left live
	vsctl add-port ovs0 foreign -- set interface foreign type=internal
	vsctl add-port ovs0 gone -- set port gone external_ids:xkvm-uid=0
	hold_one
	live=$tap
	rm "$BATS_TEST_TMPDIR/go" "$out.pipe" "$gone"
	local live_holder=$holder
	leave_port
	left=$tap
	run client 'HELLO v=1' recv 'GC dry=1' rest end
	[ "$output" = "HELLO v=1
GONE what=port if=$left bridge=ovs0
DONE
eof
exit 0" ]
	[ "$(ports | wc -l)" -eq 4 ]
	run client 'HELLO v=1' recv GC rest end
	has_line "GONE what=port if=$left bridge=ovs0"
	[ "$(grep -c GONE <<<"$output")" -eq 1 ]
	[ "$(ports)" = $'foreign\ngone\n'"$live" ]
	kill -KILL "$live_holder"
	await 1 no_taps_now
	run client 'HELLO v=1' recv GC rest end
	has_line "GONE what=port if=$live bridge=ovs0"
	[ "$(ports)" = $'foreign\ngone' ]
}

@test "a persistent tap and its port are collected together" {
	start_holder 'HELLO v=1' 'ADD bridge=ovs0' GO recv recv COMMIT recv end \
		persist
	tap=$(taps)
	kill_guardians
	kill_holder
	[ "$(taps)" = "$tap" ]
	run client 'HELLO v=1' recv GC rest end
	[[ "$output" == *"GONE what=tap if=$tap"*"GONE what=port if=$tap bridge=ovs0"* ]]
	all_gone
}

@test "ports of taps in another network namespace are left alone" {
	local inside=$namespace
	hold_one
	kill_guardians
	close_namespace_of_client
	run client 'HELLO v=1' recv GC rest end
	[[ "$output" != *GONE* ]]
	has_line DONE
	namespace=$inside
	[ "$(ports)" = "$tap" ]
	kill_holder
	run client 'HELLO v=1' recv GC rest end
	has_line "GONE what=port if=$tap bridge=ovs0"
	is_without_ports
}

@test "a database that hangs: what is left of taps is collected, and an error" {
	in_ns ip tuntap add dev left0 mode tap
	in_ns ip link set left0 alias 'xkvm uid=0'
	signal_to database STOP
	run_timed client 'HELLO v=1' recv GC rest end
	signal_to database CONT
	has_line 'GONE what=tap if=left0'
	has_error ovs '' "Open vSwitch's database does not answer"
	[ "$elapsed" -le 6000 ]
}

@test "killed at any call, xkvm-net leaves neither tap nor row" {
	local call n
	for call in sendto recvfrom sendmsg recvmsg clone; do
		for ((n = 1; ; n++)); do
			inject "$call" signal=KILL "$n" 'ADD bridge=ovs0' \
				'ADD bridge=ovs0' || break
			all_gone || die "killed at $call $n"
		done
		[ "$n" -gt 1 ] || die "$call is never called"
		has_line DONE
	done
}

@test "killed at any call of either, the next port sweeps up" {
	local call n
	for call in sendto recvfrom; do
		for ((n = 1; ; n++)); do
			inject_into_all "$call" "$n" || break
			run client 'HELLO v=1' 'ADD bridge=ovs0' GO recv recv \
				COMMIT recv end
			has_line DONE
			all_gone || die "killed at $call $n"
		done
		[ "$n" -gt 1 ] || die "$call is never called"
	done
}

# inject_into_all CALL WHEN: kills each of the two processes that comes to it.
# False where none does.
inject_into_all()
{
	trace="$BATS_TEST_TMPDIR/trace"
	XKVM_NET_RUN="exec strace -f -qq -o '$trace' -e trace=$1 \
		-e inject=$1:signal=KILL:when=$2 \"\$XKVM_NET\" $net_arguments" \
		run client 'HELLO v=1' 'ADD bridge=ovs0' GO recv recv COMMIT \
		rest drop end
	grep -q 'killed by SIGKILL' "$trace"
}

# --- who asks -------------------------------------------------------------

@test "who has the privilege by a file does not choose the database" {
	[ -z "${user_options[*]}" ] || skip 'needs root'
	command -v setcap >/dev/null || skip 'needs setcap'
	local copy="$BATS_TEST_TMPDIR/xkvm-net"
	cp "$XKVM_NET" "$copy"
	setcap cap_net_admin+ep "$copy"
	chmod 0755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	install -m 0755 "$XKVM_NET_CLIENT" "$BATS_TEST_TMPDIR/client"
	XKVM_NET_RUN="exec '$copy' $net_arguments" run in_ns setpriv \
		--reuid nobody --regid nogroup --clear-groups \
		"$BATS_TEST_TMPDIR/client" 'HELLO v=1' 'ADD bridge=ovs0' GO rest end
	has_error denied '' '--ovsdb is not for an xkvm-net that has file capabilities'
}

# --- names that the client chooses ----------------------------------------

@test "a port with a name of the client's carries frames, each time it comes back" {
	local i
	for i in 1 2 3 4 5; do
		run client 'HELLO v=1' 'ADD bridge=ovs0 tap=web' 'ADD bridge=ovs0' \
			GO recv recv recv COMMIT recv frame end
		has_line 'frame passed'
		[[ "$output" == *'OK if=web '*' type=ovs '* ]]
	done
	all_gone
}

@test "a name that a port has whose tap is gone is refused, with what removes it" {
	# As a switch that was configured by hand, or a guardian that was killed,
	# leaves it.
	vsctl add-port ovs0 web
	run_timed client 'HELLO v=1' 'ADD bridge=ovs0 tap=web' GO rest end
	has_error exists 0 "Open vSwitch has a port 'web'"
	[[ "$output" == *"('xkvm gc', or 'ovs-vsctl del-port web' where"* ]]
	((elapsed < 3000))
	# A Linux bridge is no way round: the switch would take the tap as well.
	in_ns ip link add br0 type bridge
	run client 'HELLO v=1' 'ADD bridge=br0 tap=web' GO rest end
	has_error exists 0 "Open vSwitch has a port 'web'"
	[ "$(ports)" = web ]
	vsctl del-port web
	run client 'HELLO v=1' 'ADD bridge=ovs0 tap=web' GO recv recv shut end
	[[ "$output" == *'OK if=web '* ]]
	all_gone
}

@test "a name is not taken before the switch has let go of it" {
	vsctl add-port ovs0 web
	signal_to switch STOP
	vsctl del-port web
	run_timed client 'HELLO v=1' 'ADD bridge=ovs0 tap=web' GO rest end
	has_error ovs 0 'the switch does not answer, though its database does'
	((elapsed < 8000))
	run in_ns ip link show web
	[ "$status" -ne 0 ]
	signal_to switch CONT
	run client 'HELLO v=1' 'ADD bridge=ovs0 tap=web' 'ADD bridge=ovs0' GO \
		recv recv recv COMMIT recv frame end
	has_line 'frame passed'
	all_gone
}
