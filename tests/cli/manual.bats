# SPDX-License-Identifier: Apache-2.0
#
# The manual page and --help list the same options, written in the same way.

load lib

# manual_options: those of the section OPTIONS, without scdoc's marks.
manual_options()
{
	awk '/^# / { inside = $2 == "OPTIONS" } inside && /^\*-/' \
		"$top/docs/xkvm.1.scd" | tr -d '*_' | sed 's/[[:space:]]*$//'
}

@test "xkvm(1) lists the options of --help in their order" {
	help_options >help
	manual_options >manual
	[ -s help ]
	diff help manual
}

@test "xkvm(1) names the other commands, variables and exit statuses" {
	local word

	for word in make-nics ovs-cleanup setup "xkvm seed" "firmware list" completion \
		DEF_DISK_DRIVER DEF_NETMODEL _QEMU_SUPPORTS_FILE_LOCKING \
		XKVM_ACCEL XKVM_NET_SOCKET 125 126; do
		sed 's/[*\]//g' "$top/docs/xkvm.1.scd" | grep -qw -e "$word" ||
			fail "xkvm(1) does not mention $word"
	done
}
