/* SPDX-License-Identifier: Apache-2.0 */
#include "run/boot_signs.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum place {
	AT_START,
	ANYWHERE,
};

/* A line that shows a stage. */
struct stage_sign {
	const char *text;
	enum place place;
	enum boot_stage stage;
};

/*
 * What the firmware, boot loaders, kernels and first processes write of
 * themselves. Of several that fit the first one counts.
 */
static const struct stage_sign STAGES[] = {
	/* The firmware may not have ended its line. */
	{ "] Linux version ", ANYWHERE, BOOT_KERNEL },
	{ "Linux version ", AT_START, BOOT_KERNEL },
	{ "SeaBIOS (version", AT_START, BOOT_FIRMWARE },
	{ "iPXE ", AT_START, BOOT_FIRMWARE },
	{ "Booting from ", AT_START, BOOT_FIRMWARE },
	{ "UEFI firmware (version", AT_START, BOOT_FIRMWARE },
	{ "UEFI Interactive Shell", AT_START, BOOT_FIRMWARE },
	{ "BdsDxe: ", AT_START, BOOT_FIRMWARE },
	{ "SLOF **", AT_START, BOOT_FIRMWARE },
	{ "OpenSBI v", AT_START, BOOT_FIRMWARE },
	{ "U-Boot ", AT_START, BOOT_FIRMWARE },
	{ "LOADPARM=", AT_START, BOOT_FIRMWARE }, /* s390-ccw */
	{ "GRUB loading", AT_START, BOOT_LOADER },
	{ "Welcome to GRUB", AT_START, BOOT_LOADER },
	{ "GNU GRUB ", ANYWHERE, BOOT_LOADER },
	{ "Booting `", ANYWHERE, BOOT_LOADER },
	{ "Loading Linux ", AT_START, BOOT_LOADER },
	{ "Loading initial ramdisk", AT_START, BOOT_LOADER },
	{ "ISOLINUX ", AT_START, BOOT_LOADER },
	{ "SYSLINUX ", AT_START, BOOT_LOADER },
	{ "EFI stub: ", AT_START, BOOT_KERNEL },
	{ "Run /init as init process", AT_START, BOOT_INITRD },
	{ "Loading, please wait...", AT_START, BOOT_INITRD },
	{ "Begin: ", AT_START, BOOT_INITRD }, /* initramfs-tools */
	{ "dracut: ", AT_START, BOOT_INITRD },
	{ "dracut-", AT_START, BOOT_INITRD },
	{ "Running in initrd", ANYWHERE, BOOT_INITRD },
	{ "Run /sbin/init as init process", AT_START, BOOT_USER_SPACE },
	{ "Welcome to ", AT_START, BOOT_USER_SPACE },
	{ "INIT: version ", AT_START, BOOT_USER_SPACE },
	{ "OpenRC ", ANYWHERE, BOOT_USER_SPACE },
	{ "systemd[1]: Startup finished in ", AT_START, BOOT_LOGIN },
	{ "Please press Enter to activate this console", ANYWHERE, BOOT_LOGIN },
};

/* A line that tells of a failure, and how that is said; with NULL, by the line
 * itself. */
struct failure_sign {
	const char *text;
	enum place place;
	enum boot_failure failure;
	const char *reason;
};

static const struct failure_sign FAILURES[] = {
	{ "Kernel panic - not syncing: ", ANYWHERE, BOOT_FAILURE_PANIC, NULL },
	{ "You are in emergency mode", AT_START, BOOT_FAILURE_STUCK,
	  "systemd stopped in emergency mode" },
	{ "You are in rescue mode", AT_START, BOOT_FAILURE_STUCK,
	  "systemd stopped in rescue mode" },
	{ "Cannot open access to console, the root account is locked", AT_START,
	  BOOT_FAILURE_STUCK,
	  "emergency mode, without a shell: the root account is locked" },
	{ "Generating \"/run/initramfs/rdsosreport.txt\"", AT_START,
	  BOOT_FAILURE_STUCK, "dracut stopped at its emergency shell" },
	{ "Entering emergency mode. Exit the shell to continue", AT_START,
	  BOOT_FAILURE_STUCK, "dracut stopped at its emergency shell" },
	{ "Freezing execution", ANYWHERE, BOOT_FAILURE_STUCK,
	  "systemd stopped for good (Freezing execution)" },
	{ "reboot: System halted", ANYWHERE, BOOT_FAILURE_STUCK,
	  "the guest halted and did not power off" },
	{ "No bootable device", AT_START, BOOT_FAILURE_STUCK,
	  "the firmware found nothing to boot" },
	{ "BdsDxe: No bootable option or device was found", AT_START,
	  BOOT_FAILURE_STUCK, "the firmware found nothing to boot" },
	{ "E3404: Not a bootable device", AT_START, BOOT_FAILURE_STUCK,
	  "the firmware found nothing to boot" }, /* SLOF */
};

/* A line that does not grow any more. */
static const struct failure_sign PROMPTS[] = {
	{ "(initramfs)", AT_START, BOOT_FAILURE_STUCK,
	  "the initial ram disk stopped at its shell" },
	{ "dracut:/#", AT_START, BOOT_FAILURE_STUCK,
	  "dracut stopped at its emergency shell" },
	{ "Give root password for maintenance", AT_START, BOOT_FAILURE_STUCK,
	  "systemd stopped in emergency mode" },
	{ "Press Enter for maintenance", AT_START, BOOT_FAILURE_STUCK,
	  "systemd stopped in emergency mode" },
	{ "grub> ", AT_START, BOOT_FAILURE_STUCK,
	  "GRUB stopped at its command line" },
	{ "grub rescue> ", AT_START, BOOT_FAILURE_STUCK,
	  "GRUB stopped at its rescue command line" },
	{ "Shell> ", AT_START, BOOT_FAILURE_STUCK,
	  "UEFI found nothing to boot and stopped at its shell" },
};

