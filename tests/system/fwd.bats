# SPDX-License-Identifier: Apache-2.0
#
# fwd= of the user network: ports of this host that lead to the guest.

bats_require_minimum_version 1.5.0
load lib

# hold_port ADDRESS [LISTENER]: a process that has a port, $held_port; it is
# $holder. LISTENER is socat's word, TCP-LISTEN without it.
hold_port()
{
	held_port=$(free_port)
	socat -u "${2-TCP-LISTEN}:$held_port,bind=$1" OPEN:/dev/null 3>&- &
	holder=$!
	until_true 10 is_held
}

is_held()
{
	[[ $(ss -Htuln "sport = :$held_port") ]]
}

# listeners PORT: "PROTOCOL ADDRESS:PORT" for each that this host has.
listeners()
{
	ss -Htuln "sport = :$1" | awk '{ print $1, $5 }' | sort
}

@test "a forwarded port leads to the guest, and is free again after it" {
	port=$(free_port)
	oracle_before
	guest_script <<-'END'
		nic_up eth0 10.0.2.15/24
		say ready
		echo "from the guest" | nc -l -p 80
	END
	start_guest --netdev "user,fwd=$port:80,fwd=127.0.0.2:$port:53/udp"
	await_guest ready
	[ "$(listeners "$port")" = "tcp 127.0.0.1:$port
udp 127.0.0.2:$port" ]
	until_true 30 reads_from "$port" "from the guest"
	wait_guest
	[ "$guest_status" -eq 0 ]
	oracle_after
	[ -z "$(listeners "$port")" ]
}

@test "a free port is chosen, and told, and waited for" {
	oracle_before
	guest_script <<-'END'
		nic_up eth0 10.0.2.15/24
		say ready
		echo "from the guest" | nc -l -p 81
		nc -l -p 80 >/dev/null
		say "called"
		hang
	END
	start_guest --netdev user,fwd=:81,fwd=:82 --wait port:80 --timeout 5m
	await_guest ready
	until_true 60 tells_port 82
	[ "$(port_to 81)" -ne "$(port_to 82)" ]
	until_true 60 reads_from "$(port_to 81)" "from the guest"
	# Who listens there says nothing.
	until_true 60 grep -q "ready: port:80 after" "$guest_errors"
	kill "$guest_pid"
	wait_guest
	oracle_after
}

# port_to PORT: the host's port that leads to it, as xkvm says.
port_to()
{
	sed -n "s/^xkvm: 127\\.0\\.0\\.1:\\([0-9]*\\) leads to port $1 .*/\\1/p" \
		"$guest_errors"
}

tells_port()
{
	[[ $(port_to "$1") ]]
}

@test "a port in use is told with its holder, before anything is made" {
	make_bridge br0
	hold_port 0.0.0.0
	oracle_before
	run_machine --netdev br0 --netdev "user,fwd=$held_port:22"
	[ "$guest_status" -eq 125 ]
	grep -F "port $held_port of 127.0.0.1 is in use by process $holder" \
		"$guest_errors"
	grep -Fq "(socat)" "$guest_errors"
	oracle_after
	run_machine --dry-run --netdev "user,fwd=127.0.0.2:$held_port:22"
	[ "$guest_status" -eq 125 ]
}

# Both could bind the port, and one would hear nothing.
@test "a UDP port that another guest forwards is in use" {
	hold_port 127.0.0.1 UDP-RECV
	run_machine --netdev "user,fwd=$held_port:53/udp"
	[ "$guest_status" -eq 125 ]
	grep -Fq "in use by process $holder (socat)" "$guest_errors"
	run_machine --dry-run --netdev "user,fwd=127.0.0.2:$held_port:53/udp"
	[ "$guest_status" -eq 0 ]
}

@test "a port of another user's process is told as that" {
	require_root
	hold_port 127.0.0.1
	run -125 as_user "$XKVM" --netdev "user,fwd=$held_port:22"
	[[ $output == *"is in use by another user's process (uid 0)"* ]]
}

@test "a port that needs a privilege, and an address that is not here" {
	require_root
	run -125 as_user "$XKVM" --netdev user,fwd=22:22
	[[ $output == *"port 22 of this host needs a privilege"* ]]
	run -125 "$XKVM" --netdev user,fwd=192.0.2.200:2222:22
	[[ $output == *"no interface of this host has the address"* ]]
}
