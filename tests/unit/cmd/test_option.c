/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/option.h"

#include <errno.h>

#include "base/strbuf.h"
#include "check.h"

#define ARGS_MAX 8

/* Each option notes that it was given, and its value. */
static int note(void *context, const char *name, const char *value)
{
	struct strbuf *seen = context;

	strbuf_addf(seen, "%s%s%s%s%s", seen->len ? " " : "", name,
		    value ? "<" : "", value ? value : "", value ? ">" : "");
	return 0;
}

#define NOTING(name)                                           \
	static int on_##name(void *context, const char *value, \
			     struct err *err)                  \
	{                                                      \
		(void)err;                                     \
		return note(context, #name, value);            \
	}

NOTING(netdev)
NOTING(uefi)
NOTING(uefi_nvram)
NOTING(dry_run)
NOTING(no_dowait)
NOTING(no_reboot)
NOTING(verbose)
NOTING(version)
NOTING(grace)

static int on_fail(void *context, const char *value, struct err *err)
{
	(void)context;
	return err_set(err, -EPERM, "--fail '%s'", value);
}

static const struct option_def DEFS[] = {
	{ .name = "netdev",
	  .letter = 'n',
	  .value = OPTION_REQUIRED,
	  .metavar = "NETDEV",
	  .is_original = true,
	  .apply = on_netdev },
	{ .name = "uefi", .is_original = true, .apply = on_uefi },
	{ .name = "uefi-nvram",
	  .value = OPTION_REQUIRED,
	  .metavar = "FILE",
	  .is_original = true,
	  .apply = on_uefi_nvram },
	{ .name = "dry-run",
	  .value = OPTION_OPTIONAL,
	  .metavar = "json",
	  .is_original = true,
	  .apply = on_dry_run },
	{ .name = "no-dowait", .is_original = true, .apply = on_no_dowait },
	{ .name = "no-reboot", .apply = on_no_reboot },
	{ .name = "verbose",
	  .letter = 'v',
	  .is_original = true,
	  .apply = on_verbose },
	{ .name = "version", .apply = on_version },
	{ .name = "grace",
	  .value = OPTION_REQUIRED,
	  .metavar = "SECONDS",
	  .apply = on_grace },
	{ .name = "fail", .value = OPTION_REQUIRED, .apply = on_fail },
	OPTION_HELP,
};
static const struct option_table TABLE = { DEFS, ARRAY_SIZE(DEFS) };

static int parse(const char *const *list, struct strbuf *seen,
		 struct strv *rest, struct err *err)
{
	cleanup_strv struct strv argv = STRV_INIT;

	strv_add(&argv, "xkvm");
	for (size_t i = 0; i < ARGS_MAX && list[i]; i++)
		strv_add(&argv, list[i]);
	return option_parse(&TABLE, (int)argv.count, argv.items, seen, rest,
			    err);
}

static const struct {
	const char *args[ARGS_MAX];
	const char *seen;
	const char *rest; /* '|' between them */
} good[] = {
	{ { NULL }, "", "" },
	{ { "--netdev", "br0" }, "netdev<br0>", "" },
	{ { "--netdev=br0" }, "netdev<br0>", "" },
	{ { "--netdev=a=b" }, "netdev<a=b>", "" },
	{ { "--netdev=" }, "netdev<>", "" },
	{ { "--netdev", "" }, "netdev<>", "" },
	{ { "-n", "user" }, "netdev<user>", "" },
	{ { "-nuser" }, "netdev<user>", "" },
	{ { "-n=user" }, "netdev<=user>", "" },
	{ { "-vvn", "user" }, "verbose verbose netdev<user>", "" },
	/* A value may look like an option. */
	{ { "--netdev", "--uefi" }, "netdev<--uefi>", "" },
	{ { "-n", "--" }, "netdev<-->", "" },
	/* An optional value needs its '='. */
	{ { "--dry-run" }, "dry_run", "" },
	{ { "--dry-run=json" }, "dry_run<json>", "" },
	{ { "--dry-run", "json" }, "dry_run", "json" },
	{ { "--dry-run=" }, "dry_run<>", "" },
	/* In any order with other arguments. */
	{ { "a", "--uefi", "b", "-v", "c" }, "uefi verbose", "a|b|c" },
	{ { "-" }, "", "-" },
	{ { "" }, "", "" },
	/* Nothing after "--" is an option. */
	{ { "--", "--uefi", "-v" }, "", "--uefi|-v" },
	{ { "-v", "--", "-v" }, "verbose", "-v" },
	{ { "a", "--", "-m", "--", "b" }, "", "a|-m|--|b" },
	{ { "--" }, "", "" },
	/* Shortened as long as it is clear what is meant. */
	{ { "--net", "br0" }, "netdev<br0>", "" },
	{ { "--dry" }, "dry_run", "" },
	{ { "--d=json" }, "dry_run<json>", "" },
	{ { "--uefi-", "f" }, "uefi_nvram<f>", "" },
	{ { "--uefi" }, "uefi", "" }, /* whole, so not shortened */
	{ { "--gr=2" }, "grace<2>", "" },
	/* What the shell tool had goes before what came later. */
	{ { "--v" }, "verbose", "" },
	{ { "--ver" }, "verbose", "" },
	{ { "--verb" }, "verbose", "" },
	{ { "--vers" }, "version", "" },
	{ { "--no" }, "no_dowait", "" },
	{ { "--no-" }, "no_dowait", "" },
	{ { "--no-r" }, "no_reboot", "" },
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		const char *first = good[i].args[0];
		const char *row = first ? first : "no argument";
		cleanup_strbuf struct strbuf seen = STRBUF_INIT;
		cleanup_strbuf struct strbuf rest = STRBUF_INIT;
		cleanup_strv struct strv args = STRV_INIT;
		struct err err;

		check_ok(row, parse(good[i].args, &seen, &args, &err), &err);
		for (size_t j = 0; j < args.count; j++)
			strbuf_addf(&rest, "%s%s", j ? "|" : "", args.items[j]);
		check_text(row, strbuf_str(&seen), good[i].seen);
		check_text(row, strbuf_str(&rest), good[i].rest);
	}
}

