# SPDX-License-Identifier: Apache-2.0
#
# One start after the other: what the first did not leave, the thousandth does
# not either. A part of them is made here; with XKVM_FAULTS=all, which
# `./run-tests faults-full` sets, all thousand.

load lib

stand_in=${XKVM_MATRIX:-$top/build/tests/system/matrix}/stand-in

setup()
{
	prepare_test
	[[ -x $stand_in ]] || skip "needs $stand_in, which is built"
	cycles=100
	[[ ${XKVM_FAULTS-} != all ]] || cycles=1000
	make_bridge br0
}

# cycle N: N starts and ends.
cycle()
{
	local i

	for ((i = 0; i < $1; i++)); do
		"$XKVM" -q --kvm "$stand_in" -n br0 -n br0 ||
			fail "start $i failed"
	done
}

# What the kernel counts for this network namespace, and for this shell.
counts()
{
	echo "interfaces $(wc -l </proc/net/dev)"
	echo "netlink sockets $(wc -l </proc/net/netlink)"
	echo "unix sockets $(wc -l </proc/net/unix)"
	echo "addresses learnt $(bridge fdb show br br0 | wc -l)"
	echo "descriptors $(find "/proc/$$/fd" | wc -l)"
}

@test "fault 71: a thousand starts leave no more than one" {
	cycle 1
	counts >one
	oracle_before
	cycle "$cycles"
	oracle_after
	counts >all
	diff one all
}
