# SPDX-License-Identifier: Apache-2.0
#
# The leak oracle itself: that it finds each kind of thing that a run could
# leave behind, and is quiet where there is nothing.

load lib

# Each test has this long to wait for a leak to go away, which it does not.
setup()
{
	prepare_test
	oracle_deadline=0
	make_bridge br0
	oracle_before
}

# expect_leak TEXT: the oracle fails and names it.
expect_leak()
{
	run oracle_after
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"$1"* ]]
}

# hold_tap NAME: a process, $holder, with a descriptor of the tap.
hold_tap()
{
	python3 -c '
import fcntl, signal, struct, sys
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454ca, 2, 0x1000
tun = open("/dev/net/tun", "r+b", buffering=0)
fcntl.ioctl(tun, TUNSETIFF,
            struct.pack("16sH22x", sys.argv[1].encode(), IFF_TAP | IFF_NO_PI))
print("holding", flush=True)
signal.pause()
' "$1" >"$BATS_TEST_TMPDIR/holder" 3>&- &
	holder=$!
	until_true 5 grep -q holding "$BATS_TEST_TMPDIR/holder"
}

@test "the oracle is quiet where nothing changed" {
	oracle_after
}

@test "the oracle is quiet about what went away in time" {
	oracle_deadline=5
	sleep 0.5 3>&- &
	oracle_after
}

@test "the oracle sees a tap that was left" {
	ip tuntap add dev xk0 mode tap
	expect_leak "> link xk0"
}

@test "the oracle sees a port that was left on a bridge" {
	ip tuntap add dev xk0 mode tap
	oracle_before
	ip link set dev xk0 master br0
	expect_leak "mtu 1500 master br0"
}

@test "the oracle sees a bridge whose MTU or MAC changed" {
	ip link set dev br0 mtu 1400
	expect_leak "> link br0 02:00:00:00:00:01 mtu 1400"
	ip link set dev br0 mtu 1500
	oracle_after
	ip link set dev br0 address 02:00:00:00:00:99
	expect_leak "> link br0 02:00:00:00:00:99"
}

@test "the oracle sees a process that was left" {
	sleep 60 3>&- &
	expect_leak "> process $! sleep"
}

@test "the oracle sees a descriptor of a tap" {
	ip tuntap add dev xk0 mode tap
	oracle_before
	hold_tap xk0
	expect_leak "> tun xk0 held by $holder"
}

@test "the oracle sees a file in the run folder and in the temporary one" {
	touch "$XDG_RUNTIME_DIR/socket"
	expect_leak "> file $XDG_RUNTIME_DIR/socket"
	rm "$XDG_RUNTIME_DIR/socket"
	touch "$TMPDIR/overlay"
	expect_leak "> file $TMPDIR/overlay"
}

@test "the oracle sees a row of Open vSwitch" {
	local programs=${XKVM_OVS:-$top/build/ovs}

	"$top/tests/system/ovs-lab" get "$programs" ||
		skip 'needs Open vSwitch, and cannot get it'
	export OVS_LAB=$BATS_TEST_TMPDIR/ovs
	mkdir "$OVS_LAB"
	"$top/tests/system/ovs-lab" start-database "$programs" "$OVS_LAB" 3>&-
	oracle_before
	"$top/tests/system/ovs-lab" vsctl "$programs" "$OVS_LAB" --no-wait \
		add-br br1
	run oracle_after
	"$top/tests/system/ovs-lab" stop "$OVS_LAB"
	[[ $output == *"> interface br1"*"> port br1"* ]]
}
