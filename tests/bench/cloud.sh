# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# A cloud image, up to a login; a part of run, whose functions and variables it
# uses. The program cloud, beside this file, does it, and can be called by itself.

# shellcheck disable=SC2154 # set by run
{
	: "$here" "$work"
}

echo
BENCH_JSON=$work/cloud.json "$here/cloud" "$(share 60)"
jq -c '.group as $group | .rows[] | {group: $group} + .' "$work/cloud.json" \
	>>"$work/rows"
