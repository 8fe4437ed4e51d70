#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# What becomes of the taps that xkvm-net has made: by whom, when and how they are
# removed. net-lib.bash says how it is driven. It runs under `isolate`.

bats_require_minimum_version 1.5.0

load net-lib

setup_file()
{
	find_programs
}

setup()
{
	prepare_net
	in_ns ip link add br0 type bridge
	in_ns ip link set br0 up
}

teardown()
{
	finish_net
}

# The first of the guardians.
guardian()
{
	grep -lx xkvm-guardian /proc/[0-9]*/comm 2>/dev/null |
		sed -n '1s/[^0-9]//gp'
}

has_no_guardian()
{
	[ -z "$(guardian)" ]
}

# group_of TAP: 0 is that of interfaces in none.
group_of()
{
	in_ns ip -d -o link show dev "$1" |
		sed -nE 's/.* group ([^ ]+) .*/\1/p' | sed 's/default/0/'
}

# --- all at once ----------------------------------------------------------

@test "the taps of a request share a group of their own; a single tap has none" {
	start_holder 'HELLO v=1' 'ADD bridge=br0' 'ADD bridge=br0' GO \
		recv recv recv COMMIT recv end
	local group tap
	group=$(group_of "$(taps | head -n 1)")
	[ "$group" -ge $((0x40000000)) ]
	for tap in $(taps); do
		[ "$(group_of "$tap")" = "$group" ]
	done
	stop_holder
	rm "$BATS_TEST_TMPDIR/go" "$out.pipe" "$gone"
	start_holder 'HELLO v=1' 'ADD bridge=br0' GO recv recv COMMIT recv end
	[ "$(group_of "$(taps)")" = 0 ]
	stop_holder
}

@test "many taps are removed by one request to the kernel" {
	local adds=() answers=() trace="$BATS_TEST_TMPDIR/trace" i
	for ((i = 0; i < 50; i++)); do
		adds+=('ADD bridge=br0')
		answers+=(recv)
	done
	XKVM_NET_RUN="exec strace -f -qq -o '$trace' -e trace=sendto \"\$XKVM_NET\"" \
		run client 'HELLO v=1' "${adds[@]}" GO recv "${answers[@]}" \
		shut rest end
	[ "$(grep -c '^OK ' <<<"$output")" -eq 50 ]
	no_taps
	[ "$(grep -c RTM_DELLINK "$trace")" -eq 1 ]
}

@test "an interface that came into the group keeps the taps from going with it" {
	start_holder 'HELLO v=1' 'ADD bridge=br0' 'ADD bridge=br0' GO \
		recv recv recv
	in_ns ip link add stranger group "$(group_of "$(taps | head -n 1)")" \
		type bridge
	kill_holder
	await 2 no_taps
	in_ns ip link show dev stranger
}

# --- the lifeline ---------------------------------------------------------

@test "the end of a lifeline takes the taps, whoever has their descriptors" {
	run client 'HELLO v=1' 'ADD bridge=br0' 'ADD bridge=br0 queues=2' GO \
		recv recv recv 'COMMIT lifeline=1' recv queues shut rest queues end
	[ "$(grep -c '^queue xk' <<<"$output")" -eq 6 ]
	[ "$(grep -c '^queue gone$' <<<"$output")" -eq 3 ]
	[[ "$output" == *$'\nDONE\n'*$'\neof\nqueue gone\n'*$'\nexit 0' ]]
	no_taps
}

@test "without a lifeline the taps stay with their descriptors" {
	start_holder 'HELLO v=1' 'ADD bridge=br0' GO recv recv COMMIT recv end
	[ "$(taps | wc -l)" -eq 1 ]
	stop_holder
	await 2 has_no_guardian
}

@test "a lifeline and a persistent tap do not go together" {
	run client 'HELLO v=1' 'ADD bridge=br0 persist=1 owner=0' GO recv recv \
		'COMMIT lifeline=1' rest end
	has_error proto '' 'lifeline=1 does not go with persist=1'
	no_taps
}

# --- the seal -------------------------------------------------------------

# status_of PID KEY: what /proc says of it.
status_of()
{
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}

# private_memory PID: in KiB.
private_memory()
{
	awk '/^Private_/ { sum += $2 } END { print sum }' "/proc/$1/smaps_rollup"
}

# is_sealed PID: it has no privilege in effect, and none to gain, and sockets.
is_sealed()
{
	local fd
	[ "$(status_of "$1" NoNewPrivs)" -eq 1 ]
	[ "$(status_of "$1" Seccomp)" -eq 2 ]
	[ "$(status_of "$1" CapEff)" = 0000000000000000 ]
	# CAP_NET_ADMIN.
	[ "$(status_of "$1" CapPrm)" = 0000000000001000 ]
	for fd in "/proc/$1/fd/"*; do
		[[ "$(readlink "$fd")" == socket:* ]]
	done
}

@test "the guardian is sealed, and small" {
	start_holder 'HELLO v=1' 'ADD bridge=br0' GO recv recv \
		'COMMIT lifeline=1' recv
	is_sealed "$(guardian)"
	[ "$(private_memory "$(guardian)")" -lt 1024 ]
	stop_holder
	await 2 has_no_guardian
}

@test "the guardian of 128 taps is small" {
	local adds=() answers=() i
	for ((i = 0; i < 128; i++)); do
		adds+=("ADD bridge=br0 mac=52:54:00:00:00:$(printf %02x "$i")")
		answers+=(recv)
	done
	start_holder 'HELLO v=1' "${adds[@]}" GO recv "${answers[@]}" COMMIT \
		recv end
	await 2 has_little_memory
	is_sealed "$(guardian)"
	stop_holder
	await 2 has_no_guardian
}

has_little_memory()
{
	[ "$(private_memory "$(guardian)")" -lt 1024 ]
}

# The last of its calls of seccomp(2) loads the filter.
@test "where a guardian cannot be sealed there are no taps" {
	local trace="$BATS_TEST_TMPDIR/trace" n
	local strace="exec strace -f -qq -o '$trace' -e trace=seccomp"
	XKVM_NET_RUN="$strace \"\$XKVM_NET\"" run client 'HELLO v=1' \
		'ADD bridge=br0' GO recv recv COMMIT recv drop end
	has_line DONE
	n=$(wc -l <"$trace")
	XKVM_NET_RUN="$strace -e inject=seccomp:error=EACCES:when=$n \"\$XKVM_NET\"" \
		run client 'HELLO v=1' 'ADD bridge=br0' GO rest end
	has_error sys '' 'cannot seal the process that is to guard the taps'
	no_taps
	has_no_guardian
}

@test "a kernel that names no network is no fault" {
	inject getsockopt error=ENOPROTOOPT 4
	grep -q 'SO_NETNS_COOKIE.*INJECTED\|0x47.*INJECTED' "$trace"
	has_line DONE
}
