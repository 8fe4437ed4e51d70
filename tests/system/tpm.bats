# SPDX-License-Identifier: Apache-2.0
#
# A TPM of the guest's own: what the guest reads from it, where its state is,
# and that its program goes with QEMU, whoever is killed.

bats_require_minimum_version 1.5.0
load lib

# The program that is the TPM of the running xkvm.
swtpm_pid()
{
	pgrep -P "$guest_pid" -x swtpm
}

# is_gone PID: whether it has ended, and not only not been waited for.
is_gone()
{
	! kill -0 "$1" 2>/dev/null || grep -q '^State:.*Z' "/proc/$1/status"
}

# machine_with_tpm [OPTION...]: a machine that runs, with swtpm's process in
# $swtpm.
machine_with_tpm()
{
	start_machine --netdev user "$@"
	swtpm=$(swtpm_pid)
	qemu_pid=$(pgrep -P "$guest_pid" -f qemu-system)
}

@test "a guest reads the registers of its TPM" {
	require_command swtpm
	oracle_before
	# Elsewhere QEMU puts the initrd over the tables that tell of the TPM.
	guest_memory=(-m 3G)
	mkdir guest
	ln -s "$XKVM_GUEST"/{initrd,console} guest
	ln -s "$XKVM_GUEST/kernel.efi" guest/kernel
	XKVM_GUEST=$PWD/guest
	guest_deadline=120
	guest_script <<-'END'
		tpm=/sys/class/tpm/tpm0
		say "version $(cat $tpm/tpm_version_major)"
		say "pcr10 $(cat $tpm/pcr-sha256/10)"
		say "pcr17 $(cat $tpm/pcr-sha256/17)"
	END
	boot_guest --netdev user --tpm
	[ "$guest_status" -eq 0 ]
	guest_said "version 2"
	guest_said "pcr17 $(printf 'F%.0s' {1..64})"
	guest_lines | grep -Ex 'pcr10 [0-9A-F]{64}'
	guest_said "exit 0"
	oracle_after
}

# Debian's kernels for ARM have no driver for the one of the virt machine.
@test "a ppc64 guest has a TPM of another kind" {
	require_command swtpm
	[[ -e $XKVM_GUEST-ppc64le/initrd ]] ||
		skip "there is no guest for ppc64le"
	XKVM_GUEST+=-ppc64le
	guest_deadline=180
	guest_script <<-'END'
		say "version $(cat /sys/class/tpm/tpm0/tpm_version_major)"
		say "pcr17 $(cat /sys/class/tpm/tpm0/pcr-sha256/17)"
	END
	boot_guest --arch ppc64le --netdev user --tpm
	guest_said "version 2"
	guest_said "pcr17 $(printf 'F%.0s' {1..64})"
}

@test "without --tpm, and with --tpm=off, there is none" {
	machine_with_tpm --tpm=off || true
	[ -z "$swtpm" ]
	[[ $(qmp query-tpm) != *tpm0* ]]
}

