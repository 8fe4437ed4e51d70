# SPDX-License-Identifier: Apache-2.0
#
# Options: how they may be written, and what is said where they are wrong.

load lib

@test "--help is on standard output and fits a terminal" {
	for word in --help -h; do
		xkvm "$word"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[[ ${lines[0]} == "usage: xkvm "* ]]
		run ! grep -E '.{81}' <<<"$output"
	done
}

@test "each command has a --help of its own" {
	for command in 'tap-control make-nics' 'tap-control ovs-cleanup' completion cache gc seed
	do
		# shellcheck disable=SC2086 # two words
		xkvm $command --help
		[ "$status" -eq 0 ]
		[[ ${lines[0]} == "usage: xkvm $command "* ]]
	done
}

@test "gc takes no argument" {
	xkvm gc br0
	[ "$status" -eq 2 ]
	[ "$stderr" = "xkvm: gc takes no argument; 'br0' is one" ]
}

@test "--version is one line" {
	xkvm --version
	[ "$status" -eq 0 ]
	[[ $output =~ ^xkvm\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "--help is shown whatever else is there" {
	xkvm --netdev user --help --disk missing.img
	[ "$status" -eq 0 ]
	[[ $output == usage:* ]]
}

@test "an unknown option is named, with the one that may be meant" {
	refuses 2 "unknown option '--netdew', did you mean '--netdev'?" --netdew user
	refuses 2 "unknown option '--xyzzy'" --xyzzy
	refuses 2 "unknown option '-z'" -z
	refuses 2 "unknown option '--nographic'" --nographic
}

@test "a shortened option is taken where it is unambiguous" {
	xkvm --dry --net user
	[ "$status" -eq 0 ]
	xkvm --dry --netd=user --verb
	[ "$status" -eq 0 ]
	refuses 2 "option '--kvm' needs a value (PROGRAM)" --k
	refuses 2 "option '--d' is ambiguous: it may mean --disk, --dowait, --dry-run" \
		--d
	# Where only one of them is as old as the scripts, it is that one.
	xkvm --dry --no --netdev user
	[ "$status" -eq 0 ]
}

@test "an option's value may stand in the same word or in the next" {
	argv --netdev user,model=e1000 >apart
	argv --netdev=user,model=e1000 >together
	argv -n user,model=e1000 >short
	argv -nuser,model=e1000 >glued
	[ -s apart ]
	for file in together short glued; do
		cmp apart "$file"
	done
}

@test "options and QEMU's arguments may be mixed, -- ends the options" {
	argv --netdev user -- -snapshot --disk x >after
	[ "$(tail -n 3 after | paste -sd ' ')" = "-snapshot --disk x" ]
}

@test "a value that is missing, or not wanted, is an error" {
	refuses 2 "option '--disk' needs a value (DISK)" --disk
	refuses 2 "option '--disk' needs a value (DISK)" -d
	refuses 2 "option '--quiet' takes no value" --quiet=yes
	refuses 2 "--dry-run=xml: the only other form is json" --dry-run=xml
}

@test "a command that is not there is an error" {
	refuses 2 "tap-control needs a mode" tap-control
	refuses 2 "tap-control 'make': the modes are make-nics and ovs-cleanup" \
		tap-control make
	refuses 2 "completion needs a shell" completion
	refuses 2 "completion needs a shell" completion tcsh
	refuses 2 "make-nics needs at least one bridge" tap-control make-nics
}

@test "numbers and words of the options are checked" {
	refuses 2 "--grace 'soon': give seconds" --grace soon
	refuses 2 "--grace '-1': give seconds" --grace=-1
	refuses 2 "--grace 'nan': give seconds" --grace nan
	refuses 2 "--grace '1e9': give seconds" --grace 1e9
	refuses 2 "unknown accelerator 'hax'; use auto, kvm or tcg" --accel hax
	refuses 2 "--arch" --arch ../x
	refuses 2 "--bios and --uefi exclude each other" --bios x --uefi
	refuses 2 "--bios and --uefi-nvram exclude each other" \
		--uefi-nvram x --bios x
}

@test "an argument that is no option goes to QEMU" {
	argv --netdev user extra >arguments
	[ "$(tail -n 1 arguments)" = extra ]
}