#define UNKNOWN(option, hint)                                             \
	"unknown option '" option "'" hint "; 'xkvm --help' lists them, " \
	"QEMU's own stand after '--'"

static const struct {
	const char *args[ARGS_MAX];
	const char *message;
} bad[] = {
	{ { "--netdev" }, "option '--netdev' needs a value (NETDEV)" },
	{ { "-n" }, "option '--netdev' needs a value (NETDEV)" },
	{ { "-vn" }, "option '--netdev' needs a value (NETDEV)" },
	{ { "--ne" }, "option '--netdev' needs a value (NETDEV)" },
	{ { "--uefi=yes" }, "option '--uefi' takes no value" },
	{ { "--uefi=" }, "option '--uefi' takes no value" },
	{ { "--verb=2" }, "option '--verbose' takes no value" },
	{ { "--v=2" }, "option '--verbose' takes no value" },
	{ { "--u" },
	  "option '--u' is ambiguous: it may mean --uefi, --uefi-nvram" },
	{ { "--ue=x" },
	  "option '--ue' is ambiguous: it may mean --uefi, --uefi-nvram" },
	{ { "--n", "br0" },
	  "option '--n' is ambiguous: it may mean --netdev, --no-dowait, "
	  "--no-reboot" },
	{ { "--nvram", "f" }, UNKNOWN("--nvram", "") },
	{ { "--netdve=x" }, UNKNOWN("--netdve", ", did you mean '--netdev'?") },
	{ { "--verbsoe" },
	  UNKNOWN("--verbsoe", ", did you mean '--verbose'?") },
	{ { "--m" }, UNKNOWN("--m", "") },
	{ { "-m", "2G" }, UNKNOWN("-m", "") },
	{ { "-vm" }, UNKNOWN("-m", "") },
	{ { "-:" }, UNKNOWN("-:", "") },
	{ { "-\303\274" }, UNKNOWN("-\\xc3", "") },
	{ { "--\303\274" }, UNKNOWN("--\303\274", "") },
	{ { "--=x" },
	  "option '--' is ambiguous: it may mean --netdev, --uefi, "
	  "--uefi-nvram, --dry-run, --no-dowait, --no-reboot, "
	  "--verbose, --version, --grace, --fail, --help" },
	{ { "--fail=x", "--netdve" }, "--fail 'x'" }, /* the first one */
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		cleanup_strbuf struct strbuf seen = STRBUF_INIT;
		cleanup_strv struct strv args = STRV_INIT;
		const char *row = bad[i].args[0];
		struct err err;
		int r = parse(bad[i].args, &seen, &args, &err);

		check_error(row, r, &err,
			    str_starts(row, "--fail") ? -EPERM : -EINVAL,
			    bad[i].message);
		check_number(row, (long long)args.count, 0);
	}
}

/* What is wrong beside --help is said all the same, and what is right is taken:
 * the caller decides. */
static void test_help(void **state)
{
	static const struct {
		const char *args[ARGS_MAX];
		int result;
		const char *seen;
	} rows[] = {
		{ { "--help" }, OPTION_HELP_ASKED, "" },
		{ { "-h" }, OPTION_HELP_ASKED, "" },
		{ { "--he" }, OPTION_HELP_ASKED, "" },
		{ { "-vhv" }, OPTION_HELP_ASKED, "verbose verbose" },
		{ { "--help", "--uefi" }, OPTION_HELP_ASKED, "uefi" },
		{ { "--help", "--fail=1" }, -EPERM, "" },
		{ { "--help=1" }, -EINVAL, "" },
		{ { "--", "--help" }, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_strbuf struct strbuf seen = STRBUF_INIT;
		cleanup_strv struct strv args = STRV_INIT;
		const char *row = rows[i].args[0];
		struct err err;

		check_number(row, parse(rows[i].args, &seen, &args, &err),
			     rows[i].result);
		check_text(row, strbuf_str(&seen), rows[i].seen);
	}
}

/* argv itself is not put into another order, and a second command line starts
 * anew, also after one that was left in the middle. */
static void test_again(void **state)
{
	static const char *const left[] = { "-vm", NULL };
	char *argv[] = { (char *)"xkvm", (char *)"a", (char *)"-v", NULL };
	cleanup_strbuf struct strbuf seen = STRBUF_INIT;
	cleanup_strv struct strv args = STRV_INIT;
	struct err err;

	(void)state;
	assert_int_equal(parse(left, &seen, &args, &err), -EINVAL);
	check_ok("again", option_parse(&TABLE, 3, argv, &seen, &args, &err),
		 &err);
	assert_string_equal(strbuf_str(&seen), "verbose verbose");
	assert_string_equal(argv[1], "a");
	assert_string_equal(argv[2], "-v");
}

static void test_no_argv(void **state)
{
	cleanup_strbuf struct strbuf seen = STRBUF_INIT;
	cleanup_strv struct strv args = STRV_INIT;
	char *argv[] = { NULL };
	struct err err;

	(void)state;
	check_ok("argc 0", option_parse(&TABLE, 0, argv, &seen, &args, &err),
		 &err);
	assert_int_equal(args.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),	cmocka_unit_test(test_bad),
		cmocka_unit_test(test_help),	cmocka_unit_test(test_again),
		cmocka_unit_test(test_no_argv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
