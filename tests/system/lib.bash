# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the tests of real guests on real bridges have in common. A file of tests
# begins with
#
#	load lib
#
# and is run by `./run-tests system`, or alone by
#
#	tests/system/isolate bats tests/system/boot.bats
#
# Each test has networks of its own, a folder of its own ($BATS_TEST_TMPDIR),
# and a run folder, a temporary folder and a cache folder in it
# ($XDG_RUNTIME_DIR, $TMPDIR, $XDG_CACHE_HOME).
# What it leaves behind is removed after it; that xkvm leaves nothing is what
# oracle_before and oracle_after show.
#
# From the environment: XKVM, the program (build/xkvm without it), XKVM_GUEST,
# the folder of the guest (build/guest), XKVM_MUST_RUN=1 where a test that
# cannot run is a failure.

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
XKVM=${XKVM:-$top/build/xkvm}
XKVM_GUEST=${XKVM_GUEST:-$top/build/guest}
# The same on every host. A test of KVM says so.
export XKVM_ACCEL=${XKVM_ACCEL:-tcg}

# A guest that takes longer than this, in seconds, has failed its test.
guest_deadline=120
# How long, in seconds, what a run used may take to vanish after its end.
oracle_deadline=2

# ---- a test's surroundings ---------------------------------------------------

setup()
{
	prepare_test
}

teardown()
{
	finish_test
}

prepare_test()
{
	[[ ${XKVM_ISOLATED-} ]] ||
		fail "run this by tests/system/isolate, see its first lines"
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/run
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	mkdir -m 0700 "$TMPDIR" "$XDG_RUNTIME_DIR"
	cd "$BATS_TEST_TMPDIR" || return
	processes >"$BATS_TEST_TMPDIR/processes"
	guest_console=$BATS_TEST_TMPDIR/console
	guest_errors=$BATS_TEST_TMPDIR/errors
	guest_initrd=$XKVM_GUEST/initrd
	guest_append=
	guest_memory=(-m 256)
	guest_pid=
	qmp_socket=$BATS_TEST_TMPDIR/qmp
}

finish_test()
{
	[[ ${BATS_TEST_COMPLETED-} ]] || show_guest
	kill_leftovers
	remove_networks
}

# fail MESSAGE...: ends the test.
fail()
{
	printf '%s\n' "$*" >&2
	return 1
}

# For a test that cannot run as an ordinary user. (Being root in a user
# namespace is not enough: no other user exists there.)
require_root()
{
	setpriv --reuid nobody --clear-groups true 2>/dev/null ||
		skip 'needs root'
}

require_command()
{
	command -v "$1" >/dev/null || skip "needs $1"
}

# as_user COMMAND...: runs it as an ordinary user without any privilege.
as_user()
{
	setpriv --reuid nobody --regid nogroup --clear-groups \
		--inh-caps=-all "$@"
}

# until_true SECONDS COMMAND...: runs COMMAND until it succeeds, and fails if
# it has not by then.
until_true()
{
	local end=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))

	shift
	until "$@"; do
		((${EPOCHREALTIME/[.,]/} < end)) || return 1
		sleep 0.02
	done
}

# ---- networks and disks ------------------------------------------------------

# make_bridge NAME [ADDRESS/LENGTH]: a Linux bridge that is up. Its MAC is set,
# for without one a bridge takes that of a port of its own accord.
bridges_made=0
make_bridge()
{
	bridges_made=$((bridges_made + 1))
	ip link add "$1" address "02:00:00:00:00:0$bridges_made" type bridge
	[[ -z ${2-} ]] || ip address add "$2" dev "$1"
	ip link set dev "$1" up
}

remove_networks()
{
	local name

	for name in $(ip -j link | jq -r '.[].ifname | select(. != "lo")'); do
		ip link delete dev "$name" 2>/dev/null || true
	done
}

