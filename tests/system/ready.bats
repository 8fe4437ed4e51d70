# SPDX-License-Identifier: Apache-2.0
#
# Waiting for a guest: what makes it ready, what shows that it will not be, the
# message and the status of each, and that nothing is left.

load lib

setup()
{
	prepare_test
	oracle_before
}

# said TEXT: whether xkvm said it.
said()
{
	grep -Fq -e "$1" "$guest_errors" || fail "xkvm did not say '$1'"
}

# ready_after TEXT: whether it said that this is there, and when.
said_ready()
{
	grep -Eq "^xkvm: ready: $1 after [0-9]+\.[0-9] s\$" "$guest_errors" ||
		fail "xkvm did not say that '$1' is ready"
}

came_up_twice()
{
	[ "$(guest_lines | grep -cx up)" -ge 2 ]
}

# ---- ready -------------------------------------------------------------------

@test "a text is waited for, a line and a prompt, and the guest goes on" {
	guest_script <<-'END'
		say one
		printf 'a prompt: ' >/dev/console
		sleep 1
		say two
	END
	boot_guest --netdev user --wait 'text:^guest: one$' \
		--wait 'text:^a prompt: $' --timeout 60
	[ "$guest_status" -eq 0 ]
	said_ready 'text:\^guest: one\$, text:\^a prompt: \$'
	# All of the console is where -nographic puts it.
	tr -d '\r' <"$guest_console" | grep -qx 'a prompt: guest: two'
	guest_said 'exit 0'
	oracle_after
}

@test "boot is met by a login prompt" {
	guest_script <<-'END'
		printf '\r\nmachine login: ' >/dev/console
		sleep 1
	END
	boot_guest --netdev user --wait boot --timeout 60
	[ "$guest_status" -eq 0 ]
	said_ready boot
	grep -q '^xkvm: firmware after' "$guest_errors"
	oracle_after
}

@test "exit is met by the guest's end, and the status is QEMU's" {
	make_exit_disk 3
	run_machine --netdev user --disk exit.img,format=raw --wait exit \
		--timeout 60 -- -device "$exit_device"
	[ "$guest_status" -eq 7 ]
	said_ready exit
	oracle_after
}

@test "--on-panic exit ends a guest that panics with 126 and its reason" {
	guest_words panic
	boot_guest --netdev user --on-panic exit
	[ "$guest_status" -eq 126 ]
	said 'the guest panicked: Kernel panic - not syncing: sysrq triggered crash'
	oracle_after
}

@test "--on-panic pause stops the guest, and the status tells later" {
	guest_words panic
	start_guest --netdev user --wait exit --on-panic pause -- \
		-qmp "unix:$qmp_socket,server=on,wait=off"
	until_true "$guest_deadline" grep -q 'it is stopped' "$guest_errors"
	[[ $(qmp query-status) == *'"running": false'* ]]
	kill "$guest_pid"
	wait_guest
	[ "$guest_status" -eq 143 ]
	said 'the guest panicked: Kernel panic - not syncing: sysrq triggered crash'
	oracle_after
}

@test "--on-panic reboot starts the guest anew" {
	guest_script <<-'END'
		say up
		panic
	END
	start_guest --netdev user --on-panic reboot
	until_true "$guest_deadline" grep -q 'it starts anew' "$guest_errors"
	until_true "$guest_deadline" came_up_twice
	kill "$guest_pid"
	wait_guest
	[ "$guest_status" -eq 143 ]
	oracle_after
}

@test "--guest-exit: the status is the guest's own, and QEMU's where it failed" {
	for number in 0 3 127; do
		make_exit_disk "$number"
		run_machine --netdev user --disk exit.img,format=raw \
			--guest-exit
		[ "$guest_status" -eq "$number" ]
	done
	run_machine --netdev user --guest-exit -- -device nonsense
	[ "$guest_status" -eq 1 ]
	run_machine --netdev user --arch aarch64 --guest-exit
	[ "$guest_status" -eq 2 ]
	said 'semihosting'
	oracle_after
}

# ---- not ready ---------------------------------------------------------------

@test "a panic is told with its reason, and the status is 126" {
	guest_words panic
	boot_guest --netdev user --wait boot --timeout 60
	[ "$guest_status" -eq 126 ]
	said 'the guest is not ready: Kernel panic - not syncing: sysrq triggered crash'
	said '| guest: panic'
	oracle_after
}

@test "an emergency shell is told at once" {
	guest_script <<-'END'
		echo 'You are in emergency mode. After logging in, type x' \
			>/dev/console
		echo 'Cannot open access to console, the root account is locked.' \
			>/dev/console
		printf 'Press Enter to continue.' >/dev/console
		exec sleep 3600
	END
	boot_guest --netdev user --wait boot --timeout 60
	[ "$guest_status" -eq 1 ]
	said 'not ready: emergency mode, without a shell: the root account is locked'
	said '| Press Enter to continue.'
	oracle_after
}

@test "the shell of an initial ram disk is told by its prompt" {
	guest_script <<-'END'
		echo 'ALERT!  /dev/vda9 does not exist.  Dropping to a shell!' \
			>/dev/console
		printf '(initramfs) ' >/dev/console
		exec sleep 3600
	END
	boot_guest --netdev user --wait boot --timeout 60
	[ "$guest_status" -eq 1 ]
	said 'not ready: the initial ram disk stopped at its shell: ALERT!'
	oracle_after
}

@test "firmware that finds nothing to boot is told" {
	"$XKVM" --netdev user --wait boot --timeout 60 -- -nographic -m 32 \
		</dev/null >"$guest_console" 2>"$guest_errors" 3>&- &
	guest_pid=$!
	wait_guest
	[ "$guest_status" -eq 1 ]
	said 'not ready: the firmware found nothing to boot'
	oracle_after
}

@test "a time-out ends the guest with 124" {
	guest_words hang
	boot_guest --netdev user --wait 'text:never' --timeout 4s
	[ "$guest_status" -eq 124 ]
	said 'not ready: still waiting for text:never after 4 s'
	oracle_after
}

@test "a time-out of --wait ssh says what is wrong in the guest" {
	guest_script <<-'END'
		nic_up eth0 10.0.2.15/24
		hang
	END
	boot_guest --netdev user --wait ssh --timeout 12s
	[ "$guest_status" -eq 124 ]
	said 'not ready: still waiting for ssh after 12 s: nobody listens to that port in the guest'
	guest_script <<<hang
	boot_guest --netdev user --wait ssh --timeout 8s
	[ "$guest_status" -eq 124 ]
	said 'not ready: still waiting for ssh after 8 s: the guest does not answer on the network'
}

@test "QEMU's end before the guest is ready is told as such" {
	guest_words report
	boot_guest --netdev user --wait boot --timeout 60
	[ "$guest_status" -eq 1 ]
	said 'QEMU ended (guest-shutdown) while waiting for boot'
	said '| guest: exit 0'
	oracle_after
}

@test "a signal while the guest is waited for has its own status" {
	guest_words hang
	start_guest --netdev user --wait boot --timeout 60
	await_guest hanging
	kill -TERM "$guest_pid"
	wait_guest
	[ "$guest_status" -eq 143 ]
	run ! grep -q 'not ready' "$guest_errors"
	oracle_after
}

@test "a QEMU that is killed while the guest is waited for is told" {
	guest_words hang
	start_guest --netdev user --wait boot --timeout 60
	await_guest hanging
	kill -KILL "$(child_of "$guest_pid")"
	wait_guest
	[ "$guest_status" -eq 137 ]
	said 'QEMU ended while waiting for boot'
	oracle_after
}