@test "a TPM's state that is not kept leaves no file and no socket" {
	require_command swtpm
	oracle_before
	machine_with_tpm --tpm
	[[ $(qmp query-tpm) == *tpm0* ]]
	[ -z "$(find "$BATS_TEST_TMPDIR" -newer "$XKVM" \( -name '*tpm*' -o \
		-name '*.lock' \))" ]
	readlink "/proc/$swtpm/fd/4" | grep '^/memfd:tpm-state'
	# It has its own descriptors and no other.
	[ "$(find "/proc/$swtpm/fd" -type l | wc -l)" -le 9 ]
	run ! grep -l 'tun\|kvm' <(readlink "/proc/$swtpm"/fd/*)
	kill "$guest_pid"
	wait_guest
	[ "$guest_status" -eq 143 ]
	is_gone "$swtpm"
	oracle_after
}

@test "SIGKILL of xkvm ends QEMU and its TPM" {
	require_command swtpm
	machine_with_tpm --tpm
	kill -KILL "$guest_pid"
	until_true 5 is_gone "$qemu_pid"
	until_true 5 is_gone "$swtpm"
}

@test "SIGKILL of QEMU ends its TPM, which is reaped" {
	require_command swtpm
	machine_with_tpm --tpm
	kill -KILL "$qemu_pid"
	wait_guest
	[ "$guest_status" -eq 137 ]
	run ! kill -0 "$swtpm"
}

@test "SIGKILL of the TPM leaves QEMU running, and is told in the end" {
	require_command swtpm
	machine_with_tpm --tpm
	kill -KILL "$swtpm"
	until_true 5 is_gone "$swtpm"
	[[ $(qmp query-status) == *running* ]]
	kill "$guest_pid"
	wait_guest
	[ "$guest_status" -eq 143 ]
	grep -Fq "swtpm was ended by signal 9 (Killed); the guest's TPM did not" \
		"$guest_errors"
}

@test "a TPM's folder keeps its state, and belongs to one guest at a time" {
	require_command swtpm
	oracle_before
	machine_with_tpm "--tpm=the, tpm"
	[ "$(stat -c %a 'the, tpm')" = 700 ]
	first=$guest_pid
	run -125 "$XKVM" --netdev user "--tpm=the, tpm" -- -display none
	[[ $output == *"--tpm: 'the, tpm' is the TPM of a guest that runs"* ]]
	kill -0 "$first"
	kill "$first"
	wait_guest
	[ -s 'the, tpm/tpm2-00.permall' ]
	[ "$(stat -c %a 'the, tpm/tpm2-00.permall')" = 600 ]
	# Another guest can have it now; QEMU finds the state as it was.
	machine_with_tpm "--tpm=the, tpm"
	kill "$guest_pid"
	wait_guest
	[ "$guest_status" -eq 143 ]
	oracle_after
}

@test "--tpm=auto keeps the state beside the first disk" {
	require_command swtpm
	make_qcow2 root.qcow2 1M
	machine_with_tpm --disk root.qcow2 --tpm=auto
	kill "$guest_pid"
	wait_guest
	[ -s root.qcow2.tpm/tpm2-00.permall ]
}

@test "a QEMU that does not start leaves neither TPM nor folder" {
	require_command swtpm
	oracle_before
	run_machine --netdev user --tpm=state -- -machine no-such-machine
	[ "$guest_status" -eq 1 ]
	[ ! -e state ]
	oracle_after
}

@test "a daemon keeps its TPM" {
	require_command swtpm
	"$XKVM" --netdev user --tpm -- -daemonize -display none -m 32 \
		-pidfile pid -qmp "unix:$qmp_socket,server=on,wait=off" 3>&-
	[[ $(qmp query-tpm) == *tpm0* ]]
	swtpm=$(pgrep -x swtpm)
	qmp quit
	until_true 5 is_gone "$swtpm"
}

@test "a dry run starts no TPM and makes no folder" {
	run -0 "$XKVM" --dry-run --netdev user --tpm=state
	[[ $output == *"-device tpm-crb,tpmdev=tpm0"* ]]
	[[ $output == *"program swtpm socket --tpm2"*"in the folder state"* ]]
	[ ! -e state ]
}

@test "a QEMU that xkvm becomes by --exec keeps its TPM, which ends with it" {
	require_command swtpm
	"$XKVM" --exec --netdev user --tpm -- -display none -m 32 \
		-serial none -monitor none \
		-qmp "unix:$qmp_socket,server=on,wait=off" 2>errors 3>&- &
	guest_pid=$!
	until_true 20 qmp query-status >/dev/null
	[[ $(qmp query-tpm) == *tpm0* ]]
	swtpm=$(swtpm_pid)
	qmp quit
	wait_guest
	[ "$guest_status" -eq 0 ]
	until_true 5 is_gone "$swtpm"
}
