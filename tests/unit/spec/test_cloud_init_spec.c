/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/cloud_init_spec.h"

#include <errno.h>

#include "check.h"

static void test_words(void **state)
{
	struct cloud_init_spec spec = { 0 };
	struct err err;

	(void)state;
	assert_false(spec.is_asked);
	check_ok("empty", cloud_init_spec_add(&spec, "", &err), &err);
	assert_true(spec.is_asked);
	check_ok("first",
		 cloud_init_spec_add(&spec,
				     "user-data=a,,b=c,hostname=web-1.example,"
				     "meta-data=m,vendor-data=v",
				     &err),
		 &err);
	check_ok("second",
		 cloud_init_spec_add(&spec,
				     "user-data=-,instance-id=i-1,"
				     "network-config=n",
				     &err),
		 &err);
	assert_int_equal(spec.user_data.count, 2);
	check_text("user-data", spec.user_data.items[0], "a,b=c");
	check_text("user-data", spec.user_data.items[1], "-");
	check_text("vendor-data", spec.vendor_data.items[0], "v");
	check_text("meta-data", spec.meta_data, "m");
	check_text("network-config", spec.network_config, "n");
	check_text("hostname", spec.hostname, "web-1.example");
	check_text("instance-id", spec.instance_id, "i-1");
	check_ok("all", cloud_init_spec_check(&spec, &err), &err);
	cloud_init_spec_done(&spec);
	assert_false(spec.is_asked);
	assert_null(spec.hostname);
}

#define NO_NAME                                                            \
	"is no host name: letters, digits and '-' between them, in parts " \
	"separated by '.', 64 at most"
#define LONG "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
	const char *arg, *message;
} refused[] = {
	{ "user.yaml", "unknown word 'user.yaml'; a file is named by what it "
		       "is, as in user-data=user.yaml" },
	{ "user-dat=x", "unknown word 'user-dat'; did you mean 'user-data'?" },
	{ "xyzzy=x",
	  "unknown word 'xyzzy'; there are user-data=, meta-data=, "
	  "network-config=, vendor-data=, hostname=, instance-id= and "
	  "disable-network" },
	{ "user-data", "'user-data=' needs a value" },
	{ "meta-data=", "'meta-data=' needs a value" },
	{ "disable-network=on", "'disable-network' takes no value" },
	{ "meta-data=a,meta-data=b", "meta-data=b: is given twice" },
	{ "network-config=a,network-config=b",
	  "network-config=b: is given twice" },
	{ "hostname=a,hostname=b", "hostname=b: is given twice" },
	{ "hostname=a_b", "hostname=a_b: " NO_NAME },
	{ "hostname=-a", "hostname=-a: " NO_NAME },
	{ "hostname=a-", "hostname=a-: " NO_NAME },
	{ "hostname=a..b", "hostname=a..b: " NO_NAME },
	{ "hostname=a.", "hostname=a.: " NO_NAME },
	{ "hostname=" LONG "a", "hostname=" LONG "a: " NO_NAME },
	{ "instance-id=a b",
	  "instance-id=a b: an instance id has neither blanks nor '/': it "
	  "names a folder in the guest" },
	{ "instance-id=a/b",
	  "instance-id=a/b: an instance id has neither blanks nor '/': it "
	  "names a folder in the guest" },
};

static void test_refused_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct cloud_init_spec spec = { 0 };
		struct err err;
		int r = cloud_init_spec_add(&spec, refused[i].arg, &err);

		check_error(refused[i].arg, r, &err, -EINVAL,
			    refused[i].message);
		cloud_init_spec_done(&spec);
	}
}

static void test_keys(void **state)
{
	struct cloud_init_spec spec = { 0 };

	(void)state;
	cloud_init_spec_add_key(&spec, "a.pub");
	assert_true(spec.is_asked);
	assert_false(spec.finds_ssh_keys);
	cloud_init_spec_add_key(&spec, "a.pub");
	cloud_init_spec_add_key(&spec, "./auto");
	assert_int_equal(spec.ssh_keys.count, 2);
	for (size_t i = 0; i < 3; i++) {
		spec.finds_ssh_keys = false;
		cloud_init_spec_add_key(&spec, i == 0	? NULL
					       : i == 1 ? ""
							: "auto");
		assert_true(spec.finds_ssh_keys);
	}
	assert_int_equal(spec.ssh_keys.count, 2);
	cloud_init_spec_done(&spec);
}

static void test_password(void **state)
{
	struct cloud_init_spec spec = { 0 };
	struct err err;

	(void)state;
	check_ok("given", cloud_init_spec_set_password(&spec, "pä ss", &err),
		 &err);
	assert_int_equal(spec.password_kind, SEED_PASSWORD_GIVEN);
	check_text("given", spec.password, "pä ss");
	assert_true(spec.is_asked);
	check_ok("random", cloud_init_spec_set_password(&spec, "random", &err),
		 &err);
	assert_int_equal(spec.password_kind, SEED_PASSWORD_RANDOM);
	check_error("empty", cloud_init_spec_set_password(&spec, "", &err),
		    &err, -EINVAL,
		    "--password=: an empty password opens no console; give "
		    "one, or 'random'");
	check_error("line", cloud_init_spec_set_password(&spec, "a\nb", &err),
		    &err, -EINVAL,
		    "--password: a control character in it cannot be typed at "
		    "a console");
	cloud_init_spec_done(&spec);
}

static void test_sources(void **state)
{
	static const char *const words[] = { "user-data",      "user-data",
					     "vendor-data",    "meta-data",
					     "network-config", "--ssh-key" };
	static const char *const paths[] = { "u1", "u2", "v", "m", "n", "k" };
	struct cloud_init_spec spec = { 0 };
	struct err err;

	(void)state;
	cloud_init_spec_add_key(&spec, "k");
	check_ok("words",
		 cloud_init_spec_add(&spec,
				     "network-config=n,user-data=u1,"
				     "vendor-data=v,meta-data=m,user-data=u2",
				     &err),
		 &err);
	assert_int_equal(cloud_init_spec_count(&spec), ARRAY_SIZE(words));
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		check_text("word", cloud_init_spec_source(&spec, i).word,
			   words[i]);
		check_text("path", cloud_init_spec_source(&spec, i).path,
			   paths[i]);
	}
	cloud_init_spec_done(&spec);
}

static void test_check(void **state)
{
	struct cloud_init_spec spec = { 0 };
	struct err err;

	(void)state;
	check_ok("nothing", cloud_init_spec_check(&spec, &err), &err);
	check_ok("words",
		 cloud_init_spec_add(&spec, "user-data=-,vendor-data=-", &err),
		 &err);
	check_error("twice", cloud_init_spec_check(&spec, &err), &err, -EINVAL,
		    "--cloud-init: '-', standard input, can be read only once; "
		    "put the others into files");
	cloud_init_spec_done(&spec);
	check_ok("words",
		 cloud_init_spec_add(&spec, "disable-network,network-config=n",
				     &err),
		 &err);
	check_error("both", cloud_init_spec_check(&spec, &err), &err, -EINVAL,
		    "--cloud-init: network-config= and disable-network "
		    "exclude each other");
	cloud_init_spec_done(&spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_refused_words),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_password),
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
