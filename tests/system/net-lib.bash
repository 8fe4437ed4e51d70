# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the tests of xkvm-net ($XKVM_NET) have in common; they drive it by its
# test client ($XKVM_NET_CLIENT; its steps are explained in net/net-client.c).
#
# Each test has a network namespace of its own, and, for an ordinary user, a
# user namespace that owns it. Nothing of the host's network is touched.

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
export XKVM_NET=${XKVM_NET:-$top/build/net/xkvm-net}
export XKVM_NET_CLIENT=${XKVM_NET_CLIENT:-$top/build/tests/system/net/net-client}

find_programs()
{
	local program
	for program in "$XKVM_NET" "$XKVM_NET_CLIENT"; do
		[ -x "$program" ] || die "$program is missing: build it"
	done
	for program in ip unshare nsenter strace setpriv; do
		command -v "$program" >/dev/null ||
			die "$program is missing: install iproute2, util-linux, strace"
	done
	# strace and the leak check of a sanitizer exclude each other.
	export ASAN_OPTIONS=detect_leaks=0
}

prepare_net()
{
	(: <>/dev/net/tun) || die "cannot open it: 'modprobe tun', or 'chmod 0666 /dev/net/tun'"
	user_options=()
	[ "$(id -u)" -eq 0 ] || user_options=(-Ur)
	open_namespace
}

# A test that failed may have left some of its processes.
finish_net()
{
	local job
	for job in $(jobs -p); do
		kill "$job" || true
	done
	wait
}

die()
{
	echo "$*" >&2
	return 1
}

# await SECONDS COMMAND...: until it succeeds. False if that takes longer.
await()
{
	local end=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))
	shift
	until "$@" 2>/dev/null; do
		((${EPOCHREALTIME/[.,]/} < end)) ||
			die "not within its time: $*" || return
		sleep 0.02
	done
}

# The namespace lives as long as a process in it, which ends with this shell at
# the latest.
open_namespace()
{
	mkfifo "$BATS_TEST_TMPDIR/ready" "$BATS_TEST_TMPDIR/hold"
	unshare "${user_options[@]}" -n sh -c 'echo >"$1"; exec cat "$2"' sh \
		"$BATS_TEST_TMPDIR/ready" "$BATS_TEST_TMPDIR/hold" 3>&- &
	namespace=$!
	read -r <"$BATS_TEST_TMPDIR/ready"
	exec {hold}>"$BATS_TEST_TMPDIR/hold"
}

close_namespace()
{
	kill "$namespace"
	wait "$namespace" || true
	exec {hold}>&-
	rm "$BATS_TEST_TMPDIR/ready" "$BATS_TEST_TMPDIR/hold"
}

# Becomes a command in the namespace.
exec_in_ns()
{
	local enter=(nsenter -t "$namespace" -n)
	[ -z "${user_options[*]}" ] || enter+=(-U --preserve-credentials)
	exec "${enter[@]}" -- "$@"
}

in_ns()
{
	(exec_in_ns "$@")
}

client()
{
	in_ns "$XKVM_NET_CLIENT" "$@"
}

# Starts a client that does the steps, then holds what it got. Its output is in
# $out; stop_holder and kill_holder end it.
start_holder()
{
	local go="$BATS_TEST_TMPDIR/go" line
	out="$BATS_TEST_TMPDIR/out"
	gone="$BATS_TEST_TMPDIR/gone"
	mkfifo "$go" "$out.pipe" "$gone"
	# $gone is at its end when client and xkvm-net have both ended.
	cat "$gone" >"$gone.text" 3>&- &
	watcher=$!
	exec_in_ns "$XKVM_NET_CLIENT" "$@" pause \
		<"$go" >"$out.pipe" 2>"$gone" 3>&- &
	holder=$!
	exec {holder_input}>"$go"
	exec {holder_output}<"$out.pipe"
	: >"$out"
	while read -r line <&"$holder_output"; do
		[ "$line" != paused ] || return 0
		echo "$line" >>"$out"
	done
	die "the client ended early: $(cat "$out" "$gone.text")"
}

stop_holder()
{
	exec {holder_input}>&-
	wait "$holder"
	wait "$watcher"
}

kill_holder()
{
	kill -KILL "$holder"
	wait "$holder" || true
	wait "$watcher"
	exec {holder_input}>&-
}

taps()
{
	in_ns ip -o link | sed -nE 's/^[0-9]+: (xk[0-9a-f]{10}|tapvm[0-9]+):.*/\1/p' |
		sort
}

no_taps()
{
	local left
	left=$(taps)
	[ -z "$left" ] || die "taps are left: $left"
}

# has_line LINE: $output has it, whole.
has_line()
{
	grep -qxF -- "$1" <<<"$output" || die "no line '$1' in: $output"
}