# free_port: a TCP port on which nobody listens.
free_port()
{
	local port=$((20000 + RANDOM % 20000))

	while [[ $(ss -Htln "sport = :$port") ]]; do
		port=$((port + 1))
	done
	echo "$port"
}

# reads_from PORT TEXT: whether who listens on this port of this host, such as a
# forward to a guest, says just that.
reads_from()
{
	[[ $(socat -u -T 5 "TCP:127.0.0.1:$1" - 2>/dev/null) == "$2" ]]
}

# make_raw FILE SIZE, make_qcow2 FILE SIZE [BACKING FORMAT]
make_raw()
{
	truncate -s "$2" -- "$1"
}

make_qcow2()
{
	qemu-img create -q -f qcow2 ${3:+-b "$3" -F "$4"} "$1" "$2"
}

# ---- guests ------------------------------------------------------------------

# guest_script: reads what the guest is to do; tests/guest/guest.sh has the
# functions that it can call.
guest_script()
{
	guest_initrd=$BATS_TEST_TMPDIR/initrd
	"$top/tests/guest/with-script" -g "$XKVM_GUEST" - "$guest_initrd"
}

# guest_words WORD[,WORD...]: the same for what init has a word for.
guest_words()
{
	guest_append="xkvm.do=$1"
}

# boot_guest [OPTION...] [-- QEMU ARGUMENT...]: runs xkvm with these, and the
# guest, until it ends by itself. See wait_guest for what is known afterwards.
boot_guest()
{
	start_guest "$@"
	wait_guest
}

