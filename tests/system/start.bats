# SPDX-License-Identifier: Apache-2.0
#
# What stands between the command and the guest: which processes are started,
# and what the one that waits costs.

load lib

# What QEMU must be asked for once.
words=(--disk 'disk.img,driver=nvme,serial=s')

setup()
{
	prepare_test
	require_command strace
	make_raw disk.img 1M
	make_bridge br0
	"$XKVM" cache --fill
	oracle_before
}

# trace CALLS ARGUMENT...: a run whose QEMU prints its version; its calls are in
# the file trace.
trace()
{
	local calls=$1

	shift
	strace -f -qq -o trace -e trace="$calls" -s 4096 "$XKVM" "$@" \
		-- -version >output 2>&1
}

# programs: what was executed, a line each. A line ends early where another
# process has an event meanwhile.
programs()
{
	sed -nE 's/^[0-9]+ +execve\("([^"]*)".*( = 0|<unfinished \.\.\.>)$/\1/p' trace |
		sed 's|.*/||'
}

# processes_in: how many there are in the trace.
processes_in()
{
	awk '{ print $1 }' trace | sort -u | wc -l
}

@test "a start is QEMU and no other process" {
	trace execve --netdev user "${words[@]}"
	[ "$(programs)" = "$(printf '%s\n' xkvm "qemu-system-$(uname -m)")" ]
	oracle_after
}

@test "a start on bridges is QEMU and one xkvm-net" {
	trace execve --netdev br0 --netdev br0,model=e1000 "${words[@]}"
	[ "$(programs)" = "$(printf '%s\n' xkvm xkvm-net \
		"qemu-system-$(uname -m)")" ]
	oracle_after
}

@test "a dry run is no process at all" {
	trace execve,fork,vfork,clone,clone3 --dry-run --netdev br0 \
		"${words[@]}"
	[ "$(programs)" = xkvm ]
	[ "$(processes_in)" -eq 1 ]
	oracle_after
}

# ---- --exec ------------------------------------------------------------------

@test "with --exec there is exactly one process" {
	trace execve,fork,vfork,clone,clone3 --exec --netdev user "${words[@]}"
	[ "$(programs)" = "$(printf '%s\n' xkvm "qemu-system-$(uname -m)")" ]
	[ "$(awk '/execve/ { print $1 }' trace | sort -u | wc -l)" -eq 1 ]
	# What QEMU makes are threads.
	[ "$(grep -vc 'CLONE_THREAD\|execve\|<\.\.\.' trace)" -eq 0 ]
	oracle_after
}

@test "a guest of --exec is on its bridge, and its process is xkvm's" {
	ip address add 192.0.2.1/24 dev br0
	oracle_before
	guest_script <<-'END'
		nic_up eth0 192.0.2.2/24
		can_ping 192.0.2.1
		await_call
	END
	start_guest --exec --netdev br0
	await_guest listening
	[[ $(readlink "/proc/$guest_pid/exe") == */qemu-system-* ]]
	[ -z "$(cat /proc/"$guest_pid"/task/*/children)" ]
	call_guest 192.0.2.2
	wait_guest
	[ "$guest_status" -eq 0 ]
	guest_said "exit 0"
	oracle_after
}

@test "with --exec the exit status is QEMU's, and a signal goes to QEMU" {
	run_machine --exec --netdev br0 -- -device no-such-device
	[ "$guest_status" -eq 1 ]
	run_machine --exec --netdev br0 --kvm /bin/false
	[ "$guest_status" -eq 1 ]
	launch_machine --exec --netdev br0
	until_true "$guest_deadline" qmp query-status
	kill "$guest_pid"
	wait_guest
	[ "$guest_status" -eq 0 ]
	launch_machine --exec --netdev br0
	until_true "$guest_deadline" qmp query-status
	kill -KILL "$guest_pid"
	wait_guest
	[ "$guest_status" -eq 137 ]
	oracle_after
}

@test "--exec and a UEFI guest: the variables are in memory" {
	[[ $(uname -m) == x86_64 ]] || skip 'a PC with flash'
	"$XKVM" --dry-run --uefi --netdev user >/dev/null 2>&1 ||
		skip 'needs UEFI firmware'
	launch_machine --exec --uefi --netdev user
	until_true "$guest_deadline" qmp query-status
	[ "$(find "/proc/$guest_pid/fd" -lname '/memfd:nvram*' | wc -l)" -ge 1 ]
	stop_machine
	[ "$guest_status" -eq 0 ]
	oracle_after
}

@test "--exec of a program that cannot be executed leaves nothing" {
	echo nothing >no-program
	chmod +x no-program
	run_machine --exec --netdev br0 --kvm ./no-program
	[ "$guest_status" -eq 125 ]
	grep -q "cannot execute './no-program'" "$guest_errors"
	oracle_after
}

# ---- while it waits ----------------------------------------------------------

# private_memory PID: in kB.
private_memory()
{
	awk '/^Private_(Clean|Dirty)/ { sum += $2 } END { print sum }' \
		"/proc/$1/smaps_rollup"
}

# switches PID: how often it went to sleep.
switches()
{
	awk '/^voluntary_ctxt_switches/ { print $2 }' "/proc/$1/status"
}

@test "who waits for QEMU has less than 1 MiB of its own, and sleeps" {
	local before i options=()

	# Cold, with a word that only the whole schema has, and many devices.
	"$XKVM" cache --clear
	for i in {1..16}; do
		options+=(--disk "disk.img,driver=scsi-hd,id=d$i,file.aio=threads,read-only=on")
		options+=(--netdev 'br0,model=e1000')
	done
	start_machine "${options[@]}"
	[ "$(private_memory "$guest_pid")" -lt 1024 ]
	before=$(switches "$guest_pid")
	# No timer, so no wake-up: there is nothing to wait for but time.
	sleep 2
	[ "$(switches "$guest_pid")" -eq "$before" ]
	[ -z "$(find "/proc/$guest_pid/fd" -lname '*timerfd*')" ]
	stop_machine
	oracle_after
}
