# SPDX-License-Identifier: Apache-2.0
#
# xkvm at a terminal and in a pipe: what reaches the guest, what the keys do,
# and that the terminal is as it was afterwards, whoever dies.

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
	export XKVM qmp_socket top
	# machine WORD...: xkvm, with these arguments for QEMU.
	cat >bin/machine <<-'END'
		#!/bin/sh
		exec "$XKVM" --netdev user -- -display none -m 32 \
			-qmp "unix:$qmp_socket,server=on,wait=off" "$@"
	END
	# console: the same without a word of QEMU's monitor, so that it is on the
	# terminal too. The firmware says that it is up.
	cat >bin/console <<-'END'
		#!/bin/sh
		exec "$XKVM" --netdev user -- -nographic -m 32
	END
	# terminal-state: its mode, and the flags of the open terminal.
	cat >bin/terminal-state <<-'END'
		#!/bin/sh
		stty -g
		grep flags "/proc/self/fdinfo/0"
	END
	# until-up: waits until the machine runs.
	cat >bin/until-up <<-'END'
		#!/bin/sh
		until "$top/tests/system/qmp" "$qmp_socket" query-status 2>/dev/null |
			grep -q '"running"'
		do
			sleep 0.02
		done
	END
	# process NAME: the only process of that name (xkvm or qemu).
	cat >bin/process <<-'END'
		#!/bin/sh
		for folder in /proc/[0-9]*; do
			read -r name <"$folder/comm" || continue
			case $name in "$1"*) echo "${folder#/proc/}" ;; esac
		done 2>/dev/null
	END
	# until-state NAME STATE: waits until that process is in it (T: stopped,
	# gone: there is none).
	cat >bin/until-state <<-'END'
		#!/bin/sh
		while :; do
			pid=$(process "$1")
			case $2 in
			gone) [ -n "$pid" ] || exit 0 ;;
			*) ! grep -q "^State:.$2" "/proc/$pid/status" || exit 0 ;;
			esac
			sleep 0.02
		done
	END
	chmod +x bin/*
}

# on_terminal SCRIPT: the shell script on a terminal, and the steps in front of
# it from the standard input.
on_terminal()
{
	"$top/tests/system/on-terminal" sh -c "$1" 3>&-
}

# same_state: whether the terminal is at its end as it was before.
same_state()
{
	[[ -s tty.before ]] && diff tty.before tty.after
}

# around COMMAND: a script that notes the terminal's state before and after.
around()
{
	echo "trap : INT; terminal-state >tty.before; $1; echo \"status \$?\"
		terminal-state >tty.after"
}

# ---- keys --------------------------------------------------------------------

@test "Ctrl-A x ends QEMU under -nographic" {
	on_terminal "$(around 'console')" <<-'END'
		expect SeaBIOS
		type \x01x
		expect QEMU: Terminated
		expect status 0
		end
	END
	same_state
	oracle_after
}

@test "Ctrl-A c is QEMU's monitor under -nographic" {
	on_terminal "$(around 'console')" <<-'END'
		expect SeaBIOS
		type \x01c
		expect \(qemu\)
		type info status\r
		expect VM status: running
		type quit\r
		expect status 0
		end
	END
	same_state
	oracle_after
}

@test "Ctrl-C ends a machine whose serial line is the terminal" {
	on_terminal "$(around 'machine -monitor none -serial stdio')" <<-'END'
		do until-up
		type \x03
		expect status 130
		end
	END
	same_state
	oracle_after
}

@test "Ctrl-C under -nographic is the guest's" {
	on_terminal "$(around 'console')" <<-'END'
		expect SeaBIOS
		type \x03
		type \x01c
		expect \(qemu\)
		type quit\r
		expect status 0
		end
	END
	oracle_after
}

@test "fault 62: Ctrl-Z stops all, fg goes on, the terminal is the shell's" {
	on_terminal 'set -m
		terminal-state >tty.before
		machine -monitor none -serial stdio
		terminal-state >tty.stopped
		echo "is stopped"
		read -r _
		fg
		echo "status $?"
		terminal-state >tty.after' <<-'END'
		do until-up
		type \x1a
		expect is stopped
		do until-state qemu T
		do until-state xkvm T
		type \r
		do until-up
		type \x03
		expect status 130
		end
	END
	diff tty.before tty.stopped
	same_state
	oracle_after
}

@test "SIGTSTP and SIGCONT from elsewhere do the same" {
	on_terminal 'set -m
		machine -monitor none -serial stdio
		terminal-state >tty.before
		echo "is stopped"
		read -r _
		fg
		terminal-state >tty.after' <<-'END'
		do until-up
		do kill -TSTP $(process xkvm)
		expect is stopped
		do until-state qemu T
		type \r
		do until-up
		do kill -TERM $(process xkvm)
		end
	END
	same_state
	oracle_after
}

# ---- deaths ------------------------------------------------------------------

@test "fault 62: the terminal is sane after QEMU was killed" {
	on_terminal "$(around 'console')" <<-'END'
		expect SeaBIOS
		do kill -KILL $(process qemu)
		expect status 137
		end
	END
	same_state
	oracle_after
}

@test "the terminal is sane after xkvm was killed" {
	on_terminal 'terminal-state >tty.before
		console
		echo "status $?"
		until-state qemu gone
		terminal-state >tty.after' <<-'END'
		expect SeaBIOS
		do kill -KILL $(process xkvm)
		expect status 137
		end
	END
	same_state
	oracle_after
}

@test "the terminal is sane after a curses display was killed" {
	qemu-system-x86_64 -display help | grep -qx curses ||
		skip 'needs a QEMU with curses'
	TERM=xterm on_terminal "$(around 'machine -display curses')" <<-'END'
		do until-up
		do kill -KILL $(process qemu)
		expect \x1b\[\?1049l
		expect status 137
		end
	END
	same_state
	oracle_after
}

@test "a terminal that is closed ends the machine" {
	run on_terminal 'console' <<-'END'
		expect SeaBIOS
	END
	timeout 5 until-state xkvm gone
	timeout 5 until-state qemu gone
	oracle_after
}

@test "a machine in the background waits to be brought to the front" {
	on_terminal 'set -m
		terminal-state >tty.before
		machine -monitor none -serial stdio &
		read -r _
		terminal-state >tty.background
		fg
		echo "status $?"
		terminal-state >tty.after' <<-'END'
		do until-state xkvm T
		type \r
		do until-up
		type \x03
		expect status 130
		end
	END
	diff tty.before tty.background
	same_state
	oracle_after
}

# ---- pipes -------------------------------------------------------------------

@test "fault 61: a megabyte in a pipe arrives whole in the guest" {
	local sum

	head -c 1M /dev/urandom >data
	sum=$(sha256sum <data)
	mkfifo input
	exec {input}<>input
	guest_script <<-'END'
		port=$(ls /dev/vport*p1)
		say listening
		say "$(head -c 1048576 <"$port" | sha256sum)"
	END
	read -r console <"$XKVM_GUEST/console"
	"$XKVM" --netdev user -- -kernel "$XKVM_GUEST/kernel" -m 256 \
		-initrd "$guest_initrd" -append "console=$console quiet no_timer_check" \
		-display none -monitor none -serial "file:$guest_console" \
		-chardev stdio,id=in -device virtio-serial,id=ports \
		-device virtserialport,chardev=in,bus=ports.0,nr=1 \
		<input >output 2>"$guest_errors" 3>&- &
	guest_pid=$!
	await_guest listening
	cat data >input
	wait_guest
	[ "$guest_status" -eq 0 ]
	guest_said "$sum"
	oracle_after
}

@test "what a pipe brings is QEMU's, and with --dowait it is left alone" {
	printf '#!/bin/sh\nexec cat\n' >echoing
	chmod +x echoing
	head -c 1M /dev/urandom | tee data |
		"$XKVM" --kvm ./echoing --netdev user >output
	cmp data output
	{
		"$XKVM" --dowait --kvm ./echoing --netdev user >output
		cat >rest
	} <data
	[ ! -s output ]
	cmp data rest
	oracle_after
}

@test "-serial stdio is a pipe to the guest and back" {
	mkfifo input
	exec {input}<>input
	guest_script <<-'END'
		stty -F /dev/ttyS1 raw -echo
		exec 4<>/dev/ttyS1
		say listening
		head -n 1 <&4 >&4
	END
	read -r console <"$XKVM_GUEST/console"
	"$XKVM" --netdev user -- -kernel "$XKVM_GUEST/kernel" -m 256 \
		-initrd "$guest_initrd" -append "console=$console quiet no_timer_check" \
		-display none -monitor none -serial "file:$guest_console" \
		-serial stdio <input >output 2>"$guest_errors" 3>&- &
	guest_pid=$!
	await_guest listening
	echo 'there and back' >input
	wait_guest
	[ "$guest_status" -eq 0 ]
	[ "$(cat output)" = 'there and back' ]
}
