/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/guest_mac.h"

#include "scene.h"

static void text_of(const struct scene *scene, unsigned int number,
		    char text[MAC_TEXT_SIZE])
{
	const struct mac mac =
		guest_mac_stable(&scene->spec, &scene->facts, number);

	mac_format(&mac, text);
}

static void name_guest(struct scene *scene, const char *name)
{
	str_replace(&scene->spec.passthrough.guest_name, name);
}

/* These may never change: networks know the guests by them. */
static void test_stable(void **state)
{
	char text[MAC_TEXT_SIZE];
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene_file(&scene, "d.img");
	scene_disk(&scene, "d.img");
	text_of(&scene, 0, text);
	assert_string_equal(text, "52:54:00:ea:dc:d3");
	text_of(&scene, 1, text);
	assert_string_equal(text, "52:54:00:1c:46:00");
	name_guest(&scene, "web");
	text_of(&scene, 0, text);
	assert_string_equal(text, "52:54:00:9c:08:9d");
	scene.facts.random++; /* has no part in it */
	text_of(&scene, 0, text);
	assert_string_equal(text, "52:54:00:9c:08:9d");
	scene_done(&scene);
}

/* Each thing that tells one guest from another changes the address. */
static void change_user(struct scene *scene)
{
	scene->facts.uid++;
}

static void change_machine(struct scene *scene)
{
	scene->facts.machine_id[0] = 'f';
}

static void forget_machine(struct scene *scene)
{
	str_replace(&scene->facts.machine_id, NULL);
}

static void change_file(struct scene *scene)
{
	str_replace(&scene->facts.files[0].real_path, "/data/e.img");
}

static void give_name(struct scene *scene)
{
	name_guest(scene, "web");
}

static void give_name_of_disk(struct scene *scene)
{
	name_guest(scene, "/data/d.img");
}

static void test_differs(void **state)
{
	void (*const changes[])(struct scene *) = {
		change_user, change_machine, forget_machine,
		change_file, give_name,	     give_name_of_disk,
	};
	char before[MAC_TEXT_SIZE], after[MAC_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		struct scene scene;

		scene_init(&scene);
		scene_file(&scene, "d.img");
		scene_disk(&scene, "d.img");
		text_of(&scene, 0, before);
		changes[i](&scene);
		text_of(&scene, 0, after);
		assert_string_not_equal(before, after);
		scene_done(&scene);
	}
}

/* The same file by another path is the same guest. */
static void test_same_file(void **state)
{
	char before[MAC_TEXT_SIZE], after[MAC_TEXT_SIZE];
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene_file(&scene, "d.img");
	scene_disk(&scene, "d.img");
	text_of(&scene, 0, before);
	scene_done(&scene);

	scene_init(&scene);
	scene_file(&scene, "/data/d.img");
	scene_disk(&scene, "file=/data/d.img,cache=unsafe");
	text_of(&scene, 0, after);
	scene_done(&scene);
	assert_string_equal(before, after);
}

/* Nothing to tie it to: random, and new in every run. */
static void test_random(void **state)
{
	char first[MAC_TEXT_SIZE], second[MAC_TEXT_SIZE];
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene_file(&scene, "seed.iso");
	scene_disk(&scene, "seed.iso,media=cdrom");
	text_of(&scene, 0, first);
	text_of(&scene, 1, second);
	assert_string_not_equal(first, second);
	const struct mac same = guest_mac_random(&scene.facts, 0);
	mac_format(&same, second);
	assert_string_equal(first, second);
	scene.facts.random++;
	text_of(&scene, 0, second);
	assert_string_not_equal(first, second);
	scene_done(&scene);
}

/* Of many addresses none is multicast, universal or reserved, and hardly any
 * two are the same: of 4,096 among 2^24 about half a pair. */
static void test_range(void **state)
{
	enum {
		COUNT = 4096
	};
	static struct mac macs[COUNT];
	struct facts facts = { 0 };
	size_t pairs = 0;

	(void)state;
	for (unsigned int i = 0; i < COUNT; i++) {
		static const uint8_t prefix[] = { 0x52, 0x54, 0x00 };

		facts.random = i;
		macs[i] = guest_mac_random(&facts, 0);
		assert_memory_equal(macs[i].octets, prefix, sizeof(prefix));
		assert_false(macs[i].octets[3] == 0x12 &&
			     macs[i].octets[4] == 0x34);
		for (unsigned int j = 0; j < i; j++)
			pairs += mac_equal(&macs[i], &macs[j]);
	}
	assert_true(pairs < 8);
}

/* The hash of this number is 52:54:00:12:34:xx, which must be moved on from. */
static void test_reserved(void **state)
{
	struct facts facts = { .random = 168399 };
	const struct mac mac = guest_mac_random(&facts, 0);

	(void)state;
	assert_false(mac.octets[3] == 0x12 && mac.octets[4] == 0x34);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stable),
		cmocka_unit_test(test_differs),
		cmocka_unit_test(test_same_file),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_reserved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
