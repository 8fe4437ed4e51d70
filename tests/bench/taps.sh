# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# Taps made and removed; a part of run, whose functions and variables it uses.
# taps.c says how. The floor is a bare loop of ioctl and netlink.

# shellcheck disable=SC2154 # set by run
{
	: "$xkvm" "$build" "$work" "$runs" "$top"
}

taps=$build/tests/bench/taps
programs=${XKVM_OVS:-$build/ovs}
export XKVM_NET="$build/net/xkvm-net"
pairs=$(share 10)
few=$(share 40)

# repeated N WORD: WORD, N times.
repeated()
{
	yes "$2" | head -n "$1" | tr '\n' ' '
}

# make_rows KIND BRIDGE NAME: BRIDGE as taps has it, NAME as the shell tool.
make_rows()
{
	for count in 1 10 100; do
		measure "$1: make $count, xkvm-net / bare loop" \
			"$taps" "$pairs" make "$count" "$2" request loop
	done
	[ -n "${XKVM_REFERENCE:-}" ] || return 0
	# Persistent taps are what the shell tool makes; it is root's.
	for count in 1 10 100; do
		nics=$(repeated "$count" "$3")
		reference="sh:'$XKVM_REFERENCE' tap-control make-nics $nics"
		reference="$reference >/dev/null 2>&1"
		measure "$1: make $count, the shell tool / xkvm-net" \
			"$taps" "$few" make "$count" "$2" "$reference" request
		measure "$1: make $count, the shell tool / tap-control" \
			"$taps" "$few" make "$count" "$2" "$reference" \
			"sh:'$xkvm' tap-control make-nics $nics >/dev/null"
	done
}

remove_rows()
{
	measure "$1: remove 100, one by one / by group" \
		"$taps" "$few" remove 100 "$2" close group
	measure "$1: remove 100, one by one / undone before COMMIT" \
		"$taps" "$few" remove 100 "$2" close undo
	measure "$1: remove 100, one by one / end of a lifeline" \
		"$taps" "$few" remove 100 "$2" close lifeline
}

bench_switch()
{
	"$top/tests/system/ovs-lab" get "$programs" ||
		{ echo 'bench: there is no Open vSwitch to be had' >&2; exit 1; }
	mount -t tmpfs none /run
	lab=/run/openvswitch
	mkdir "$lab"
	trap '"$top/tests/system/ovs-lab" stop "$lab"; rm -rf "$work"' EXIT
	"$top/tests/system/ovs-lab" start "$programs" "$lab"
	"$top/tests/system/ovs-lab" bridge "$programs" "$lab" sw0
	PATH=$programs/root/usr/bin:$PATH
	OVS_RUNDIR=$lab
	LD_LIBRARY_PATH=$(find "$programs/root/usr/lib" -name libxdp.so.1 \
		-exec dirname {} \; 2>/dev/null || true)
	export PATH OVS_RUNDIR LD_LIBRARY_PATH
	# Rows of taps that are gone: those of the loop and the shell tool.
	cat >"$work/clean" <<-'END'
		#!/bin/sh
		ovs-vsctl list-ports sw0 |
			sed 's/^/-- --if-exists del-port sw0 /' | tr '\n' ' ' |
			xargs -r ovs-vsctl
		# The switch has come to the end of what it had to remove.
		ovs-vsctl set Open_vSwitch . "external_ids:settled=$$"
	END
	chmod +x "$work/clean"
	BENCH_CLEAN=$work/clean
	export BENCH_CLEAN
	make_rows 'Open vSwitch' "$lab/db.sock:sw0" sw0
	remove_rows 'Open vSwitch' "$lab/db.sock:sw0"
}

ip link show dev br0 >/dev/null 2>&1 || ip link add br0 type bridge
ip link set br0 up
head_line 'taps (median, ms)' this base ratio quartiles
make_rows 'Linux bridge' br0 br0
remove_rows 'Linux bridge' br0
bench_switch
