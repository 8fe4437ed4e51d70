# SPDX-License-Identifier: Apache-2.0
#
# xkvm tap-control: persistent taps on Linux and Open vSwitch bridges. The
# switch is unpacked beside the guest that the tests boot, and runs in the
# test's own namespaces.

bats_require_minimum_version 1.5.0

load lib

setup()
{
	prepare_test
	unset SUDO_USER
	require_root
}

# make_nics BRIDGE...: then $status, $output and $stderr are known.
make_nics()
{
	run --separate-stderr "$XKVM" tap-control make-nics "$@"
}

ovs_cleanup()
{
	run --separate-stderr "$XKVM" tap-control ovs-cleanup "$@"
}

start_switch()
{
	local folder=$XKVM_GUEST/../openvswitch

	# There is no network here to fetch it by.
	[[ -e $folder/bin/start ]] ||
		skip "needs 'tests/system/openvswitch $folder' before"
	PATH=$(cd "$folder/bin" && pwd):$PATH
	export OVS_RUNDIR=$BATS_TEST_TMPDIR/switch
	mkdir "$OVS_RUNDIR"
	start "$OVS_RUNDIR" 3>&-
	add_switch_bridge ovs0
}

add_switch_bridge()
{
	ovs-vsctl --timeout=10 add-br "$1" -- set bridge "$1" datapath_type=netdev
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
	add_switch_bridge ovs1
	make_bridge br0
	make_nics ovs1 br0 ovs0
	[ "$status" -eq 0 ]
	[ "${output//[0-9]/}" = $'tapvm:ovs\ntapvm:brctl\ntapvm:ovs' ]
	[ "$(ovs-vsctl list-ports ovs1)" = "${lines[0]%:ovs}" ]
	[ "$(ovs-vsctl list-ports ovs0)" = "${lines[2]%:ovs}" ]
	[ "$(ovs-vsctl get Interface "${lines[0]%:ovs}" ofport)" -gt 0 ]
	ovs_cleanup "ovs1:${lines[0]%:ovs}" "ovs0:${lines[2]%:ovs}"
	[ "$status" -eq 0 ]
	[ -z "$(ovs-vsctl list-ports ovs1)" ]
	[ -z "$(ovs-vsctl list-ports ovs0)" ]
}

@test "ovs-cleanup's status is how many ports could not be removed" {
	start_switch
	make_nics ovs0
	ovs_cleanup ovs0:absent "ovs0:${output%:ovs}" nonsense other:tapvm9
	[ "$status" -eq 3 ]
	[[ $stderr == *"'nonsense' is not BRIDGE:TAP"* ]]
	[ -z "$(ovs-vsctl list-ports ovs0)" ]
}

@test "a switch that does not answer is an error in time, and leaves nothing" {
	local begin=$SECONDS vswitchd

	start_switch
	make_bridge br0
	vswitchd=$(cat "$OVS_RUNDIR/ovs-vswitchd.pid")
	kill -STOP "$vswitchd"
	oracle_before
	make_nics br0 ovs0
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == *"Open vSwitch does not answer"* ]]
	((SECONDS - begin < 20))
	[ -z "$(ovs-vsctl --no-wait list-ports ovs0)" ]
	oracle_after
	kill -CONT "$vswitchd"
}
