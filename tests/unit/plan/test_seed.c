/* SPDX-License-Identifier: Apache-2.0 */
/* What a whole seed looks like is for the golden cases. */
#include "plan/seed.h"

#include <errno.h>

#include "check.h"
#include "plan/seed_keys.h"
#include "plan/seed_meta.h"
#include "plan/seed_network.h"
#include "plan/seed_text.h"

#define KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE me@host"

/* ---- keys ---- */

static const struct {
	const char *line;
	bool is_key;
} lines[] = {
	{ "", false },
	{ KEY, true },
	{ "  " KEY, true },
	{ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE", true },
	{ "no-pty,command=\"a b\" " KEY, true },
	{ "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5", true },
	{ "ecdsa-sha2-nistp256\tAAAAE2VjZHNhLXNoYTItbmlzdHA=", true },
	{ "ssh-ed25519", false },
	{ "ssh-ed25519 AAAA", false },
	{ "ssh-ed25519 BBBBC3NzaC1lZDI1NTE5AAAAIE", false },
	{ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE!", false },
	{ "AAAAC3NzaC1lZDI1NTE5AAAAIE", false },
};

static void test_is_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		check_number(lines[i].line, seed_keys_is_key(lines[i].line),
			     lines[i].is_key);
}

/* The keys of one file, or the error. */
static int collect(const char *content, const struct strv *found,
		   struct strv *ret, struct err *err)
{
	struct cloud_init_spec spec = { 0 };
	struct seed_text text = { .path = "k",
				  .text = (char *)content,
				  .len = content ? strlen(content) : 0 };
	const struct seed_facts facts = {
		.texts = &text,
		.text_count = content ? 1 : 0,
		.ssh_keys = found ? *found : (struct strv)STRV_INIT,
	};

	if (content)
		cloud_init_spec_add_key(&spec, "k");
	spec.finds_ssh_keys = found;
	int r = seed_keys_collect(&spec, &facts, ret, err);
	cloud_init_spec_done(&spec);
	return r;
}

static void test_collect(void **state)
{
	cleanup_strv struct strv keys = STRV_INIT, found = STRV_INIT;
	struct err err;

	(void)state;
	strv_add(&found, KEY);
	strv_add(&found, KEY "2");
	check_ok("file and agent",
		 collect("# comment\n\n" KEY "3\r\n" KEY "  ", &found, &keys,
			 &err),
		 &err);
	assert_int_equal(keys.count, 3);
	check_text("first", keys.items[0], KEY "3");
	check_text("second", keys.items[1], KEY);
	check_text("third", keys.items[2], KEY "2");
}

static void test_collect_refused(void **state)
{
	struct strv keys = STRV_INIT, none = STRV_INIT;
	struct err err;

	(void)state;
	check_error("empty", collect("# a\n", NULL, &keys, &err), &err, -EINVAL,
		    "--ssh-key=k: there is no public key in it");
	check_error("other", collect(KEY "\nhello\n", NULL, &keys, &err), &err,
		    -EINVAL,
		    "--ssh-key=k: it is no public key: there is no "
		    "'ssh-ed25519 AAAA...' or its like in it");
	check_error("private",
		    collect("-----BEGIN RSA PRIVATE KEY-----\n", NULL, &keys,
			    &err),
		    &err, -EINVAL,
		    "--ssh-key=k: it is a private key, which no guest may "
		    "see; give the file beside it that ends in .pub");
	check_error("none", collect(NULL, &none, &keys, &err), &err, -ENOENT,
		    "--ssh-key: there is no public key, neither of an ssh "
		    "agent nor as ~/.ssh/*.pub; ssh-keygen(1) makes one, "
		    "--ssh-key=FILE names another");
	assert_int_equal(keys.count, 0);
}

/* ---- meta-data ---- */

static const struct {
	const char *text;
	struct yaml_facts yaml;
	const char *key; /* that it has; or NULL */
	const char *result;
} metas[] = {
	{ NULL,
	  { 0 },
	  NULL,
	  "instance-id: \"i\"\nlocal-hostname: \"h\"\n"
	  "public-keys: [\"k 1\", \"k\\\"2\"]\n" },
	{ "a: b\n",
	  { .is_open = true },
	  NULL,
	  "instance-id: \"i\"\nlocal-hostname: \"h\"\n"
	  "public-keys: [\"k 1\", \"k\\\"2\"]\na: b\n" },
	{ "---\n  a: b\n",
	  { .is_open = true, .first = 6, .column = 2 },
	  "instance-id",
	  "---\n  local-hostname: \"h\"\n"
	  "  public-keys: [\"k 1\", \"k\\\"2\"]\n  a: b\n" },
	{ "{}",
	  { .is_open = true, .first = 1, .is_flow = true },
	  "local-hostname",
	  "{instance-id: \"i\", public-keys: [\"k 1\", \"k\\\"2\"], }" },
	{ "x",
	  { .is_open = true },
	  "public_keys",
	  "instance-id: \"i\"\nlocal-hostname: \"h\"\nx" },
};

static void test_meta(void **state)
{
	cleanup_strv struct strv keys = STRV_INIT;
	const struct seed_identity identity = { "i", "h", &keys };

	(void)state;
	strv_add(&keys, "k 1");
	strv_add(&keys, "k\"2");
	for (size_t i = 0; i < ARRAY_SIZE(metas); i++) {
		struct seed_text text = {
			.text = (char *)metas[i].text,
			.len = metas[i].text ? strlen(metas[i].text) : 0,
			.yaml = metas[i].yaml,
		};
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;

		if (metas[i].key)
			strv_add(&text.yaml.keys, metas[i].key);
		seed_meta_add(&sb, metas[i].text ? &text : NULL, &identity);
		check_text(metas[i].result, strbuf_str(&sb), metas[i].result);
		strv_done(&text.yaml.keys);
	}
}

static const struct {
	struct yaml_facts yaml;
	const char *key, *word;
	const char *message; /* NULL: it is taken */
} meta_checks[] = {
	{ { .root = YAML_MAPPING, .is_open = true },
	  "instance-id",
	  "hostname=h",
	  NULL },
	{ { .error = "line 1: x" }, NULL, "", "it is no YAML: line 1: x" },
	{ { .root = YAML_NOTHING },
	  NULL,
	  "",
	  "it is empty, and cloud-init would find no instance-id; leave it "
	  "out, and one is made" },
	{ { .root = YAML_OTHER },
	  NULL,
	  "",
	  "meta-data has lines of the form 'key: value'; cloud-init fails on "
	  "a list or a text" },
	{ { .root = YAML_MAPPING },
	  NULL,
	  "",
	  "nothing can be added to it; begin with an entry 'key: value', "
	  "without a tag or an anchor" },
	{ { .root = YAML_MAPPING, .is_open = true },
	  "instance-id",
	  "instance-id=i",
	  "it has 'instance-id' of its own; take that out, or leave out "
	  "instance-id=" },
	{ { .root = YAML_MAPPING, .is_open = true },
	  "local-hostname",
	  "hostname=h",
	  "it has 'local-hostname' of its own; take that out, or leave out "
	  "hostname=" },
	{ { .root = YAML_MAPPING, .is_open = true },
	  "public-keys",
	  "",
	  "it has 'public-keys' of its own; take that out, or leave out "
	  "--ssh-key" },
};

static void test_meta_check(void **state)
{
	cleanup_strv struct strv keys = STRV_INIT;

	(void)state;
	strv_add(&keys, KEY);
	for (size_t i = 0; i < ARRAY_SIZE(meta_checks); i++) {
		cleanup_free char *row = xasprintf("row %zu", i);
		struct cloud_init_spec spec = { 0 };
		struct seed_text text = { .yaml = meta_checks[i].yaml };
		struct err err;

		check_ok(row,
			 cloud_init_spec_add(&spec, meta_checks[i].word, &err),
			 &err);
		if (meta_checks[i].key)
			strv_add(&text.yaml.keys, meta_checks[i].key);
		int r = seed_meta_check(&text, &spec, &keys, &err);
		if (meta_checks[i].message)
			check_error(row, r, &err, -EINVAL,
				    meta_checks[i].message);
		else
			check_ok(row, r, &err);
		strv_done(&text.yaml.keys);
		cloud_init_spec_done(&spec);
	}
}

/* ---- network-config ---- */

static const struct {
	struct yaml_facts yaml;
	const char *key;
	const char *message; /* NULL: it is taken */
} networks[] = {
	{ { .root = YAML_MAPPING, .version = "1" }, NULL, NULL },
	{ { .root = YAML_MAPPING, .version = "2" }, NULL, NULL },
	{ { .root = YAML_MAPPING }, "config", NULL },
	{ { .root = YAML_MAPPING, .version = "3" },
	  NULL,
	  "its version is '3'; cloud-init knows 1 and 2" },
	{ { .root = YAML_MAPPING },
	  "ethernets",
	  "it has no version; cloud-init needs 'version: 1' or 'version: 2' "
	  "in it" },
	{ { .root = YAML_NOTHING },
	  NULL,
	  "it says nothing of a network; disable-network turns the network "
	  "off, and without either each NIC gets its address by DHCP" },
	{ { .error = "line 1: x" }, NULL, "it is no YAML: line 1: x" },
};

static void test_network_check(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(networks); i++) {
		cleanup_free char *row = xasprintf("row %zu", i);
		struct seed_text text = { .yaml = networks[i].yaml };
		struct err err;

		if (networks[i].key)
			strv_add(&text.yaml.keys, networks[i].key);
		int r = seed_network_check(&text, &err);
		if (networks[i].message)
			check_error(row, r, &err, -EINVAL, networks[i].message);
		else
			check_ok(row, r, &err);
		strv_done(&text.yaml.keys);
	}
}

/* ---- JSON ---- */

static void test_json(void **state)
{
	const struct seed seed = {
		.files = { { "user-data", (char *)"\x1f\x8b", 2 },
			   { "meta-data", (char *)"a: \"\303\244\"", 7 } },
		.count = 2,
	};
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	json_t *json = seed_json(&seed);
	cleanup_free char *text = json_dumps(json, JSON_SORT_KEYS);

	(void)state;
	json_decref(json);
	check_text("json", text,
		   "{\"meta-data\": {\"content\": \"a: \\\"\303\244\\\"\"}, "
		   "\"user-data\": {\"base64\": \"H4s=\"}}");
	seed_describe(&sb, &seed);
	check_text("text", strbuf_str(&sb),
		   "the seed of cloud-init, in memory: user-data (2 bytes), "
		   "meta-data (7 bytes)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_is_key),
		cmocka_unit_test(test_collect),
		cmocka_unit_test(test_collect_refused),
		cmocka_unit_test(test_meta),
		cmocka_unit_test(test_meta_check),
		cmocka_unit_test(test_network_check),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