/* What is said before a failure, and explains it. */
static const char *const DETAILS[] = {
	"ALERT! ", /* initramfs-tools */
	"error: ", /* GRUB */
	"dracut: FATAL: ",
};

/* Where `text` stands in the line as it is to stand there, or NULL. */
static const char *find(const char *line, const char *text, enum place place)
{
	if (place == ANYWHERE)
		return strstr(line, text);
	return str_starts(line, text) ? line : NULL;
}

/* Kernel messages begin with a time, "[    1.234567] ", and with printk.caller=
 * and the like more. What systemd writes begins with "[  OK  ] ". */
static const char *skip_stamp(const char *line)
{
	const char *s = line;

	while (*s == '[') {
		size_t len = strspn(s + 1, " .0123456789TC");

		if (len == 0 || s[1 + len] != ']' || s[2 + len] != ' ')
			break;
		s += len + 3;
	}
	return s;
}

static void fail(struct boot_signs *signs, enum boot_failure failure,
		 const char *reason)
{
	/* What comes later may say more; but a panic is one. */
	if (signs->failure == BOOT_FAILURE_PANIC)
		return;
	signs->failure = failure;
	snprintf(signs->reason, sizeof(signs->reason), "%s%s%s", reason,
		 *signs->detail ? ": " : "", signs->detail);
}

static void look_for_failure(struct boot_signs *signs, const char *line,
			     const struct failure_sign *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *at = find(line, list[i].text, list[i].place);

		if (!at)
			continue;
		if (!list[i].reason)
			*signs->detail = '\0';
		fail(signs, list[i].failure,
		     list[i].reason ? list[i].reason : at);
		return;
	}
}

/* A guest that starts anew begins at its firmware or kernel; all else is only
 * passed once. */
static void reach(struct boot_signs *signs, enum boot_stage stage)
{
	if (stage <= signs->stage && stage > BOOT_KERNEL)
		return;
	signs->stage = stage;
	*signs->module = '\0';
	if (stage == BOOT_LOGIN)
		signs->is_up = true;
}

/* "Cloud-init v. 22.4.2 running 'modules:final' at ...": the module. */
static void look_for_cloud_init(struct boot_signs *signs, const char *line)
{
	const char *running = strstr(line, " running '");

	if (!str_starts(line, "Cloud-init v. ") || !running ||
	    signs->stage > BOOT_CLOUD_INIT)
		return;
	const char *name = running + strlen(" running '");
	signs->stage = BOOT_CLOUD_INIT;
	snprintf(signs->module, sizeof(signs->module), "%.*s",
		 (int)strcspn(name, "'"), name);
}

/* "[  OK  ] Reached target multi-user.target - Multi-User System." The older
 * ones of systemd have no name there. */
static bool is_last_target(const char *line)
{
	const char *at = strstr(line, "Reached target ");

	return at && (strstr(at, "multi-user.target") ||
		      strstr(at, "Multi-User System") ||
		      strstr(at, "graphical.target") ||
		      strstr(at, "Graphical Interface"));
}

static void look_for_stage(struct boot_signs *signs, const char *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(STAGES); i++) {
		if (find(line, STAGES[i].text, STAGES[i].place)) {
			reach(signs, STAGES[i].stage);
			return;
		}
	}
	if (is_last_target(line))
		reach(signs, BOOT_LOGIN);
	else
		look_for_cloud_init(signs, line);
}

void boot_signs_line(struct boot_signs *signs, const char *line)
{
	const char *text = skip_stamp(line);

	for (size_t i = 0; i < ARRAY_SIZE(DETAILS); i++)
		if (str_starts(text, DETAILS[i]))
			snprintf(signs->detail, sizeof(signs->detail), "%s",
				 text);
	look_for_stage(signs, text);
	look_for_failure(signs, text, FAILURES, ARRAY_SIZE(FAILURES));
}

/* "debian login: ", as getty and login(1) ask. */
static bool asks_for_login(const char *line)
{
	static const char question[] = "login:";
	size_t len = strlen(line), want = strlen(question);

	while (len > 0 && line[len - 1] == ' ')
		len--;
	if (len < want || strncmp(line + len - want, question, want) != 0)
		return false;
	return len == want || line[len - want - 1] == ' ';
}

void boot_signs_prompt(struct boot_signs *signs, const char *line)
{
	if (asks_for_login(line))
		reach(signs, BOOT_LOGIN);
	look_for_failure(signs, line, PROMPTS, ARRAY_SIZE(PROMPTS));
}

const char *boot_signs_stage(const struct boot_signs *signs, char *buf,
			     size_t size)
{
	static const char *const names[] = {
		[BOOT_NOTHING] = "",
		[BOOT_FIRMWARE] = "firmware",
		[BOOT_LOADER] = "boot loader",
		[BOOT_KERNEL] = "kernel",
		[BOOT_INITRD] = "initial ram disk",
		[BOOT_USER_SPACE] = "user space",
		[BOOT_CLOUD_INIT] = "cloud-init",
		[BOOT_LOGIN] = "login",
	};

	snprintf(buf, size, "%s%s%s", names[signs->stage],
		 *signs->module ? " " : "", signs->module);
	return buf;
}
