/* SPDX-License-Identifier: Apache-2.0 */
#include "run/boot_signs.h"

#include "check.h"

#define LINES_MAX 8

/* Whole lines as guests write them, the last one perhaps a prompt, and what is
 * known after them. */
static const struct {
	const char *lines[LINES_MAX];
	const char *prompt;
	const char *stage;
	bool is_up;
	enum boot_failure failure;
	const char *reason;
} rows[] = {
	{ { "nothing of note" }, NULL, "", false, 0, "" },
	{ { "SeaBIOS (version 1.16.2-debian-1.16.2-1)" },
	  NULL,
	  "firmware",
	  false,
	  0,
	  "" },
	{ { "UEFI firmware (version 2022.11-6 built at ...)" },
	  NULL,
	  "firmware",
	  false,
	  0,
	  "" },
	{ { "Welcome to GRUB!" }, NULL, "boot loader", false, 0, "" },
	{ { "  Booting `Debian GNU/Linux'" },
	  NULL,
	  "boot loader",
	  false,
	  0,
	  "" },
	{ { "[    0.000000] Linux version 6.1.0-28-amd64 (debian-kernel)" },
	  NULL,
	  "kernel",
	  false,
	  0,
	  "" },
	{ { "Booting from ROM..[    0.000000] Linux version 6.1.0" },
	  NULL,
	  "kernel",
	  false,
	  0,
	  "" },
	{ { "[    0.000000][    T0] Linux version 6.12.0" },
	  NULL,
	  "kernel",
	  false,
	  0,
	  "" },
	{ { "EFI stub: Booting Linux Kernel..." },
	  NULL,
	  "kernel",
	  false,
	  0,
	  "" },
	{ { "[    1.204141] Run /init as init process",
	    "Loading, please wait..." },
	  NULL,
	  "initial ram disk",
	  false,
	  0,
	  "" },
	{ { "[    2.1] systemd[1]: Running in initrd." },
	  NULL,
	  "initial ram disk",
	  false,
	  0,
	  "" },
	{ { "Welcome to Debian GNU/Linux 12 (bookworm)!" },
	  NULL,
	  "user space",
	  false,
	  0,
	  "" },
	{ { "[   12.345678] cloud-init[312]: x",
	    "Cloud-init v. 22.4.2 running 'init-local' at Mon, 23 Nov" },
	  NULL,
	  "cloud-init init-local",
	  false,
	  0,
	  "" },
	{ { "Cloud-init v. 22.4.2 running 'init' at Mon",
	    "Cloud-init v. 22.4.2 running 'modules:final' at Mon" },
	  NULL,
	  "cloud-init modules:final",
	  false,
	  0,
	  "" },
	{ { "Cloud-init v. 22.4.2 finished at Mon" }, NULL, "", false, 0, "" },

	/* Up. */
	{ { "[  OK  ] Reached target multi-user.target - Multi-User System." },
	  NULL,
	  "login",
	  true,
	  0,
	  "" },
	{ { "[  OK  ] Reached target Multi-User System." },
	  NULL,
	  "login",
	  true,
	  0,
	  "" },
	{ { "[  OK  ] Reached target initrd-root-fs.target" },
	  NULL,
	  "",
	  false,
	  0,
	  "" },
	{ { "[   20.1] systemd[1]: Startup finished in 2.1s (kernel) + 9s." },
	  NULL,
	  "login",
	  true,
	  0,
	  "" },
	{ { NULL }, "debian login: ", "login", true, 0, "" },
	{ { NULL }, "login: ", "login", true, 0, "" },
	{ { NULL }, "(none) login:", "login", true, 0, "" },
	{ { "debian login: x" }, NULL, "", false, 0, "" },
	{ { NULL }, "weblogin: ", "", false, 0, "" },
	{ { NULL }, "Last login: Mon", "", false, 0, "" },
	/* cloud-init goes on when logins are possible already. */
	{ { "[  OK  ] Reached target Multi-User System.",
	    "Cloud-init v. 22.4.2 running 'modules:final' at Mon" },
	  NULL,
	  "login",
	  true,
	  0,
	  "" },
	/* Stages do not go back, but for a guest that starts anew. */
	{ { "Welcome to Debian", "Begin: Loading essential drivers" },
	  NULL,
	  "user space",
	  false,
	  0,
	  "" },
	{ { "Welcome to Debian", "[    0.000000] Linux version 6" },
	  NULL,
	  "kernel",
	  false,
	  0,
	  "" },

	/* Failures. */
	{ { "[    1.5] Kernel panic - not syncing: VFS: Unable to mount root "
	    "fs on unknown-block(0,0)",
	    "[    1.6] CPU: 0 PID: 1 Comm: swapper/0" },
	  NULL,
	  "",
	  false,
	  BOOT_FAILURE_PANIC,
	  "Kernel panic - not syncing: VFS: Unable to mount root fs on "
	  "unknown-block(0,0)" },
	{ { "[  9.1][T1] Kernel panic - not syncing: sysrq triggered crash" },
	  NULL,
	  "",
	  false,
	  BOOT_FAILURE_PANIC,
	  "Kernel panic - not syncing: sysrq triggered crash" },
	{ { "You are in emergency mode. After logging in, type "
	    "\"journalctl -xb\" to view" },
	  NULL,
	  "",
	  false,
	  BOOT_FAILURE_STUCK,
	  "systemd stopped in emergency mode" },
	{ { "You are in emergency mode. After logging in, type x",
	    "Cannot open access to console, the root account is locked.",
	    "See sulogin(8) man page for more details." },
	  "Press Enter to continue.",
	  "",
	  false,
	  BOOT_FAILURE_STUCK,
	  "emergency mode, without a shell: the root account is locked" },
	{ { "You are in rescue mode. After logging in" },
	  NULL,
	  "",
	  false,
	  BOOT_FAILURE_STUCK,
	  "systemd stopped in rescue mode" },
	{ { NULL },
	  "Give root password for maintenance",
	  "",
	  false,
	  BOOT_FAILURE_STUCK,
	  "systemd stopped in emergency mode" },
	{ { "ALERT!  /dev/vda9 does not exist.  Dropping to a shell!" },
	  "(initramfs) ",
	  "",
	  false,
	  BOOT_FAILURE_STUCK,
	  "the initial ram disk stopped at its shell: ALERT!  /dev/vda9 does "
	  "not exist.  Dropping to a shell!" },
	{ { NULL },
	  "(initramfs) ",
	  "",
	  false,
	  BOOT_FAILURE_STUCK,
	  "the initial ram disk stopped at its shell" },
	{ { "Generating \"/run/initramfs/rdsosreport.txt\"" },
	  "dracut:/# ",
	  "",
	  false,
	  BOOT_FAILURE_STUCK,
	  "dracut stopped at its emergency shell" },
	{ { "[    3.0] systemd[1]: Freezing execution." },
	  NULL,
	  "",
	  false,
	  BOOT_FAILURE_STUCK,
	  "systemd stopped for good (Freezing execution)" },
	{ { "[   30.0] reboot: System halted" },
	  NULL,
	  "",
	  false,
	  BOOT_FAILURE_STUCK,
	  "the guest halted and did not power off" },
	{ { "[   30.0] reboot: Power down" }, NULL, "", false, 0, "" },
	{ { "Booting from Hard Disk...", "Boot failed: not a bootable disk",
	    "No bootable device." },
	  NULL,
	  "firmware",
	  false,
	  BOOT_FAILURE_STUCK,
	  "the firmware found nothing to boot" },
	{ { "BdsDxe: No bootable option or device was found." },
	  NULL,
	  "firmware",
	  false,
	  BOOT_FAILURE_STUCK,
	  "the firmware found nothing to boot" },
	{ { "UEFI Interactive Shell v2.2" },
	  "Shell> ",
	  "firmware",
	  false,
	  BOOT_FAILURE_STUCK,
	  "UEFI found nothing to boot and stopped at its shell" },
	{ { "error: no such partition." },
	  "grub rescue> ",
	  "",
	  false,
	  BOOT_FAILURE_STUCK,
	  "GRUB stopped at its rescue command line: error: no such "
	  "partition." },
	/* A panic is what counts, whatever follows. */
	{ { "Kernel panic - not syncing: x", "No bootable device." },
	  NULL,
	  "",
	  false,
	  BOOT_FAILURE_PANIC,
	  "Kernel panic - not syncing: x" },
	{ { "it said 'You are in emergency mode'" },
	  "echo (initramfs)",
	  "",
	  false,
	  0,
	  "" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *row = rows[i].lines[0] ? rows[i].lines[0]
						   : rows[i].prompt;
		struct boot_signs signs = { 0 };
		char stage[BOOT_STAGE_MAX];

		for (size_t j = 0; rows[i].lines[j]; j++)
			boot_signs_line(&signs, rows[i].lines[j]);
		if (rows[i].prompt)
			boot_signs_prompt(&signs, rows[i].prompt);
		check_text(row, boot_signs_stage(&signs, stage, sizeof(stage)),
			   rows[i].stage);
		check_number(row, signs.is_up, rows[i].is_up);
		check_number(row, signs.failure, rows[i].failure);
		check_text(row, signs.reason, rows[i].reason);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
