# SPDX-License-Identifier: Apache-2.0
#
# xkvm tap-control: persistent taps on Linux and Open vSwitch bridges, the switch
# a real one of the test's own (ovs-lab). $XKVM_OVS is the folder of its programs
# (build/ovs without it).

bats_require_minimum_version 1.5.0

load lib

programs=${XKVM_OVS:-$top/build/ovs}

setup()
{
	prepare_test
	unset SUDO_USER
	require_root
	switch=$BATS_TEST_TMPDIR/switch
}

teardown()
{
	finish_test
	[[ ! -d $switch ]] || "$BATS_TEST_DIRNAME/ovs-lab" stop "$switch"
}

# lab COMMAND ARGUMENT...
lab()
{
	local command=$1

	shift
	"$BATS_TEST_DIRNAME/ovs-lab" "$command" "$programs" "$switch" "$@" 3>&-
}

# make_nics BRIDGE...: then $status, $output and $stderr are known.
make_nics()
{
	run --separate-stderr tap_control make-nics "$@"
}

ovs_cleanup()
{
	run --separate-stderr tap_control ovs-cleanup "$@"
}

# xkvm finds the ovs-vsctl of the switch, if there is one.
tap_control()
{
	if [[ -d $switch ]]; then
		lab run "$XKVM" tap-control "$@"
	else
		"$XKVM" tap-control "$@"
	fi
}

start_switch()
{
	"$BATS_TEST_DIRNAME/ovs-lab" get "$programs" ||
		skip 'needs Open vSwitch, and cannot get it'
	mkdir "$switch"
	lab start
	lab bridge ovs0
}

@test "make-nics makes a persistent tap on each bridge, for the caller of sudo" {
	make_bridge br0
	make_bridge br1
	ip link set dev br1 mtu 9000
	links | grep 'link br' >bridges
	SUDO_USER=nobody make_nics br0 user br1
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$output" = $'tapvm0:brctl\nskip\ntapvm1:brctl' ]
	links | grep 'link br' | diff bridges -
	links | grep -q '^link tapvm0 .* mtu 1500 master br0 UP'
	links | grep -q '^link tapvm1 .* mtu 9000 master br1 UP'
	for tap in tapvm0 tapvm1; do
		ip -d -j link show "$tap" |
			jq -e '.[0].linkinfo.info_data | .persist and .user == "nobody"'
	done
}

@test "make-nics goes on with the next free numbers, and -v says more" {
	make_bridge br0
	ip tuntap add dev tapvm1 mode tap
	make_nics br0 br0
	[ "$output" = $'tapvm0:brctl\ntapvm2:brctl' ]
	ip -d -j link show tapvm0 | jq -e '.[0].linkinfo.info_data.user == "root"'
	make_nics -v br0
	[ "$output" = tapvm3:brctl ]
	[[ $stderr == *"tapvm3:brctl on br0"* ]]
}

@test "make-nics makes all or nothing" {
	make_bridge br0
	oracle_before
	make_nics br0 br0 missing
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == *missing* ]]
	oracle_after
	make_nics br0 lo
	[ "$status" -eq 1 ]
	oracle_after
	SUDO_USER=no-such-user make_nics br0
	[ "$status" -eq 1 ]
	[[ $stderr == *"SUDO_USER 'no-such-user' is no user"* ]]
	oracle_after
}

@test "make-nics for user alone makes nothing" {
	oracle_before
	make_nics user user
	[ "$status" -eq 0 ]
	[ "$output" = $'skip\nskip' ]
	oracle_after
}

@test "tap-control is for root" {
	make_bridge br0
	cp "$XKVM" xkvm
	chmod a+rx "$BATS_TEST_TMPDIR" "${BATS_TEST_TMPDIR%/*}" \
		"${BATS_TEST_TMPDIR%/*/*}" xkvm
	oracle_before
	run --separate-stderr as_user ./xkvm tap-control make-nics br0
	[ "$status" -eq 1 ]
	[ "$stderr" = "xkvm: make-nics must be run as root" ]
	run --separate-stderr as_user ./xkvm tap-control ovs-cleanup br0:tapvm0
	[ "$status" -eq 1 ]
	[ "$stderr" = "xkvm: ovs-cleanup must be run as root" ]
	oracle_after
}

# ---- Open vSwitch ------------------------------------------------------------

@test "a tap on an Open vSwitch bridge is made and cleaned up" {
	start_switch
	lab bridge ovs1
	make_bridge br0
	make_nics ovs1 br0 ovs0
	[ "$status" -eq 0 ]
	[ "${output//[0-9]/}" = $'tapvm:ovs\ntapvm:brctl\ntapvm:ovs' ]
	[ "$(lab vsctl list-ports ovs1)" = "${lines[0]%:ovs}" ]
	[ "$(lab vsctl list-ports ovs0)" = "${lines[2]%:ovs}" ]
	[ "$(lab vsctl get Interface "${lines[0]%:ovs}" ofport)" -gt 0 ]
	ovs_cleanup "ovs1:${lines[0]%:ovs}" "ovs0:${lines[2]%:ovs}"
	[ "$status" -eq 0 ]
	[ -z "$(lab vsctl list-ports ovs1)" ]
	[ -z "$(lab vsctl list-ports ovs0)" ]
}

@test "ovs-cleanup's status is how many ports could not be removed" {
	start_switch
	make_nics ovs0
	ovs_cleanup ovs0:absent "ovs0:${output%:ovs}" nonsense other:tapvm9
	[ "$status" -eq 3 ]
	[[ $stderr == *"'nonsense' is not BRIDGE:TAP"* ]]
	[ -z "$(lab vsctl list-ports ovs0)" ]
}

@test "a switch that does not answer is an error in time, and leaves nothing" {
	local begin=$SECONDS vswitchd

	start_switch
	make_bridge br0
	vswitchd=$(cat "$switch/switch.pid")
	kill -STOP "$vswitchd"
	oracle_before
	make_nics br0 ovs0
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == *"Open vSwitch does not answer"* ]]
	((SECONDS - begin < 20))
	[ -z "$(lab vsctl --no-wait list-ports ovs0)" ]
	oracle_after
	kill -CONT "$vswitchd"
}

@test "--ovsdb says where the database listens" {
	start_switch
	make_bridge br0
	# Nothing says it but the option.
	run --separate-stderr lab run env -u OVS_RUNDIR "$XKVM" tap-control \
		make-nics --ovsdb "$switch/db.sock" ovs0 br0
	[ "$status" -eq 0 ]
	[ "${output//[0-9]/}" = $'tapvm:ovs\ntapvm:brctl' ]
	[ "$(lab vsctl list-ports ovs0)" = "${lines[0]%:ovs}" ]
	run --separate-stderr lab run env -u OVS_RUNDIR "$XKVM" tap-control \
		ovs-cleanup --ovsdb "$switch/db.sock" "ovs0:${lines[0]%:ovs}"
	[ "$status" -eq 0 ]
	[ -z "$(lab vsctl list-ports ovs0)" ]
	run "$XKVM" tap-control make-nics --ovsdb db.sock br0
	[ "$status" -eq 2 ]
	[[ $output == *"--ovsdb 'db.sock': give the whole path"* ]]
}
