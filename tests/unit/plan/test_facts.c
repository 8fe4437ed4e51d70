/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/facts.h"

#include "scene.h"

static void test_empty(void **state)
{
	struct facts facts = { 0 };

	(void)state;
	assert_null(facts_file(&facts, "a"));
	assert_null(facts_bridge(&facts, "br0"));
	assert_null(facts_model(&facts, "nvme"));
	facts_done(&facts);
	facts_done(&facts);
}

/* By what was asked for, whole. */
static void test_look_up(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene_file(&scene, "a");
	scene_file(&scene, "ab");
	scene_bridge(&scene, "br0");
	scene_bridge(&scene, "br01");
	scene_model(&scene, "virtio", "virtio-net-pci", "mac");
	assert_string_equal(facts_file(&scene.facts, "ab")->real_path,
			    "/data/ab");
	assert_null(facts_file(&scene.facts, "/data/ab"));
	assert_string_equal(facts_bridge(&scene.facts, "br0")->name, "br0");
	assert_null(facts_bridge(&scene.facts, "br"));
	assert_string_equal(facts_model(&scene.facts, "virtio")->name,
			    "virtio-net-pci");
	assert_null(facts_model(&scene.facts, "virtio-net-pci"));
	scene_done(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_look_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
