/* SPDX-License-Identifier: Apache-2.0 */
/* xkvm tap-control: persistent taps, for programs that want one by name. */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "cmd/command.h"
#include "run/outcome.h"
#include "run/tap_control.h"
#include "spec/nic_spec.h"
#include "spec/ovsdb_path.h"

/* The shell tool's status for everything that goes wrong here. */
#define STATUS_FAILED 1

struct parsing {
	unsigned int verbosity;
	const char *ovsdb; /* NULL: the usual one */
};

static int on_verbose(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)value;
	(void)err;
	p->verbosity++;
	return 0;
}

static int on_ovsdb(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;
	int r = ovsdb_path_check(value, err);

	if (r == 0)
		p->ovsdb = value;
	return r;
}

#define OVSDB_OPTION                                                          \
	{                                                                     \
		.name = "ovsdb", .value = OPTION_REQUIRED, .metavar = "PATH", \
		.help = "where Open vSwitch's database listens",              \
		.complete = COMPLETE_FILE, .apply = on_ovsdb                  \
	}

static const struct option_def MAKE_NICS_DEFS[] = {
	{ .name = "verbose",
	  .letter = 'v',
	  .help = "say what is made",
	  .is_original = true,
	  .apply = on_verbose },
	OVSDB_OPTION,
	OPTION_HELP,
};
static const struct option_table MAKE_NICS_OPTIONS = {
	MAKE_NICS_DEFS, ARRAY_SIZE(MAKE_NICS_DEFS)
};

static const struct option_def OVS_CLEANUP_DEFS[] = { OVSDB_OPTION,
						      OPTION_HELP };
static const struct option_table OVS_CLEANUP_OPTIONS = {
	OVS_CLEANUP_DEFS, ARRAY_SIZE(OVS_CLEANUP_DEFS)
};

static int fail(const struct err *err)
{
	command_fail(err);
	return err->code == -EINVAL ? EXIT_USAGE : STATUS_FAILED;
}

static int check_root(const char *name, struct err *err)
{
	if (geteuid() == 0)
		return 0;
	return err_set(err, -EPERM, "%s must be run as root", name);
}

/* Who called sudo(8), so that the taps are theirs; root otherwise. */
static int find_owner(unsigned int *ret, struct err *err)
{
	const char *name = getenv("SUDO_USER");

	*ret = 0;
	if (!name || !*name)
		return 0;
	errno = 0;
	const struct passwd *user = getpwnam(name);
	if (!user)
		return err_set(err, -ENOENT,
			       "SUDO_USER '%s' is no user of this host", name);
	*ret = user->pw_uid;
	return 0;
}

static int check_bridges(const struct strv *bridges, struct err *err)
{
	if (bridges->count == 0)
		return err_set(err, -EINVAL,
			       "make-nics needs at least one bridge");
	for (size_t i = 0; i < bridges->count; i++) {
		int r = ifname_check(bridges->items[i], err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int print_lines(const struct strv *bridges, const struct strv *lines,
		       const struct parsing *p)
{
	cleanup_strbuf struct strbuf out = STRBUF_INIT;

	for (size_t i = 0; i < lines->count; i++) {
		strbuf_addf(&out, "%s\n", lines->items[i]);
		if (p->verbosity > 0)
			command_message("%s on %s", lines->items[i],
					bridges->items[i]);
	}
	return command_print(strbuf_str(&out));
}

static int make_nics(int argc, char **argv)
{
	cleanup_strv struct strv bridges = STRV_INIT, lines = STRV_INIT;
	struct parsing p = { 0 };
	unsigned int owner = 0;
	struct err err;
	int r = option_parse(&MAKE_NICS_OPTIONS, argc, argv, &p, &bridges,
			     &err);

	if (r == OPTION_HELP_ASKED)
		return command_print_help(&COMMAND_MAKE_NICS);
	if (r == 0)
		r = check_bridges(&bridges, &err);
	if (r == 0)
		r = check_root("make-nics", &err);
	if (r == 0)
		r = find_owner(&owner, &err);
	if (r == 0)
		r = tap_control_make_nics(&bridges, owner, p.ovsdb, &lines,
					  &err);
	return r < 0 ? fail(&err) : print_lines(&bridges, &lines, &p);
}

static int ovs_cleanup(int argc, char **argv)
{
	cleanup_strv struct strv items = STRV_INIT;
	struct parsing p = { 0 };
	int failed = 0;
	struct err err;
	int r = option_parse(&OVS_CLEANUP_OPTIONS, argc, argv, &p, &items,
			     &err);

	if (r == OPTION_HELP_ASKED)
		return command_print_help(&COMMAND_OVS_CLEANUP);
	if (r == 0)
		r = check_root("ovs-cleanup", &err);
	if (r < 0)
		return fail(&err);
	for (size_t i = 0; i < items.count; i++) {
		if (tap_control_ovs_cleanup(p.ovsdb, items.items[i], &err) <
		    0) {
			command_message("ovs-cleanup '%s': %s", items.items[i],
					err.text);
			failed++;
		}
	}
	/* An exit status has eight bits; many failures must not be none. */
	return failed > 255 ? 255 : failed;
}

const struct command COMMAND_MAKE_NICS = {
	.name = "tap-control make-nics",
	.usage = "[OPTION]... BRIDGE...",
	.summary = "Makes a persistent tap on each bridge; prints TAP:brctl, "
		   "TAP:ovs or skip.",
	.options = &MAKE_NICS_OPTIONS,
	.run = make_nics,
};

const struct command COMMAND_OVS_CLEANUP = {
	.name = "tap-control ovs-cleanup",
	.usage = "[OPTION]... BRIDGE:TAP...",
	.summary = "Removes ports from Open vSwitch bridges; exits with how "
		   "many it could not.",
	.options = &OVS_CLEANUP_OPTIONS,
	.run = ovs_cleanup,
};
