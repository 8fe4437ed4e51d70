# SPDX-License-Identifier: Apache-2.0
#
# How a run ends: by the guest, by QEMU, by a signal to any of the processes,
# and what exit status tells so. After each end nothing is left.

load lib

setup()
{
	prepare_test
	make_bridge br0
	oracle_before
}

# milliseconds: since some time in the past.
milliseconds()
{
	echo $((${EPOCHREALTIME/[.,]/} / 1000))
}

ended()
{
	! kill -0 "$1" 2>/dev/null
}

# took_signal PID: whether no signal waits for it any more.
took_signal()
{
	ended "$1" || grep -q '^ShdPnd:[[:space:]]*0*$' "/proc/$1/status"
}

# ---- ends by itself ----------------------------------------------------------

@test "fault 2: a program that fails at once passes its status on" {
	run_machine --netdev br0 --kvm /bin/false
	[ "$guest_status" -eq 1 ]
	oracle_after
}

@test "fault 3: what QEMU says when it refuses its arguments is shown" {
	run_machine --netdev br0 -- -device no-such-device
	[ "$guest_status" -eq 1 ]
	grep -q "'no-such-device' is not a valid device model" "$guest_errors"
	oracle_after
}

@test "QEMU's own exit status comes through" {
	make_exit_disk 42
	for mode in --dowait --no-dowait; do
		run_machine "$mode" --netdev br0 --disk exit.img \
			-- -device "$exit_device"
		[ "$guest_status" -eq 85 ]
	done
	oracle_after
}

@test "a guest that panics ends the run with 126" {
	guest_words panic
	boot_guest --netdev br0 -- -device pvpanic
	guest_said panic
	[ "$guest_status" -eq 126 ]
	grep -q "the guest panicked" "$guest_errors"
	oracle_after
}

# ---- QEMU is killed ----------------------------------------------------------

@test "fault 4: the signal that killed QEMU is named and in the status" {
	start_machine --netdev br0
	kill -SEGV "$qemu_pid"
	wait_guest
	[ "$guest_status" -eq 139 ]
	grep -q "ended by signal 11 (Segmentation fault)" "$guest_errors"
	oracle_after
}

@test "a QEMU that was killed is no success" {
	start_machine --netdev br0
	kill -KILL "$qemu_pid"
	wait_guest
	[ "$guest_status" -eq 137 ]
	oracle_after
}

# ---- xkvm is told to end -----------------------------------------------------

# ends_in_order SIGNAL STATUS: QEMU is asked to quit, which flushes its disks.
ends_in_order()
{
	start_machine -v --netdev br0
	kill "-$1" "$guest_pid"
	wait_guest
	[ "$guest_status" -eq "$2" ]
	grep -q "QEMU ended: host-qmp-quit" "$guest_errors"
	oracle_after
}

@test "SIGTERM ends QEMU in order" {
	ends_in_order TERM 143
}

@test "SIGINT ends QEMU in order" {
	ends_in_order INT 130
}

@test "SIGHUP ends QEMU in order" {
	ends_in_order HUP 129
}

@test "SIGHUP is ignored under nohup" {
	nohup "$XKVM" --netdev br0 -- -display none -serial none -monitor none \
		-qmp "unix:$qmp_socket,server=on,wait=off" \
		</dev/null >"$guest_console" 2>"$guest_errors" 3>&- &
	guest_pid=$!
	await_machine
	kill -HUP "$guest_pid"
	[[ $(qmp query-status | jq -r .status) == running ]]
	stop_machine
	[ "$guest_status" -eq 143 ]
	oracle_after
}

@test "fault 5: a guest that ignores the power button is ended after the grace" {
	local begin duration

	start_machine -v --netdev br0 --grace 1
	begin=$(milliseconds)
	kill -TERM "$guest_pid"
	wait_guest
	duration=$(($(milliseconds) - begin))
	[ "$guest_status" -eq 143 ]
	grep -q "QEMU ended: host-qmp-quit" "$guest_errors"
	# Far from the five seconds of the next step.
	((duration >= 1000 && duration < 2500))
	oracle_after
}

@test "a guest that listens to the power button has the grace to power down" {
	guest_words button
	start_guest -v --netdev br0 --grace 60
	await_guest listening
	kill -TERM "$guest_pid"
	wait_guest
	guest_said "exit 0"
	grep -q "QEMU ended: guest-shutdown" "$guest_errors"
	[ "$guest_status" -eq 143 ]
	oracle_after
}

