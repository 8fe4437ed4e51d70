/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/passthrough.h"

#include <stdlib.h>

#include "base/words.h"

/* QEMU's options that take no argument. All others take one. */
static const char *const FLAGS[] = {
	"S",
	"alt-grab",
	"ctrl-grab",
	"curses",
	"daemonize",
	"enable-fips",
	"enable-kvm",
	"enable-sync-profile",
	"full-screen",
	"h",
	"help",
	"mem-prealloc",
	"no-acpi",
	"no-fd-bootchk",
	"no-frame",
	"no-hpet",
	"no-kvm",
	"no-kvm-irqchip",
	"no-kvm-pit",
	"no-quit",
	"no-reboot",
	"no-shutdown",
	"no-user-config",
	"nodefaults",
	"nodefconfig",
	"nographic",
	"old-param",
	"only-migratable",
	"portrait",
	"preconfig",
	"rtc-td-hack",
	"s",
	"sdl",
	"semihosting",
	"singlestep",
	"snapshot",
	"usb",
	"version",
	"win2k-hack",
	"xen-attach",
	"xen-create",
};

/* Where the guest's output goes to. */
static const char *const SCREEN_OPTIONS[] = {
	"curses", "display", "full-screen", "sdl", "spice", "vga", "vnc",
};

/* Without one of these QEMU has a monitor of its own accord. */
static const char *const MONITOR_OPTIONS[] = {
	"mon",
	"monitor",
	"qmp",
	"qmp-pretty",
};

/* Where one of these is, QEMU makes no serial port of its own accord. */
static const char *const SERIAL_DEVICES[] = {
	"isa-serial",
	"sclpconsole",
	"sclplmconsole",
	"spapr-vty",
};

/* Each names a file to boot from. */
static const char *const MEDIUM_OPTIONS[] = {
	"cdrom", "fda", "fdb", "hda", "hdb", "hdc", "hdd", "kernel", "sd",
};

/* Loaded beside the NICs' own, or with a state in which those are. */
static const char *const ROM_OPTIONS[] = {
	"incoming",
	"loadvm",
	"option-rom",
};

static bool is_among(const char *const *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(list[i], name))
			return true;
	return false;
}

#define IS_AMONG(list, name) is_among(list, ARRAY_SIZE(list), name)

static void read_flag(struct passthrough *pt, const char *name)
{
	if (str_eq(name, "enable-kvm") || str_eq(name, "no-kvm"))
		pt->names_accel = true;
	else if (str_eq(name, "daemonize"))
		pt->is_daemonized = true;
	else if (str_eq(name, "snapshot"))
		pt->is_snapshot = true;
	else if (str_eq(name, "curses"))
		pt->uses_curses = true;
	else if (str_eq(name, "nographic"))
		pt->is_nographic = pt->is_serial_watched = true;
	if (IS_AMONG(SCREEN_OPTIONS, name))
		pt->names_screen = true;
	if (pt->names_screen || pt->is_serial_watched || pt->is_daemonized)
		pt->names_output = true;
}

/* The value of `key` in QEMU's option string, NULL where it has none. The
 * first word, when it is bare, is the value of `implied`. Owned by the
 * caller. */
static char *option_value(const char *arg, const char *key, const char *implied)
{
	cleanup_words struct words words = { 0 };
	struct err ignored;
	char *value = NULL;

	if (words_parse(arg, &words, &ignored) < 0)
		return NULL;
	for (size_t i = 0; i < words.count; i++) {
		const struct word *word = &words.items[i];

		if (word->value && str_eq(word->key, key))
			str_replace(&value, word->value);
		else if (i == 0 && !word->value && str_eq(implied, key))
			str_replace(&value, word->text);
	}
	return value;
}

/* More than any machine has. */
#define CPUS_MAX 65535

