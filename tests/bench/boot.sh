# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# Guests that boot; a part of run, whose functions and variables it uses. The
# program boot, beside this file, does it, and can be called by itself.

# shellcheck disable=SC2154 # set by run
{
	: "$here" "$build" "$work"
}

guest=${XKVM_GUEST:-$build/guest}
[ -e "$guest/kernel.efi" ] || {
	echo "bench: no guest to boot; 'tests/guest/build $guest' makes it" >&2
	exit 1
}
echo
BENCH_JSON=$work/boot.json "$here/boot" "$(share 20)"
jq -c '.group as $group | .rows[] | {group: $group} + .' "$work/boot.json" \
	>>"$work/rows"
