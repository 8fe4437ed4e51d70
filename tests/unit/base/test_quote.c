/* SPDX-License-Identifier: Apache-2.0 */
#include "base/quote.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static const struct {
	const char *text;
	const char *quoted;
} texts[] = {
	{ "", "''" },
	{ "plain", "plain" },
	{ "file=/a/b.img,id=disk00", "file=/a/b.img,id=disk00" },
	{ "a_b@c%d+e:f-g", "a_b@c%d+e:f-g" },
	{ "-", "-" },
	{ "--", "--" },
	{ "=cmd", "'=cmd'" },
	{ "~", "'~'" },
	{ "a b", "'a b'" },
	{ "it's", "'it'\\''s'" },
	{ "'", "''\\'''" },
	{ "$HOME", "'$HOME'" },
	{ "`id`", "'`id`'" },
	{ "a\\b", "'a\\b'" },
	{ "a\nb\n", "'a\nb\n'" },
	{ "d[1]*?{a,b}", "'d[1]*?{a,b}'" },
	{ "!x", "'!x'" },
	{ "#x", "'#x'" },
	{ "br\303\274cke", "'br\303\274cke'" },
	{ "\xff\x01\x7f", "'\xff\x01\x7f'" },
	{ "a&b;c|d<e>f(g)", "'a&b;c|d<e>f(g)'" },
};

static void test_quoted(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;

		quote_shell(&sb, texts[i].text);
		check_text(texts[i].text, strbuf_str(&sb), texts[i].quoted);
	}
}

/* What `sh -c COMMAND` writes: `size` bytes at most. Returns how many. */
static size_t shell_output(const char *command, char *buf, size_t size)
{
	int out[2], status;
	size_t done = 0;
	ssize_t n;

	assert_int_equal(pipe(out), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(out[1], 1);
		close(out[0]);
		close(out[1]);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	while ((n = read(out[0], buf + done, size - done)) > 0)
		done += (size_t)n;
	close(out[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	return done;
}

/* A real shell reads every byte but NUL back as it was, each alone and all
 * together, as one word each. */
static void test_shell_reads_it_back(void **state)
{
	cleanup_strbuf struct strbuf command = STRBUF_INIT;
	cleanup_strbuf struct strbuf want = STRBUF_INIT;
	char all[256], buf[4096];

	(void)state;
	strbuf_addstr(&command, "printf '%s|'");
	for (int byte = 1; byte < 256; byte++) {
		const char one[] = { (char)byte, '\0' };

		all[byte - 1] = (char)byte;
		strbuf_addch(&command, ' ');
		quote_shell(&command, one);
		strbuf_addf(&want, "%s|", one);
	}
	all[255] = '\0';
	strbuf_addch(&command, ' ');
	quote_shell(&command, all);
	strbuf_addf(&want, "%s|", all);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		strbuf_addch(&command, ' ');
		quote_shell(&command, texts[i].text);
		strbuf_addf(&want, "%s|", texts[i].text);
	}
	size_t len = shell_output(strbuf_str(&command), buf, sizeof(buf));
	assert_int_equal(len, want.len);
	assert_memory_equal(buf, want.buf, len);
}

static void test_argv(void **state)
{
	char *const argv[] = { (char *)"qemu", (char *)"-name",
			       (char *)"two words", (char *)"", NULL };
	char *const none[] = { NULL };
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	(void)state;
	quote_shell_argv(&sb, none);
	assert_string_equal(strbuf_str(&sb), "");
	quote_shell_argv(&sb, argv);
	assert_string_equal(strbuf_str(&sb), "qemu -name 'two words' ''");
}

/* In the first place NAME=VALUE would be an assignment, and the next word the
 * command. */
static void test_program_is_no_assignment(void **state)
{
	char *const argv[] = { (char *)"qemu=new", (char *)"a=b", NULL };
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	(void)state;
	quote_shell_argv(&sb, argv);
	assert_string_equal(strbuf_str(&sb), "'qemu=new' a=b");
}

static void test_plain(void **state)
{
	char every[256], want[256];

	(void)state;
	for (int byte = 1; byte < 256; byte++) {
		every[byte - 1] = (char)byte;
		want[byte - 1] = byte < ' ' || byte == 0x7f ? '?' : (char)byte;
	}
	every[255] = want[255] = '\0';
	quote_plain(every);
	assert_string_equal(every, want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_shell_reads_it_back),
		cmocka_unit_test(test_argv),
		cmocka_unit_test(test_program_is_no_assignment),
		cmocka_unit_test(test_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