/* 0 where there is none. */
static unsigned int option_number(const char *arg, const char *key)
{
	cleanup_free char *value = option_value(arg, key, "cpus");
	char *end;

	if (!value)
		return 0;
	/* Like QEMU, which takes 0x4 and 04 as well. */
	long number = strtol(value, &end, 0);
	if (*end != '\0' || number < 0 || number > CPUS_MAX)
		return 0;
	return (unsigned int)number;
}

unsigned int smp_count_cpus(const char *arg)
{
	static const char *const levels[] = { "drawers", "books",    "sockets",
					      "dies",	 "clusters", "modules",
					      "cores",	 "threads" };
	unsigned int cpus = option_number(arg, "cpus");
	unsigned int product = 1;
	bool is_known = false;

	if (!cpus)
		cpus = option_number(arg, "maxcpus");
	if (cpus)
		return cpus;
	for (size_t i = 0; i < ARRAY_SIZE(levels); i++) {
		unsigned int count = option_number(arg, levels[i]);

		if (count && product <= CPUS_MAX / count) {
			product *= count;
			is_known = true;
		}
	}
	return is_known ? product : 0;
}

/* Whether -boot leads to the network: by its letter n, or by a menu from which
 * a person may choose it. */
static bool boots_network(const char *arg)
{
	cleanup_free char *order = option_value(arg, "order", "order");
	cleanup_free char *once = option_value(arg, "once", "order");
	cleanup_free char *menu = option_value(arg, "menu", "order");

	return (order && strchr(order, 'n')) || (once && strchr(once, 'n')) ||
	       (menu && str_eq(menu, "on"));
}

/* What there is to boot, and from where. */
static void read_boot_option(struct passthrough *pt, const char *name,
			     const char *arg)
{
	cleanup_free char *value = NULL;

	if (str_eq(name, "kernel") || str_eq(name, "initrd") ||
	    str_eq(name, "append"))
		pt->kernel_option = name;
	if (str_eq(name, "kernel"))
		pt->has_kernel = true;
	if (IS_AMONG(MEDIUM_OPTIONS, name)) {
		pt->has_medium = true;
		/* All but a kernel are on the machine's own controllers. */
		pt->mentions_ide = pt->mentions_ide || !str_eq(name, "kernel");
	} else if (IS_AMONG(ROM_OPTIONS, name)) {
		pt->keeps_roms = true;
	} else if (str_eq(name, "drive")) {
		value = option_value(arg, "if", "file");
		if (!value || !str_eq(value, "pflash"))
			pt->has_medium = true;
		/* Without an interface, the machine's own. */
		if (!value)
			pt->mentions_ide = true;
	} else if (str_eq(name, "device")) {
		value = option_value(arg, "drive", "driver");
		if (value)
			pt->has_medium = true;
	} else if (str_eq(name, "boot")) {
		if (boots_network(arg))
			pt->keeps_roms = true;
	}
}

static void read_output_option(struct passthrough *pt, const char *name,
			       const char *arg)
{
	bool is_screen = IS_AMONG(SCREEN_OPTIONS, name);
	bool is_none = str_eq(arg, "none");

	if (is_screen) {
		pt->names_output = true;
		pt->names_screen = pt->names_screen || !is_none;
	}
	if (str_eq(name, "serial") ||
	    (is_screen && is_none && !str_eq(name, "vga"))) {
		pt->is_serial_watched = true;
		pt->names_output = true;
	}
}

static void read_console_option(struct passthrough *pt, const char *name,
				const char *arg)
{
	if (IS_AMONG(MONITOR_OPTIONS, name))
		pt->names_monitor = true;
	if (str_eq(name, "serial"))
		pt->names_serial = true;
	if (str_eq(name, "device")) {
		cleanup_free char *driver =
			option_value(arg, "driver", "driver");

		if (driver && IS_AMONG(SERIAL_DEVICES, driver))
			pt->names_serial = true;
	}
}

char *machine_type_of(const char *arg)
{
	cleanup_free char *type = option_value(arg, "type", "type");

	return type && *type ? take_ptr(type) : NULL;
}

