# SPDX-License-Identifier: Apache-2.0
#
# --run: a command in the guest, by its agent and by ssh. The guests are real
# where something of theirs is shown, and tests/system/fake-guest where it is
# what they do wrong.

bats_require_minimum_version 1.5.0
load lib

# run_fake FAULT [OPTION...]: runs "id" in a guest that has the fault; the
# standard input is the test's.
run_fake()
{
	export FAKE=$1
	shift
	status=0
	"$XKVM" -q --kvm "$top/tests/system/fake-guest" --netdev user \
		--run-by agent --run id "$@" >out 2>err 3>&- || status=$?
}

# agent_guest: the small guest, with the real guest agent.
agent_guest()
{
	require_command qemu-ga
	guest_script <<-'END'
		modprobe virtio_console
		mkdir -p /run /var
		ln -s /run /var/run
		for dir in /sys/class/virtio-ports/*; do
			port=/dev/${dir##*/}
		done
		qemu-ga -m virtio-serial -p "$port"
	END
	"$top/tests/guest/with-programs" "$guest_initrd" agent-initrd qemu-ga
	guest_initrd=$PWD/agent-initrd
}

# run_guest [OPTION...] [-- QEMU ARGUMENT...]: the guest, without a console on
# standard output.
run_guest()
{
	local -a options=()

	while (($# > 0)) && [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	(($# == 0)) || shift
	read -r console <"$XKVM_GUEST/console"
	status=0
	"$XKVM" -q --timeout 5m --grace 1 "${options[@]}" -- \
		-kernel "$XKVM_GUEST/kernel" -initrd "$guest_initrd" \
		-append "console=$console quiet no_timer_check" \
		"${guest_memory[@]}" "$@" >out 2>err 3>&- || status=$?
}

@test "a command's output, its error and its status are xkvm's" {
	agent_guest
	oracle_before
	run_guest --netdev user --run-by agent \
		--run 'read line; echo "got $line"; echo oops >&2; exit 7' \
		<<<"some input"
	[ "$status" -eq 7 ]
	[ "$(cat out)" = "got some input" ]
	grep -q "^xkvm: ready: the guest agent after" err
	[ "$(grep -v '^xkvm: ' err)" = oops ]
	oracle_after
}

@test "a guest that ends before its command is told as that" {
	agent_guest
	run_guest --netdev user --run-by agent --run 'poweroff -f' </dev/null
	[ "$status" -eq 125 ]
	[ ! -s out ]
	grep -E 'QEMU ended|agent is gone' err
}

# What cloud-init puts before the keys of root.
root_answer="command=\"echo 'Please login as the user \\\"cloud\\\" rather than the \
user \\\"root\\\".';echo;sleep 10;exit 142\""

# Keys of the host and of a user, who is cloud, and whom root is told to be; sshd
# itself is this host's program.
ssh_guest()
{
	require_command sshd
	ssh-keygen -q -t ed25519 -N '' -f host_key
	ssh-keygen -q -t ed25519 -N '' -f user_key
	guest_script <<-END
		nic_up eth0 10.0.2.15/24
		mkdir -p /etc /run/sshd /root
		printf '%s\n' root:x:0:0::/root:/bin/sh \\
			sshd:x:33:33::/run/sshd:/bin/false \\
			cloud:x:0:0::/root:/bin/sh >/etc/passwd
		cat >/host_key <<-'KEY'
		$(cat host_key)
		KEY
		chmod 0600 /host_key
		cat >/root_keys <<-'KEY'
		$root_answer $(cat user_key.pub)
		KEY
		echo '$(cat user_key.pub)' >/cloud_keys
		/bin/sshd -D -f /dev/null -h /host_key -o UsePAM=no \\
			-o StrictModes=no -o PidFile=none \\
			-o AuthorizedKeysFile=/%u_keys
	END
	"$top/tests/guest/with-programs" "$guest_initrd" ssh-initrd sshd
	guest_initrd=$PWD/ssh-initrd
	eval "$(ssh-agent)" >/dev/null
	ssh-add -q user_key
}

teardown()
{
	[[ -z ${SSH_AGENT_PID-} ]] || kill "$SSH_AGENT_PID"
	finish_test
}

@test "a command goes by ssh, as the user that the guest names" {
	ssh_guest
	oracle_before
	run_guest --netdev user --run-by ssh --wait ssh --wait port:22 \
		--run 'read line; echo "$USER got $line"; echo oops >&2; exit 9' \
		<<<"some input"
	[ "$status" -eq 9 ]
	[ "$(cat out)" = "cloud got some input" ]
	grep -Eq '^xkvm: 127\.0\.0\.1:[0-9]+ leads to port 22 of the guest' err
	grep -q "^xkvm: ready: ssh as cloud after" err
	[ "$(grep -v '^xkvm: ' err)" = oops ]
	oracle_after
}

@test "what is written by the agent arrives whole, and input with it" {
	head -c 3000000 /dev/urandom >in
	oracle_before
	run_fake good <in
	[ "$status" -eq 5 ]
	cmp in out
	[ "$(tail -n 1 err)" = "an error" ]
	run_fake large </dev/null
	[ "$(wc -c <out)" -eq 3145728 ]
	oracle_after
}

@test "more input than an agent takes is refused" {
	run_fake good < <(head -c 4194305 /dev/zero)
	[ "$status" -eq 125 ]
	grep -q "standard input has more than 4 MiB" err
}

@test "input is waited for to its end, and that is told" {
	mkfifo pipe
	run_fake good <pipe &
	exec 5>pipe
	echo one >&5
	until_true 60 grep -q "standard input is read to its end" err
	exec 5>&-
	wait $!
	[ "$(cat out)" = one ]
}

@test "--dowait gives the command no input" {
	run_fake good --dowait <<<"not read"
	[ "$status" -eq 5 ]
	[ ! -s out ]
}

@test "an agent that says nonsense is understood where it makes sense" {
	run_fake garbage <<<input
	[ "$status" -eq 5 ]
	[ "$(cat out)" = input ]
}

@test "an agent that does not answer ends in a time-out" {
	oracle_before
	run_fake hang --timeout 2 </dev/null
	[ "$status" -eq 124 ]
	grep -q "still waiting for --run after 2 s" err
	oracle_after
}

@test "an agent that may not run commands is told" {
	run_fake forbid </dev/null
	[ "$status" -eq 125 ]
	grep -q "its configuration forbids guest-exec" err
}

@test "a QEMU or an agent that ends with the command is told" {
	run_fake die </dev/null
	[ "$status" -eq 3 ]
	grep -q "QEMU ended" err
	run_fake gone </dev/null
	[ "$status" -eq 125 ]
	grep -q "it is not known how the command ended: " err
}

@test "a guest that does not power down is ended after its grace" {
	oracle_before
	run_fake ignore --grace 0.2 </dev/null
	[ "$status" -eq 5 ]
	oracle_after
}

@test "a reader who has gone, and one that takes nothing" {
	FAKE=large
	export FAKE
	"$XKVM" -q --kvm "$top/tests/system/fake-guest" --netdev user \
		--run-by agent --run id </dev/null 2>err 3>&- | true
	run_fake large </dev/null
	[ "$status" -eq 5 ]
	status=0
	"$XKVM" -q --kvm "$top/tests/system/fake-guest" --netdev user \
		--run-by agent --run id </dev/null >/dev/full 2>err 3>&- ||
		status=$?
	[ "$status" -eq 125 ]
	grep -q "cannot write what the command has written: No space left" err
}

# wait_fake FAULT: waits for cloud-init in it, and then runs "id".
wait_fake()
{
	run_fake "$1" --wait cloud-init </dev/null
}

@test "cloud-init says itself how it ended" {
	wait_fake cloud-done
	[ "$status" -eq 5 ]
	wait_fake cloud-degraded
	[ "$status" -eq 5 ]
	grep -q "could recover from: a key is deprecated" err
	wait_fake cloud-error
	[ "$status" -eq 125 ]
	grep -Fq "cloud-init failed: ('runcmd', no such file)" err
	wait_fake cloud-disabled
	[ "$status" -eq 125 ]
	grep -q "cloud-init is disabled in this guest" err
	wait_fake cloud-none
	[ "$status" -eq 125 ]
	grep -q "there is no cloud-init in this guest" err
}

@test "a signal ends the command and the guest" {
	oracle_before
	FAKE=hang "$XKVM" -q --kvm "$top/tests/system/fake-guest" \
		--netdev user --run-by agent --run id </dev/null >out 2>err 3>&- &
	until_true 30 child_is_there $!
	kill -TERM $!
	status=0
	wait $! || status=$?
	[ "$status" -eq 143 ]
	oracle_after
}

child_is_there()
{
	[[ $(child_of "$1") ]]
}
