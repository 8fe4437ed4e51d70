/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/arch.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"

static const struct {
	const char *name;
	const char *qemu_name;
} ALIASES[] = {
	{ "amd64", "x86_64" },	      { "AMD64", "x86_64" },
	{ "x64", "x86_64" },	      { "x86-64", "x86_64" },
	{ "i486", "i386" },	      { "i586", "i386" },
	{ "i686", "i386" },	      { "x86", "i386" },
	{ "arm64", "aarch64" },	      { "ARM64", "aarch64" },
	{ "armel", "arm" },	      { "armhf", "arm" },
	{ "armhfp", "arm" },	      { "armv6l", "arm" },
	{ "armv7", "arm" },	      { "armv7hl", "arm" },
	{ "armv7l", "arm" },	      { "armv8l", "arm" },
	{ "ppc64le", "ppc64" },	      { "ppc64el", "ppc64" },
	{ "powerpc64", "ppc64" },     { "powerpc64le", "ppc64" },
	{ "s390", "s390x" },	      { "riscv", "riscv64" },
	{ "loong64", "loongarch64" }, { "loongarch", "loongarch64" },
};

const char *arch_qemu_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(ALIASES); i++)
		if (str_eq(ALIASES[i].name, name))
			return ALIASES[i].qemu_name;
	return name;
}

bool arch_is_pc(const char *name)
{
	return str_eq(name, "x86_64") || str_eq(name, "i386");
}

int arch_check(const char *name, struct err *err)
{
	size_t good = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

	if (*name == '\0' || name[good] != '\0' || name[0] == '-')
		return err_set(err, -EINVAL,
			       "'%s' is no architecture; QEMU's names are "
			       "x86_64, aarch64, s390x, ppc64, riscv64 and so "
			       "on",
			       name);
	return 0;
}
