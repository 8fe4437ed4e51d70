# SPDX-License-Identifier: Apache-2.0
#
# -daemonize after `--`: QEMU goes on when its first process, and xkvm with it,
# has ended.

load lib

# is_gone PID
is_gone()
{
	[[ ! -e /proc/$1 ]]
}

@test "a guest keeps its network when xkvm has gone, and takes it along" {
	local console

	read -r console <"$XKVM_GUEST/console"
	make_bridge br0 192.0.2.1/24
	oracle_before
	guest_script <<-'END'
		nic_up eth0 192.0.2.2/24
		can_ping 192.0.2.1
		await_call
		hang
	END
	"$XKVM" --netdev br0 -- -daemonize -pidfile "$PWD/pid" -display none \
		-serial "file:$guest_console" -m 256 \
		-kernel "$XKVM_GUEST/kernel" -initrd "$guest_initrd" \
		-append "console=$console quiet no_timer_check" \
		</dev/null >output 2>"$guest_errors" 3>&-
	guest_pid=$(cat pid)
	await_guest listening
	ping -q -c 1 -W 5 192.0.2.2
	call_guest 192.0.2.2
	await_guest hanging
	kill "$guest_pid"
	until_true 5 is_gone "$guest_pid"
	oracle_after
}

@test "a QEMU that cannot become a daemon fails, and nothing stays" {
	make_bridge br0
	oracle_before
	run_machine --netdev br0 -- -daemonize -pidfile /nonexistent/pid
	[ "$guest_status" -eq 1 ]
	grep -q "/nonexistent/pid" "$guest_errors"
	oracle_after
}