static void read_machine(struct passthrough *pt, const char *arg)
{
	cleanup_free char *accel = option_value(arg, "accel", "type");
	char *type = machine_type_of(arg);

	pt->names_machine = true;
	pt->names_accel = pt->names_accel || accel;
	if (type) {
		free(pt->machine_type);
		pt->machine_type = type;
	}
}

static void read_option(struct passthrough *pt, const char *name,
			const char *arg)
{
	cleanup_free char *value = NULL;

	read_boot_option(pt, name, arg);
	read_output_option(pt, name, arg);
	read_console_option(pt, name, arg);

	if (str_eq(name, "accel")) {
		pt->names_accel = true;
	} else if (str_eq(name, "machine") || str_eq(name, "M")) {
		read_machine(pt, arg);
	} else if (str_eq(name, "cpu")) {
		pt->names_cpu = true;
	} else if (str_eq(name, "initrd")) {
		pt->names_initrd = true;
	} else if (str_eq(name, "m")) {
		pt->names_memory = true;
	} else if (str_eq(name, "display")) {
		value = option_value(arg, "type", "type");
		pt->uses_curses = value && str_eq(value, "curses");
	} else if (str_eq(name, "smp")) {
		pt->names_smp = true;
		pt->cpus = smp_count_cpus(arg);
	} else if (str_eq(name, "name")) {
		value = option_value(arg, "guest", "guest");
		str_replace(&pt->guest_name, value && *value ? value : NULL);
	}
}

static void add_fd(struct passthrough *pt, long fd)
{
	/* Numbers no process can have are QEMU's to complain about. */
	if (fd <= 2 || fd > 1048576)
		return;
	for (size_t i = 0; i < pt->fd_count; i++)
		if (pt->fds[i] == fd)
			return;
	pt->fds = xreallocarray(pt->fds, pt->fd_count + 1, sizeof(*pt->fds));
	pt->fds[pt->fd_count++] = (int)fd;
}

/* Numbers separated by ':', as in fds=3:4. */
static void add_fd_list(struct passthrough *pt, const char *s)
{
	while (*s >= '0' && *s <= '9') {
		char *end;

		add_fd(pt, strtol(s, &end, 10));
		if (*end != ':')
			break;
		s = end + 1;
	}
}

void passthrough_add_fds(struct passthrough *pt, const char *arg)
{
	static const char *const marks[] = { "fd=", "fds=", "/dev/fd/",
					     "/proc/self/fd/" };

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		for (const char *p = arg; (p = strstr(p, marks[i]));) {
			p += strlen(marks[i]);
			add_fd_list(pt, p);
		}
	}
}

/* What counts wherever it stands. */
static void read_text(struct passthrough *pt, const char *arg)
{
	if (strstr(arg, "romfile"))
		pt->keeps_roms = true;
	if (strstr(arg, "org.qemu.guest_agent."))
		pt->names_agent = true;
	if (strstr(arg, "scsi"))
		pt->mentions_scsi = true;
	if (strstr(arg, "ide"))
		pt->mentions_ide = true;
}

void passthrough_read(const struct strv *args, struct passthrough *ret)
{
	struct passthrough pt = { 0 };

	for (size_t i = 0; i < args->count; i++) {
		const char *arg = args->items[i];

		passthrough_add_fds(&pt, arg);
		read_text(&pt, arg);
		if (arg[0] != '-' || arg[1] == '\0')
			continue;
		const char *name = arg + (arg[1] == '-' ? 2 : 1);
		if (IS_AMONG(FLAGS, name)) {
			read_flag(&pt, name);
		} else if (i + 1 < args->count) {
			i++;
			passthrough_add_fds(&pt, args->items[i]);
			read_text(&pt, args->items[i]);
			read_option(&pt, name, args->items[i]);
		}
	}
	*ret = pt;
}

void passthrough_done(struct passthrough *pt)
{
	free(pt->machine_type);
	free(pt->guest_name);
	free(pt->fds);
	*pt = (struct passthrough){ 0 };
}