# has_error CODE [NIC] [TEXT]: exactly one ERR, and no OK or DONE after it.
has_error()
{
	local start="ERR code=$1${2:+ nic=$2} msg="
	[ "$(grep -c '^ERR ' <<<"$output")" -eq 1 ] || die "not one ERR: $output"
	[[ "$output" == *"$start"*"${3-}"* ]] || die "no '$start...${3-}': $output"
	has_line eof
	has_line 'exit 1'
}

# MTU and MAC of a bridge, from a line of `ip -o link`.
mtu_and_mac()
{
	sed -E 's/.*mtu ([0-9]+).*ether ([0-9a-f:]+).*/\1 \2/'
}

bridge_state()
{
	in_ns ip -o link show "$1" | mtu_and_mac
}

# Writes all that happens to interfaces from now on to a pipe, $events.
start_monitor()
{
	local line
	mkfifo "$BATS_TEST_TMPDIR/events"
	exec_in_ns ip -o monitor link >"$BATS_TEST_TMPDIR/events" 3>&- &
	monitor=$!
	exec {events}<"$BATS_TEST_TMPDIR/events"
	# It listens when it reports the first event.
	until read -r -t 0.1 line <&"$events"; do
		in_ns ip link set lo up
		in_ns ip link set lo down
	done
}

# Prints the MTU and MAC that br0 had at each event.
stop_monitor()
{
	local line
	in_ns ip link add end type bridge
	while read -r line <&"$events"; do
		[[ "$line" != *' end: '* ]] || break
		[[ "$line" != *' br0: '* ]] || mtu_and_mac <<<"$line"
	done
	kill "$monitor"
	wait "$monitor" || true
}

# start_many N STEPS: that many clients at once; each prints, then holds. What
# they print is in $output when all have come so far.
start_many()
{
	local i line paused=0
	local -r count=$1
	shift
	crowd=()
	mkfifo "$BATS_TEST_TMPDIR/crowd.in" "$BATS_TEST_TMPDIR/crowd.out"
	exec {crowd_input}<>"$BATS_TEST_TMPDIR/crowd.in"
	exec {crowd_output}<>"$BATS_TEST_TMPDIR/crowd.out"
	for ((i = 0; i < count; i++)); do
		# Closed here, its end reaches all when this shell closes it.
		exec_in_ns "$XKVM_NET_CLIENT" "$@" pause \
			<"$BATS_TEST_TMPDIR/crowd.in" \
			>"$BATS_TEST_TMPDIR/crowd.out" 2>&1 \
			{crowd_input}>&- 3>&- &
		crowd+=($!)
	done
	output=
	while [ "$paused" -lt "$count" ]; do
		read -r line <&"$crowd_output"
		output+="$line"$'\n'
		[ "$line" != paused ] || paused=$((paused + 1))
	done
}

stop_many()
{
	exec {crowd_input}>&-
	wait "${crowd[@]}"
}

# ---- faults ------------------------------------------------------------------

# inject CALL WHAT WHEN [ADD...]: a whole dialogue, in which the CALL number WHEN
# of xkvm-net, started with $net_arguments, goes wrong. Its output is in $output;
# false where there is no such call.
inject()
{
	local -r call=$1 what=$2 when=$3
	local filter=
	trace="$BATS_TEST_TMPDIR/trace"
	shift 3
	[ $# -gt 0 ] || set -- 'ADD bridge=br0 mac=52:54:00:00:00:01' \
		'ADD bridge=br0 queues=2'
	# The loader opens files too.
	[ "$call" != openat ] || filter='-P /dev/net/tun'
	XKVM_NET_RUN="exec strace -qq -o '$trace' $filter -e trace=$call \
		-e inject=$call:$what:when=$when \"\$XKVM_NET\" ${net_arguments-}" \
		run --separate-stderr client 'HELLO v=1' "$@" GO \
		recv recv recv COMMIT rest end
	grep -q INJECTED "$trace" || [[ "$what" == signal=* &&
		"$output" == *'exit 137' ]]
}

# fail_each CALL ERROR [HARMLESS]: each call of the kind fails once. That is told
# by an ERR, or before the dialogue begins. All may go well only where strace
# shows the call with HARMLESS in it. No tap is left.
fail_each()
{
	local -r call=$1 error=$2 harmless=${3-}
	local n
	for ((n = 1; ; n++)); do
		inject "$call" "error=$error" "$n" || break
		no_taps || die "after $call $n: $error"
		case $output in
		*'ERR code='*' msg='*$'\neof\nexit 1') ;;
		*$'\nDONE\neof\nexit 0')
			[ -n "$harmless" ] &&
				grep -q "$harmless.*INJECTED" "$trace"
			;;
		*DONE*) false ;;
		*'exit '[012]) ;;
		*) false ;;
		esac || die "$call $n: $error: $output"
	done
	[ "$n" -gt 1 ] || die "$call is never called"
	has_line DONE
}

kill_at_each()
{
	local -r call=$1
	local n
	for ((n = 1; ; n++)); do
		inject "$call" signal=KILL "$n" || break
		no_taps || die "killed at $call $n"
	done
	[ "$n" -gt 1 ] || die "$call is never called"
	has_line DONE
}
