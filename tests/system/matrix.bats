# SPDX-License-Identifier: Apache-2.0
#
# One system call after the other goes wrong, in xkvm, in xkvm-net and in its
# guardian: the process is killed before it, or it fails with each error that is
# plausible. matrix/run says what holds then.
#
# Of all the runs that makes, a part is made here, always the same one. With
# XKVM_FAULTS=all, which `./run-tests faults-full` sets, all are made.

load lib

programs=${XKVM_OVS:-$top/build/ovs}
matrix=${XKVM_MATRIX:-$top/build/tests/system/matrix}

setup()
{
	prepare_test
	processes=xkvm,xkvm-net,guardian,QEMU
	[[ -x $matrix/inject ]] || skip "needs $matrix/inject, which is built"
}

teardown()
{
	if mountpoint -q /run && [[ -d /run/openvswitch ]]; then
		"$top/tests/system/ovs-lab" stop /run/openvswitch
		umount /run
	fi
	finish_test
}

# lab COMMAND ARGUMENT...: xkvm-net looks for the database where every host has
# it: here, in a /run of the test's own.
lab()
{
	local command=$1
	shift
	"$top/tests/system/ovs-lab" "$command" "$programs" /run/openvswitch \
		"$@" 3>&-
}

make_switch()
{
	require_root
	"$top/tests/system/ovs-lab" get "$programs" ||
		skip 'needs Open vSwitch, and cannot get it'
	mount -t tmpfs none /run
	mkdir /run/openvswitch
	lab start
	lab bridge "$1"
	ip link set "$1" up
}

# run_matrix kill|fail NETDEV MOST [OPTION...]: $processes are started.
run_matrix()
{
	local most=$3

	[[ ${XKVM_FAULTS-} != all ]] || most=0
	run "$top/tests/system/matrix/run" "$matrix" "$processes" \
		"$1" "$most" \
		"$XKVM" -q --kvm "${stand_in:-$matrix/stand-in}" -n "$2" \
		"${@:4}"
	echo "$output"
	[[ $status -ne 77 ]] || skip "${lines[-1]}"
	[ "$status" -eq 0 ]
}

@test "fault 10: killed at any call, on a Linux bridge" {
	make_bridge br0
	run_matrix kill br0 150
}

@test "fault 10: killed at any call, on an Open vSwitch bridge" {
	make_switch sw0
	run_matrix kill sw0 60
}

@test "fault 11: any call fails, on a Linux bridge" {
	make_bridge br0
	run_matrix fail br0 100
}

@test "fault 11: any call fails, on an Open vSwitch bridge" {
	make_switch sw0
	run_matrix fail sw0 60
}

@test "killed at any call, with a seed and its server" {
	processes=xkvm,server,QEMU
	run_matrix kill user 50 --password=secret --seed-via smbios
}

@test "any call fails, with a seed and its server" {
	processes=xkvm,server,QEMU
	run_matrix fail user 50 --password=secret --seed-via smbios
}

@test "killed at any call, with a seed and a console" {
	processes=xkvm,QEMU
	run_matrix kill user 50 --cloud-init hostname=h --console-log log \
		--on-panic exit
}

@test "any call fails, with a seed and a console" {
	processes=xkvm,QEMU
	run_matrix fail user 50 --cloud-init hostname=h --console-log log \
		--on-panic exit
}

# make_stand_ins: QEMU's, and beside it one for qemu-img, which is one process
# and makes the same calls each time.
make_stand_ins()
{
	mkdir bin
	cp "$matrix/stand-in" bin/qemu
	printf '%s\n' '#!/bin/sh' 'echo image >/dev/fd/3' >bin/qemu-img
	chmod +x bin/qemu-img
	stand_in=$PWD/bin/qemu
	processes=xkvm,qemu-img,QEMU
	make_raw base.img 1M
}

@test "killed at any call, with an ephemeral disk" {
	make_stand_ins
	run_matrix kill user 80 -x -d base.img -d scratch.img,size=1M
}

@test "any call fails, with an ephemeral disk" {
	make_stand_ins
	run_matrix fail user 80 -x -d base.img -d scratch.img,size=1M
}