@test "a second signal does not wait for the grace" {
	start_machine -v --netdev br0 --grace 3600
	kill -TERM "$guest_pid"
	until_true 5 took_signal "$guest_pid"
	kill -TERM "$guest_pid"
	wait_guest
	[ "$guest_status" -eq 143 ]
	grep -q "QEMU ended: host-qmp-quit" "$guest_errors"
	oracle_after
}

@test "fault 6: a QEMU that is stopped is killed in the end" {
	local begin duration

	start_machine --netdev br0
	kill -STOP "$qemu_pid"
	begin=$(milliseconds)
	kill -TERM "$guest_pid"
	wait_guest
	duration=$(($(milliseconds) - begin))
	[ "$guest_status" -eq 143 ]
	# Five seconds for QMP, five for SIGTERM.
	((duration >= 10000 && duration < 12000))
	oracle_after
}

@test "three signals kill a QEMU that is stopped at once" {
	local begin

	start_machine --netdev br0
	kill -STOP "$qemu_pid"
	begin=$(milliseconds)
	for _ in 1 2 3; do
		kill -TERM "$guest_pid"
		until_true 5 took_signal "$guest_pid"
	done
	wait_guest
	(($(milliseconds) - begin < 5000))
	[ "$guest_status" -eq 143 ]
	oracle_after
}

# ---- xkvm is killed ----------------------------------------------------------

@test "fault 7: QEMU and the tap go when xkvm is killed" {
	start_machine --netdev br0
	kill -KILL "$guest_pid"
	until_true 1 ended "$qemu_pid"
	oracle_deadline=1
	wait "$guest_pid" || true
	oracle_after
}

@test "killed, xkvm takes its taps along, though QEMU has them and is stopped" {
	start_machine --netdev br0 --netdev br0
	kill -STOP "$qemu_pid"
	kill -KILL "$guest_pid"
	wait "$guest_pid" || true
	until_true 1 no_taps
	[[ $(ps -o stat= -p "$qemu_pid") == T* ]]
	kill -CONT "$qemu_pid"
	until_true 1 ended "$qemu_pid"
	oracle_after
}

no_taps()
{
	! ip -o link | grep -q ': xk'
}

@test "the taps of a machine go by one request at its end" {
	require_command strace
	make_exit_disk 0
	strace -f -qq -o trace -e trace=sendto "$XKVM" --netdev br0 \
		--netdev br0 --netdev br0 --netdev br0 \
		--disk exit.img -- -display none -serial none -monitor none \
		-device "$exit_device" </dev/null || [ $? -eq 1 ]
	[ "$(grep -c RTM_DELLINK trace)" -eq 1 ]
	oracle_after
}

@test "the taps go with xkvm where their guardian was killed" {
	start_machine --netdev br0 --netdev br0
	kill -KILL "$(grep -lx xkvm-guardian /proc/[0-9]*/comm |
		sed 's/[^0-9]//g')"
	[ "$(ip -o link | grep -c ': xk')" -eq 2 ]
	stop_machine
	[ "$guest_status" -eq 143 ]
	oracle_after
}

@test "the QEMU that is asked for its devices goes with xkvm" {
	local end

	printf '#!/bin/sh\nexec cat forever\n' >silent
	chmod +x silent
	mkfifo forever
	for end in TERM KILL; do
		launch_machine --kvm ./silent --netdev br0,model=e1000
		until_true 5 has_child "$guest_pid"
		kill "-$end" "$guest_pid"
		wait_guest
		[ "$guest_status" -eq $((128 + $(kill -l "$end"))) ]
		oracle_after
	done
}

has_child()
{
	[[ $(child_of "$1") ]]
}

# ---- what must not disturb ---------------------------------------------------

@test "fault 68: a storm of signals loses no exit status" {
	local status=0

	make_exit_disk 42
	"$top/tests/system/storm" "$XKVM" --netdev br0 \
		--disk exit.img,cache=unsafe -- -display none -serial none \
		-monitor none -device "$exit_device" \
		</dev/null 2>"$guest_errors" || status=$?
	[ "$status" -eq 85 ]
	oracle_after
}

# exits_85: a run that ends with 85 by itself.
exits_85()
{
	local status=0

	"$XKVM" --netdev br0 --disk exit.img -- -display none -serial none \
		-monitor none -device "$exit_device" || status=$?
	[[ $status == 85 ]]
}

@test "fault 66: a machine runs to its end without its standard streams" {
	make_exit_disk 42
	exits_85 <&- >&- 2>&-
	exits_85 </dev/null >/dev/full 2>/dev/full
	oracle_after
}

@test "fault 66: a reader that has gone ends nobody" {
	make_exit_disk 42
	exec {pipe}> >(:)
	wait $!
	exits_85 </dev/null >&"$pipe" 2>&1
	exec {pipe}>&-
	oracle_after
}
