/* SPDX-License-Identifier: Apache-2.0 */
#include "host/descriptor_facts.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "check.h"
#include "folder.h"

static int set_up(void **state)
{
	int r = folder_set_up(state);

	return r == 0 ? chdir(test_folder) : r;
}

static void write_file(const char *name, const char *text)
{
	free(folder_file(test_folder, name, text, strlen(text), 0644));
}

/* "PATH=TEXT" or "PATH: error", each with a space after it. */
static char *facts_text(const struct facts *facts)
{
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < facts->descriptor_count; i++) {
		const struct descriptor_facts *d = &facts->descriptors[i];

		if (d->text)
			strbuf_addf(&sb, "%s=%s ", d->path, d->text);
		else
			strbuf_addf(&sb, "%s: %s ", d->path,
				    strerrorname_np(d->error));
	}
	return strbuf_detach(&sb);
}

static void check_facts(struct facts *facts, const char *want)
{
	cleanup_free char *got = facts_text(facts);

	check_text(want, got, want);
	facts_done(facts);
}

/* Nothing but *.json counts, and what is no file does not keep us waiting. */
static void test_whole_folder(void **state)
{
	struct facts facts = { 0 };

	(void)state;
	assert_int_equal(mkdir("d", 0755), 0);
	write_file("d/60-b.json", "b");
	write_file("d/50-a.json", "");
	write_file("d/README", "x");
	write_file("d/70.json.rpmsave", "x");
	write_file("d/.json", "x");
	assert_int_equal(mkfifo("d/80-fifo.json", 0600), 0);
	assert_int_equal(mkdir("d/90-folder.json", 0755), 0);
	assert_int_equal(symlink("nowhere", "d/95-dangling.json"), 0);
	assert_int_equal(symlink("60-b.json", "d/96-link.json"), 0);
	host_read_descriptor_folder("d", &facts);
	check_facts(&facts, "d/50-a.json= d/60-b.json=b d/80-fifo.json: ESPIPE "
			    "d/90-folder.json: EISDIR "
			    "d/95-dangling.json: ENOENT d/96-link.json=b ");
	host_read_descriptor_folder("no-such-folder", &facts);
	check_facts(&facts, "");
}

static void test_one(void **state)
{
	struct facts facts = { 0 };

	(void)state;
	write_file("x", "{}");
	host_read_descriptor("x", &facts);
	host_read_descriptor("none", &facts);
	check_facts(&facts, "x={} none: ENOENT ");
}

static void test_too_long(void **state)
{
	struct facts facts = { 0 };

	(void)state;
	write_file("long", "");
	assert_int_equal(truncate("long", DESCRIPTOR_MAX), 0);
	host_read_descriptor("long", &facts);
	check_facts(&facts, "long: EFBIG ");
}

/* The user's own folder comes last, as it is the most specific one. */
static void test_user_folder(void **state)
{
	cleanup_free char *config = folder_path(test_folder, "config");
	cleanup_free char *home = folder_path(test_folder, "home");
	struct facts facts = { 0 };

	(void)state;
	assert_int_equal(mkdir("config", 0755), 0);
	assert_int_equal(mkdir("config/qemu", 0755), 0);
	assert_int_equal(mkdir("config/qemu/firmware", 0755), 0);
	assert_int_equal(mkdir("home", 0755), 0);
	assert_int_equal(symlink("../config", "home/.config"), 0);
	write_file("config/qemu/firmware/01-own.json", "own");
	setenv("HOME", home, 1);
	setenv("XDG_CONFIG_HOME", config, 1);
	host_read_descriptors(&facts);
	assert_true(facts.descriptor_count > 0);
	assert_string_equal(facts.descriptors[facts.descriptor_count - 1].text,
			    "own");
	facts_done(&facts);
	/* Not absolute: it is not there. */
	setenv("XDG_CONFIG_HOME", "config", 1);
	host_read_descriptors(&facts);
	assert_true(str_starts(
		facts.descriptors[facts.descriptor_count - 1].path, home));
	facts_done(&facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_folder),
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_user_folder),
	};

	return cmocka_run_group_tests(tests, set_up, folder_tear_down);
}
