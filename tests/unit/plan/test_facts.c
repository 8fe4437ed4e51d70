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
	assert_null(facts_port(&facts, &(struct fwd_spec){ 0 }));
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

/* A port is one of a protocol and of an address. */
static void test_port(void **state)
{
	const struct fwd_spec fwd = { .address = "127.0.0.1", .host_port = 7 };
	struct fwd_spec other = fwd;
	struct facts facts = { .ports = xcalloc(1, sizeof(*facts.ports)),
			       .port_count = 1 };

	(void)state;
	facts.ports[0].address = xstrdup("127.0.0.1");
	facts.ports[0].port = 7;
	assert_ptr_equal(facts_port(&facts, &fwd), &facts.ports[0]);
	other.is_udp = true;
	assert_null(facts_port(&facts, &other));
	other = fwd;
	other.host_port = 8;
	assert_null(facts_port(&facts, &other));
	other = fwd;
	other.address[0] = '2';
	assert_null(facts_port(&facts, &other));
	facts_done(&facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_look_up),
		cmocka_unit_test(test_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
