# SPDX-License-Identifier: Apache-2.0
#
# The serial console where xkvm has it: on a terminal, in files, on sockets; what
# comes is whole, nobody is held up, and nothing is left.

load lib

setup()
{
	prepare_test
	write_programs
	oracle_before
}

# Small programs for the steps and for the shell on the terminal.
write_programs()
{
	mkdir bin
	PATH=$PWD/bin:$PATH
	export XKVM
	# console [ARGUMENT...]: a machine whose firmware says that it is up.
	cat >bin/console <<-'END'
		#!/bin/sh
		exec "$XKVM" --netdev user --console stdio "$@" -- -m 32
	END
	# terminal-state: its mode, and the flags of the open terminal.
	cat >bin/terminal-state <<-'END'
		#!/bin/sh
		stty -g
		grep flags "/proc/self/fdinfo/0"
	END
	# process NAME: the only process of that name (xkvm or qemu).
	cat >bin/process <<-'END'
		#!/bin/sh
		for folder in /proc/[0-9]*; do
			read -r name <"$folder/comm" || continue
			case $name in "$1"*) echo "${folder#/proc/}" ;; esac
		done 2>/dev/null
	END
	# until-state NAME STATE: waits until that process is in it (T: stopped).
	cat >bin/until-state <<-'END'
		#!/bin/sh
		until grep -q "^State:.$2" "/proc/$(process "$1")/status"; do
			sleep 0.02
		done
	END
	chmod +x bin/*
}

# stand_in: a QEMU that is a shell script, read from the standard input; its
# serial port is descriptor 5. What it says comes after the first line.
stand_in()
{
	{
		echo '#!/bin/sh'
		cat
	} >stand-in
	chmod +x stand-in
}

# start_stand_in [OPTION...]: runs xkvm with it.
start_stand_in()
{
	"$XKVM" -q --netdev user --kvm ./stand-in "$@" <&0 2>"$guest_errors" \
		3>&- &
	guest_pid=$!
}

said()
{
	grep -Fq -e "$1" "$guest_errors" || fail "xkvm did not say '$1'"
}

on_terminal()
{
	"$top/tests/system/on-terminal" sh -c "$1" 3>&-
}

# around COMMAND: a script that notes the terminal's state before and after.
around()
{
	echo "trap : INT; terminal-state >tty.before; $1; echo \"status \$?\"
		terminal-state >tty.after"
}

same_state()
{
	[[ -s tty.before ]] && diff tty.before tty.after
}

# ---- a terminal --------------------------------------------------------------

@test "--console stdio has QEMU's keys, and Ctrl-C is the guest's" {
	on_terminal "$(around console)" <<-'END'
		expect SeaBIOS
		type \x03
		type \x01c
		expect \(qemu\)
		type info status\r
		expect VM status: running
		type \x01x
		expect QEMU: Terminated
		expect status 0
		end
	END
	same_state
	oracle_after
}

@test "the terminal is sane after QEMU was killed" {
	on_terminal "$(around 'console --wait exit')" <<-'END'
		expect SeaBIOS
		do kill -KILL $(process qemu)
		expect status 137
		end
	END
	same_state
	oracle_after
}

@test "SIGTSTP stops all, the terminal is the shell's, and fg goes on raw" {
	on_terminal 'set -m
		terminal-state >tty.before
		console
		terminal-state >tty.stopped
		echo "is stopped"
		read -r _
		fg
		echo "status $?"
		terminal-state >tty.after' <<-'END'
		expect SeaBIOS
		do kill -TSTP $(process xkvm)
		expect is stopped
		do until-state qemu T
		do until-state xkvm T
		type \r
		do until-state xkvm S
		type \x01c
		expect \(qemu\)
		type \x01x
		expect status 0
		end
	END
	diff tty.before tty.stopped
	same_state
	oracle_after
}

@test "a machine in the background waits to be brought to the front" {
	on_terminal 'set -m
		terminal-state >tty.before
		console &
		read -r _
		terminal-state >tty.background
		fg
		echo "status $?"
		terminal-state >tty.after' <<-'END'
		do until-state xkvm T
		type \r
		expect SeaBIOS
		type \x01x
		expect status 0
		end
	END
	diff tty.before tty.background
	same_state
	oracle_after
}

@test "progress is one line on a terminal, and goes" {
	setup_progress
	on_terminal 'sleep 0.1; "$XKVM" --netdev user --kvm ./stand-in \
			--console none --wait exit; echo "status $?"' <<-'END'
		expect 1 s, firmware: SeaBIOS \(version 1\)
		do touch go
		expect ready: exit after
		expect status 7
		end
	END
	oracle_after
}

setup_progress()
{
	stand_in <<-'END'
		echo 'SeaBIOS (version 1)' >&5
		until [ -e go ]; do sleep 0.05; done
		exit 7
	END
}

# ---- pipes -------------------------------------------------------------------

@test "a megabyte goes out whole, though its reader is late, and one goes in" {
	head -c 1M /dev/urandom >data
	stand_in <<-'END'
		cat data >&5
		touch written
		head -c 1048576 <&5 >received
	END
	mkfifo output
	exec {slow}<>output
	start_stand_in --console stdio <data >output
	# Held back: the reader has not begun.
	! until_true 1 test -e written || fail 'it was not held back'
	head -c 1048576 <output >arrived
	cmp data arrived
	wait_guest
	[ "$guest_status" -eq 0 ]
	cmp data received
	exec {slow}<&-
	oracle_after
}

@test "a reader who has stopped keeps neither a signal nor a time-out waiting" {
	stand_in <<-'END'
		cat /dev/zero >&5
	END
	mkfifo output
	exec {slow}<>output
	start_stand_in --console stdio --wait text:x --timeout 1s </dev/null \
		>output
	wait_guest
	[ "$guest_status" -eq 124 ]
	start_stand_in --console stdio </dev/null >output
	until_true 10 child_of "$guest_pid"
	kill "$guest_pid"
	wait_guest
	[ "$guest_status" -eq 143 ]
	exec {slow}<&-
	oracle_after
}

@test "a reader who has gone ends nothing" {
	stand_in <<-'END'
		until [ -e gone ]; do sleep 0.02; done
		echo one >&5
		sleep 0.1
		echo two >&5
		exit 3
	END
	{
		touch gone
		"$XKVM" -q --netdev user --kvm ./stand-in --console stdio \
			</dev/null 2>"$guest_errors" 3>&- || echo $? >gone
	} | true
	until_true 10 has_line gone 3
	[ ! -s "$guest_errors" ]
	start_stand_in --console stdio --wait text:two </dev/null >/dev/full
	wait_guest
	[ "$guest_status" -eq 3 ]
	said 'standard output: No space left on device'
	said 'ready: text:two'
	oracle_after
}

# ---- files -------------------------------------------------------------------

@test "--console file: and --console-log keep the bytes, with times on request" {
	stand_in <<-'END'
		printf 'one\r\ntw' >&5
		sleep 0.1
		printf 'o\r\nrest' >&5
	END
	printf 'one\r\ntwo\r\nrest' >want
	echo old >plain
	cp plain appended
	start_stand_in --console file:plain </dev/null \
		--console-log appended,append=on,timestamps=on >output
	wait_guest
	[ "$guest_status" -eq 0 ]
	cmp want plain
	[ ! -s output ]
	stamp='[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]{3}Z '
	[ "$(head -n 1 appended)" = old ]
	[ "$(tail -n +2 appended | grep -cE "^$stamp")" -eq 3 ]
	tail -n +2 appended | sed -E "s/^$stamp//" | cmp want
}

@test "a log that cannot be written to is said, and the guest goes on" {
	stand_in <<-'END'
		echo one >&5
		sleep 0.1
		echo two >&5
		exit 3
	END
	start_stand_in --console-log /dev/full --wait text:two </dev/null
	wait_guest
	[ "$guest_status" -eq 3 ]
	said "--console-log '/dev/full': No space left on device"
	[ "$(grep -c 'No space' "$guest_errors")" -eq 1 ]
	said 'ready: text:two'
	start_stand_in --console-log nowhere/log </dev/null
	wait_guest
	[ "$guest_status" -eq 125 ]
	said "--console-log: cannot open 'nowhere/log': No such file"
	oracle_after
}

# ---- sockets -----------------------------------------------------------------

# A machine that says what it reads.
echoing()
{
	stand_in <<-'END'
		echo hello >&5
		while read -r line <&5; do
			echo "<$line>" >&5
			[ "$line" != end ] || exit 0
		done
	END
}

# watch FILE ADDRESS: watches the console into FILE.
watch()
{
	socat -u "$2" - >"$1" 3>&- &
}

has_line()
{
	grep -qx "$2" "$1"
}

# socat_address: as xkvm says it.
socat_address()
{
	sed -n 's/^xkvm: the serial console: socat .* //p' "$guest_errors"
}

@test "several watch a socket, each sees what was before, and types" {
	require_command socat
	echoing
	start_stand_in --console socket:console.sock </dev/null
	until_true 10 test -S console.sock
	[ "$(stat -c %a console.sock)" = 600 ]
	watch first UNIX-CONNECT:console.sock
	until_true 10 has_line first hello
	watch second UNIX-CONNECT:console.sock
	until_true 10 has_line second hello
	echo typed | socat -t 0.1 - UNIX-CONNECT:console.sock >/dev/null
	until_true 10 has_line first '<typed>'
	until_true 10 has_line second '<typed>'
	echo end | socat - UNIX-CONNECT:console.sock >third
	wait_guest
	[ "$guest_status" -eq 0 ]
	has_line third '<end>'
	[ ! -e console.sock ]
}

@test "a socket without a path has no file, and a SIGKILL leaves nothing" {
	require_command socat
	echoing
	start_stand_in --console socket </dev/null
	until_true 10 socat_address
	until_true 10 grep -q ABSTRACT-CONNECT "$guest_errors"
	watch first "$(socat_address)"
	until_true 10 has_line first hello
	kill -KILL "$guest_pid"
	wait_guest
	[ "$guest_status" -eq 137 ]
	oracle_after
}

@test "a stale socket is replaced, one that is in use is not, nor is a file" {
	require_command socat
	echoing
	start_stand_in --console socket:console.sock </dev/null
	until_true 10 test -S console.sock
	kill -KILL "$guest_pid"
	wait_guest
	[ -S console.sock ]
	start_stand_in --console socket:console.sock </dev/null
	until_true 10 grep -q UNIX-CONNECT "$guest_errors"
	run "$XKVM" --netdev user --kvm ./stand-in \
		--console socket:console.sock </dev/null
	[ "$status" -eq 125 ]
	[[ $output == *"cannot make the socket 'console.sock': Address already in use"* ]]
	echo end | socat - UNIX-CONNECT:console.sock >/dev/null
	wait_guest
	echo kept >console.sock
	run "$XKVM" --netdev user --kvm ./stand-in \
		--console socket:console.sock </dev/null
	[ "$status" -eq 125 ]
	[ "$(cat console.sock)" = kept ]
}

@test "a watcher that does not read is sent away, and the others see all" {
	require_command socat
	head -c 700K /dev/urandom | base64 -w 76 >data
	stand_in <<-'END'
		read -r _ <&5
		cat data >&5
		echo >&5
		echo done >&5
		exit 0
	END
	start_stand_in --console socket:console.sock --console-log log </dev/null
	until_true 10 test -S console.sock
	# It never reads.
	socat -U UNIX-CONNECT:console.sock - < <(echo; exec sleep 60) 3>&- &
	wait_guest
	[ "$guest_status" -eq 0 ]
	said 'a watcher of the console does not read, and was sent away'
	head -n -2 log | cmp data
}
