/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/firmware_list.h"

#include <errno.h>

#include "base/strbuf.h"
#include "firmware_scene.h"

/* "SOURCE CODE[: REASON]", a line each. Owned by the caller. */
static char *list_text(const struct scene *s, const char *arch)
{
	struct strbuf sb = STRBUF_INIT;
	struct firmware_list list;

	firmware_list_make(&s->spec, &s->facts, arch, &list);
	for (size_t i = 0; i < list.count; i++) {
		const struct firmware_candidate *c = &list.items[i];

		strbuf_addf(&sb, "%s %s%s%s\n", c->firmware.source,
			    c->firmware.code ? c->firmware.code : "-",
			    c->reason ? ": " : "", c->reason ? c->reason : "");
	}
	firmware_list_done(&list);
	return strbuf_detach(&sb);
}

static void check_list(const struct scene *s, const char *arch,
		       const char *want)
{
	cleanup_free char *got = list_text(s, arch);

	check_text(arch, got, want);
}

/* By the names of the files; the folders matter only among those of one
 * name. */
static void test_order(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_descriptor(&s, "/usr/60-b.json", "s390x", "/b");
	scene_descriptor(&s, "/usr/70-c.json", "s390x", "/c");
	scene_descriptor(&s, "/etc/60-a.json", "s390x", "/a");
	scene_descriptor(&s, "/home/10-z.json", "s390x", "/z");
	check_list(&s, "s390x",
		   "/home/10-z.json /z\n"
		   "/etc/60-a.json /a\n"
		   "/usr/60-b.json /b\n"
		   "/usr/70-c.json /c\n");
	scene_done(&s);
}

static void test_hiding(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_descriptor(&s, "/usr/60-a.json", "s390x", "/a1");
	scene_descriptor(&s, "/usr/70-b.json", "s390x", "/b1");
	scene_descriptor(&s, "/etc/60-a.json", "s390x", "/a2");
	scene_descriptor_text(&s, "/etc/70-b.json", " \n");
	scene_descriptor(&s, "/home/60-a.json", "s390x", "/a3");
	check_list(&s, "s390x",
		   "/usr/60-a.json /a1: is hidden by /home/60-a.json\n"
		   "/etc/60-a.json /a2: is hidden by /home/60-a.json\n"
		   "/home/60-a.json /a3\n"
		   "/usr/70-b.json /b1: is hidden by /etc/70-b.json\n"
		   "/etc/70-b.json -: is empty\n");
	scene_done(&s);
}

static void test_unusable(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_descriptor_text(&s, "/usr/1.json", "{}");
	scene_descriptor_text(&s, "/usr/2.json", NULL);
	check_list(&s, "s390x",
		   "/usr/1.json -: \"interface-types\" is missing or empty\n"
		   "/usr/2.json -: cannot be read: Permission denied\n");
	scene_done(&s);
}

/* What a descriptor speaks of is no longer a place of its own: who hides the
 * one means the other, too. */
static void test_places(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	cleanup_free char *plain = list_text(&s, "x86_64");
	assert_non_null(strstr(plain, "a known place /usr/share/OVMF/"
				      "OVMF_CODE_4M.fd\n"));
	assert_null(strstr(plain, "AAVMF"));
	scene_descriptor(&s, "/usr/60.json", "x86_64",
			 "/usr/share/OVMF/OVMF_CODE_4M.fd");
	scene_descriptor_text(&s, "/etc/60.json", "");
	cleanup_free char *described = list_text(&s, "x86_64");
	assert_null(strstr(described, "a known place /usr/share/OVMF/"
				      "OVMF_CODE_4M.fd\n"));
	assert_non_null(strstr(described, "a known place /usr/share/OVMF/"
					  "OVMF_CODE.fd\n"));
	scene_done(&s);
}

static void test_firmware_option(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_descriptor(&s, "/usr/50.json", "x86_64", "/a.fd");
	scene_descriptor(&s, "/usr/60.json", "x86_64", "/b.fd");
	str_replace(&s.spec.firmware.file, "/b.fd");
	check_list(&s, "x86_64", "/usr/60.json /b.fd\n");
	str_replace(&s.spec.firmware.file, "/usr/share/OVMF/OVMF_CODE.fd");
	check_list(&s, "x86_64",
		   "a known place /usr/share/OVMF/OVMF_CODE.fd\n");
	str_replace(&s.spec.firmware.file, "my.fd");
	check_list(&s, "x86_64", "--firmware my.fd\n");
	scene_done(&s);

	/* Then the host has read just that one. */
	scene_init(&s);
	scene_descriptor(&s, "my.json", "x86_64", "/c.fd");
	str_replace(&s.spec.firmware.file, "my.json");
	check_list(&s, "x86_64", "my.json /c.fd\n");
	scene_done(&s);
}

/* An image that is named may be used, whoever hid its descriptor. */
static void test_hidden_image(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_descriptor(&s, "/usr/50.json", "x86_64", "/a.fd");
	scene_descriptor_text(&s, "/etc/50.json", "");
	str_replace(&s.spec.firmware.file, "/a.fd");
	check_list(&s, "x86_64", "--firmware /a.fd\n");
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_hiding),
		cmocka_unit_test(test_unusable),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_firmware_option),
		cmocka_unit_test(test_hidden_image),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