# start_guest: the same without waiting. $guest_pid is xkvm's.
start_guest()
{
	local -a options=()
	local console

	while (($# > 0)) && [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	(($# == 0)) || shift
	read -r console <"$XKVM_GUEST/console"
	"$XKVM" "${options[@]}" -- -kernel "$XKVM_GUEST/kernel" \
		-initrd "$guest_initrd" \
		-append "console=$console quiet no_timer_check $guest_append" \
		-nographic "${guest_memory[@]}" "$@" \
		</dev/null >"$guest_console" 2>"$guest_errors" 3>&- &
	guest_pid=$!
}

# wait_guest: waits for xkvm's end. Its status is in $guest_status then, what
# the guest wrote to its console in the file $guest_console, what xkvm wrote to
# its standard error in $guest_errors.
wait_guest()
{
	timeout "$guest_deadline" \
		tail -s 0.02 -f /dev/null --pid="$guest_pid" 3>&- ||
		fail "xkvm still runs after $guest_deadline seconds" || return
	guest_status=0
	wait "$guest_pid" || guest_status=$?
}

guest_lines()
{
	tr -d '\r' <"$guest_console" | sed -n 's/^guest: //p'
}

# guest_said LINE: whether the guest said it, word for word.
guest_said()
{
	guest_lines | grep -Fxq -e "$1"
}

# await_guest LINE: waits until the guest says it.
await_guest()
{
	until_true "$guest_deadline" guest_said_or_ended "$1"
	guest_said "$1" || fail "the guest ended and did not say '$1'"
}

guest_said_or_ended()
{
	guest_said "$1" || ! kill -0 "$guest_pid" 2>/dev/null
}

# call_guest ADDRESS: makes the guest's await_call return.
call_guest()
{
	socat -u OPEN:/dev/null "TCP:$1:7,connect-timeout=5"
}

# ---- machines without a guest ------------------------------------------------
# Most of what xkvm does for a guest needs none that is awake: these start in a
# moment, find nothing to boot, run on, and do not listen to the power button.

# run_machine [OPTION...] [-- QEMU ARGUMENT...]: like boot_guest, for a machine
# that ends by itself.
run_machine()
{
	launch_machine "$@"
	wait_guest
}

# start_machine: like start_guest; the machine is up when this returns, $qemu_pid
# is QEMU's process, and qmp talks to it.
start_machine()
{
	launch_machine "$@"
	await_machine
}

launch_machine()
{
	local -a options=()

	while (($# > 0)) && [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	(($# == 0)) || shift
	"$XKVM" "${options[@]}" -- -display none -serial none -monitor none \
		-m 32 -qmp "unix:$qmp_socket,server=on,wait=off" "$@" \
		</dev/null >"$guest_console" 2>"$guest_errors" 3>&- &
	guest_pid=$!
}

await_machine()
{
	until_true "$guest_deadline" machine_is_up_or_ended || true
	kill -0 "$guest_pid" 2>/dev/null || fail "xkvm ended at once" || return
	qemu_pid=$(child_of "$guest_pid")
}

machine_is_up_or_ended()
{
	qmp query-status >/dev/null 2>&1 || ! kill -0 "$guest_pid" 2>/dev/null
}

# child_of PID: its only child.
child_of()
{
	local child

	read -r child </proc/"$1"/task/"$1"/children || [[ $child ]]
	echo "${child% }"
}

# qmp COMMAND [ARGUMENTS]: asks the machine and prints what it returns.
qmp()
{
	"$top/tests/system/qmp" "$qmp_socket" "$@"
}

# hmp COMMAND: the same in the words of QEMU's human monitor.
hmp()
{
	qmp human-monitor-command \
		"$(jq -n --arg line "$1" '{"command-line": $line}')" | tr -d '\r'
}

# make_exit_disk STATUS: a disk, exit.img, from which a PC ends QEMU with the
# status 2 * STATUS + 1; $exit_device is the device for that.
make_exit_disk()
{
	[[ $(uname -m) == x86_64 ]] || skip 'the boot sector is for a PC'
	exit_device=isa-debug-exit,iobase=0xf4,iosize=1
	make_raw exit.img 1M
	# mov al, STATUS; out 0xf4, al; cli; hlt
	printf '%b' "\\xb0\\x$(printf %x "$1")\\xe6\\xf4\\xfa\\xf4" |
		dd of=exit.img conv=notrunc status=none
	printf '\x55\xaa' |
		dd of=exit.img bs=1 seek=510 conv=notrunc status=none
}

# stop_machine: ends it as a user would.
stop_machine()
{
	kill "$guest_pid"
	wait_guest
}

# For the reader of a failure.
show_guest()
{
	local file

	for file in "$guest_errors" "$guest_console"; do
		[[ -s $file ]] || continue
		printf -- '--- %s\n' "${file##*/}"
		tr -d '\r' <"$file" | tail -n 60
	done
}

# ---- the oracle --------------------------------------------------------------
# oracle.py prints all that a run can leave behind, a line for each thing.

oracle_before()
{
	oracle_snapshot >"$BATS_TEST_TMPDIR/before"
}

# oracle_after: fails, and shows the difference, unless all is as it was. What
# the kernel takes down in the background has $oracle_deadline seconds.
oracle_after()
{
	until_true "$oracle_deadline" oracle_is_clean ||
		fail "the run left something behind, or took something away:" \
			$'\n'"$(oracle_difference)"
}

oracle_is_clean()
{
	oracle_snapshot >"$BATS_TEST_TMPDIR/after"
	cmp -s "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
}

oracle_difference()
{
	diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after" |
		grep '^[<>]'
}

oracle_snapshot()
{
	"$top/tests/system/oracle.py"
}

links()
{
	"$top/tests/system/oracle.py" links
}

processes()
{
	"$top/tests/system/oracle.py" processes
}

# Ends what the test started and did not end.
kill_leftovers()
{
	local pid

	processes >"$BATS_TEST_TMPDIR/processes.now"
	while read -r _ pid _; do
		kill -KILL "$pid" 2>/dev/null || true
	done < <(comm -13 <(sort "$BATS_TEST_TMPDIR/processes") \
		<(sort "$BATS_TEST_TMPDIR/processes.now"))
}
