/* SPDX-License-Identifier: Apache-2.0 */
#include "run/ssh_text.h"

#include "base/strbuf.h"
#include "check.h"

static void check_argv(const char *user, const char *end)
{
	cleanup_strv struct strv argv = STRV_INIT;
	cleanup_strbuf struct strbuf words = STRBUF_INIT;

	ssh_add_argv(&argv, "127.0.0.1", 2222, user, "-x 'a b'");
	for (size_t i = 0; i < argv.count; i++)
		strbuf_addf(&words, "%s%s", i ? " " : "", argv.items[i]);
	const char *text = strbuf_str(&words);
	assert_true(str_starts(text, "ssh -o BatchMode=yes -o "));
	assert_non_null(strstr(text, " -o StrictHostKeyChecking=no -o "
				     "UserKnownHostsFile=/dev/null "));
	check_text("the end", strstr(text, " -p "), end);
	/* What the guest is to do is one argument. */
	check_text("command", argv.items[argv.count - 1], "-x 'a b'");
}

static void test_argv(void **state)
{
	(void)state;
	check_argv(NULL, " -p 2222 127.0.0.1 -- -x 'a b'");
	check_argv("debian", " -p 2222 -l debian 127.0.0.1 -- -x 'a b'");
}

#define ASKS(name) \
	"Please login as the user \"" name "\" rather than the user \"root\".\n"

/* NULL: no name is taken. */
static const struct {
	const char *text;
	const char *user;
} answers[] = {
	{ ASKS("debian"), "debian" },
	{ "Warning: x\r\n" ASKS("ec2-user"), "ec2-user" },
	{ ASKS("_x.9-Z"), "_x.9-Z" },
	{ ASKS("abcdefghijklmnopqrstuvwxyz012345"),
	  "abcdefghijklmnopqrstuvwxyz012345" },
	{ ASKS("abcdefghijklmnopqrstuvwxyz0123456"), NULL },
	{ ASKS(""), NULL },
	{ ASKS("-oProxyCommand=x"), NULL },
	{ ASKS("a b"), NULL },
	{ ASKS("$USER"), NULL },
	{ "Please login as the user \"debian", NULL },
	{ "Please login as the user \"", NULL },
	{ "Permission denied (publickey).\n", NULL },
	{ "", NULL },
};

static void test_user(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		char user[SSH_USER_MAX + 1] = "before";
		bool is_read = ssh_read_user(answers[i].text, user);

		check_number(answers[i].text, is_read, answers[i].user != NULL);
		check_text(answers[i].text, user,
			   answers[i].user ? answers[i].user : "before");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_argv),
		cmocka_unit_test(test_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
