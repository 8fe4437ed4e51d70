# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the tests of the command line have in common. They run no guest, need no
# privilege and touch no network; QEMU is there to be asked. From the
# environment: XKVM, the program (build/xkvm without it).

bats_require_minimum_version 1.5.0

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
XKVM=${XKVM:-$top/build/xkvm}
# What should have been refused may run a guest instead, for so many seconds.
deadline=30

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	# What the person who runs the tests has set does not count.
	unset DEF_DISK_DRIVER DEF_NETMODEL _QEMU_SUPPORTS_FILE_LOCKING
	# Nor what has been asked of QEMU before.
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	# The same on every host.
	export XKVM_ACCEL=tcg
}

# fail MESSAGE...: ends the test.
fail()
{
	printf '%s\n' "$*" >&2
	return 1
}

# xkvm ARGUMENT...: runs it; then $status, $output and $stderr are known.
xkvm()
{
	run --separate-stderr timeout "$deadline" "$XKVM" "$@"
}

# refuses STATUS TEXT ARGUMENT...: xkvm ends with STATUS, prints nothing, and
# has TEXT in the one line of its message.
refuses()
{
	local want=$1 text=$2

	shift 2
	xkvm "$@"
	[[ $status == "$want" ]] ||
		fail "'$*' ended with $status, not $want: $stderr" || return
	[[ -z $output ]] || fail "'$*' printed: $output" || return
	((${#stderr_lines[@]} == 1)) ||
		fail "'$*' said more than a line: $stderr" || return
	[[ $stderr == "xkvm: "* && $stderr == *"$text"* ]] ||
		fail "'$*' did not say '$text' but: $stderr"
}

# argv WORD...: the arguments that `xkvm --dry-run` would give QEMU, a line
# each.
argv()
{
	"$XKVM" --dry-run=json "$@" | jq -r '.argv[]'
}

# help_options: the options that --help lists, as it writes them; a long one has
# a line of its own.
help_options()
{
	"$XKVM" --help | sed -n -e 's/^  *\(-[^ ].*[^ ]\)  .*/\1/p' -e t \
		-e 's/^  *\(--[^ ].*[^ ]\)$/\1/p'
}

# long_options: their names without dashes.
long_options()
{
	help_options | grep -o -e '--[a-z0-9-]*' | sed 's/^--//'
}
