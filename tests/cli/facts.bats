#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# What tests/golden/facts says about QEMU is what QEMU says. Only the version
# that was asked then can be asked again; another may have other devices.

recorded_version=7.2

setup()
{
	facts="$BATS_TEST_DIRNAME/../golden/facts"
	golden="$(dirname "${XKVM:?names the xkvm to test}")/tests/golden/golden"
}

# compare ARCH
compare()
{
	local program="qemu-system-$1" version

	command -v "$program" >/dev/null || skip "$program is not installed"
	version=$("$program" --version | sed -n 's/.* version \([0-9]*\.[0-9]*\).*/\1/p')
	[ "$version" = "$recorded_version" ] ||
		skip "the facts are of QEMU $recorded_version, this is $version"
	"$golden" record "$1" | diff -u "$facts/qemu-$recorded_version-$1.json" -
}

@test "the facts of x86_64 are QEMU's" { compare x86_64; }
@test "the facts of i386 are QEMU's" { compare i386; }
@test "the facts of aarch64 are QEMU's" { compare aarch64; }
@test "the facts of arm are QEMU's" { compare arm; }
@test "the facts of ppc64 are QEMU's" { compare ppc64; }
@test "the facts of s390x are QEMU's" { compare s390x; }
@test "the facts of riscv64 are QEMU's" { compare riscv64; }
@test "the facts of loongarch64 are QEMU's" { compare loongarch64; }

@test "each recorded QEMU is compared here" {
	for file in "$facts"/qemu-*.json; do
		arch=${file##*-}
		grep -q "{ compare ${arch%.json}; }" "$BATS_TEST_FILENAME"
	done
}
