/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU is a shell script here, which notes every command it is given. */
#include "host/qemu_facts.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "check.h"
#include "folder.h"

/* Knows nvme, virtio-blk-pci, and e1000 by the alias "old-nic". */
static const char QEMU[] =
	"#!/bin/sh\n"
	"echo '{\"QMP\": {}}' >&3\n"
	"say() { printf '%s, \"id\": %s}\\n' \"$1\" \"$id\" >&3; }\n"
	"properties() {\n"
	"  list=; for p; do list=\"$list,{\\\"name\\\": \\\"$p\\\"}\"; done\n"
	"  say \"{\\\"return\\\": [${list#,}]\"\n"
	"}\n"
	"while read -r line <&3; do\n"
	"  id=${line##*:}; id=${id%\\}}\n"
	"  echo \"$line\" >>\"${0%/*}/log\"\n"
	"  case $line in\n"
	"  *typename*'\"nvme\"'*) properties drive serial addr ;;\n"
	"  *typename*'\"virtio-blk-pci\"'*) properties drive mq ;;\n"
	"  *typename*'\"e1000\"'*) properties netdev mac ;;\n"
	"  *typename*) say '{\"error\": {\"class\": \"DeviceNotFound\"}' ;;\n"
	"  *'info qdm'*) say '{\"return\": \"name \\\"e1000\\\", bus PCI, alias "
	"\\\"old-nic\\\"\\r\\nname \\\"nvme\\\", bus PCI\\r\\n\\r\\nrubbish\"'"
	" ;;\n"
	"  *query-command-line-options*) say '{\"return\": [{\"option\": "
	"\"drive\", \"parameters\": [{\"name\": \"aio\"}, {\"name\": \"aio\"}, "
	"{}, {\"name\": \"media\"}]}]' ;;\n"
	"  *query-machines*) say '{\"return\": [{\"name\": \"pc\"}, {}, "
	"{\"name\": \"microvm\"}]' ;;\n"
	"  *query-qmp-schema*) say '{\"return\": [{\"name\": \"netdev_add\", "
	"\"arg-type\": \"1\"}, {\"name\": \"1\", \"variants\": [{\"case\": "
	"\"user\", \"type\": \"2\"}]}, {\"name\": \"2\", \"members\": "
	"[{\"name\": \"new-word\"}]}]' ;;\n"
	"  *) say '{\"return\": {}' ;;\n"
	"  esac\n"
	"done\n";

struct asking {
	char *folder, *path;
	struct run_spec spec;
	struct questions q;
	struct qemu_cache cache;
	struct facts facts;
};

static void set_up(struct asking *a, const char *text)
{
	*a = (struct asking){ .spec = RUN_SPEC_INIT };
	a->folder = folder_new();
	a->path = folder_file(a->folder, "qemu", text, strlen(text), 0755);
	a->q.program = xstrdup(a->path);
	a->q.virtio_bus = "pci";
	a->facts.host_machine = xstrdup("x86_64");
}

static void tear_down(struct asking *a)
{
	cleanup_free_p(&a->path);
	folder_remove(a->folder);
	run_spec_done(&a->spec);
	questions_done(&a->q);
	qemu_cache_done(&a->cache);
	facts_done(&a->facts);
}

/* How often `word` stands in what QEMU was asked. */
static size_t times_asked(const struct asking *a, const char *word)
{
	cleanup_free char *path = folder_path(a->folder, "log");
	FILE *log = fopen(path, "re");
	char line[1024];
	size_t count = 0;

	while (log && fgets(line, sizeof(line), log))
		count += strstr(line, word) != NULL;
	if (log)
		fclose(log);
	return count;
}

static void check_list(const struct strv *list, const char *want)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < list->count; i++)
		strbuf_addf(&sb, "%s%s", i ? " " : "", list->items[i]);
	check_text(want, strbuf_str(&sb), want);
}

static void check_model(const struct asking *a, const char *asked,
			const char *name, const char *properties)
{
	const struct model_facts *model = facts_model(&a->facts, asked);

	assert_non_null(model);
	check_text(asked, model->name, name);
	check_list(&model->properties, properties);
}

/* Without a question the program is found, and not started. */
static void test_not_asked(void **state)
{
	struct asking a;

	(void)state;
	set_up(&a, QEMU);
	host_ask_qemu(&a.spec, &a.q, &a.cache, &a.facts);
	assert_string_equal(a.facts.qemu.path, a.path);
	assert_null(a.facts.qemu.failure);
	assert_int_equal(times_asked(&a, ""), 0);
	tear_down(&a);
}

static void test_missing(void **state)
{
	struct asking a;

	(void)state;
	set_up(&a, QEMU);
	strv_add(&a.q.models, "nvme");
	assert_int_equal(unlink(a.path), 0);
	host_ask_qemu(&a.spec, &a.q, &a.cache, &a.facts);
	assert_null(a.facts.qemu.path);
	assert_null(a.facts.qemu.failure);
	tear_down(&a);
}

static void test_models(void **state)
{
	struct asking a;

	(void)state;
	set_up(&a, QEMU);
	strv_add(&a.q.models, "nvme");
	strv_add(&a.q.models, "virtio-blk");
	strv_add(&a.q.models, "virtio-blk-pci");
	host_ask_qemu(&a.spec, &a.q, &a.cache, &a.facts);
	assert_null(a.facts.qemu.failure);
	check_model(&a, "nvme", "nvme", "drive serial addr");
	check_model(&a, "virtio-blk-pci", "virtio-blk-pci", "drive mq");
	assert_int_equal(times_asked(&a, "virtio-blk-pci-pci"), 0);
	check_model(&a, "virtio-blk", "virtio-blk-pci", "drive mq");
	check_list(&a.facts.qemu.drive_options, "aio media");
	/* Nothing is left open: neither the list of all devices nor the schema
	 * was needed. */
	assert_int_equal(times_asked(&a, "info qdm"), 0);
	assert_int_equal(times_asked(&a, "query-qmp-schema"), 0);
	assert_false(a.facts.qemu.has_schema);
	tear_down(&a);
}

/* Machines alone are reason enough to start QEMU. */
static void test_machines(void **state)
{
	struct asking a;

	(void)state;
	set_up(&a, QEMU);
	a.q.needs_machines = true;
	host_ask_qemu(&a.spec, &a.q, &a.cache, &a.facts);
	assert_null(a.facts.qemu.failure);
	check_list(&a.facts.qemu.machines, "pc microvm");
	assert_int_equal(times_asked(&a, "query-machines"), 1);
	assert_int_equal(times_asked(&a, "query-command-line-options"), 0);
	tear_down(&a);
}

/* QEMU is not asked for its machines where nobody wants to know. */
static void test_no_machines(void **state)
{
	struct asking a;

	(void)state;
	set_up(&a, QEMU);
	strv_add(&a.q.models, "nvme");
	host_ask_qemu(&a.spec, &a.q, &a.cache, &a.facts);
	assert_int_equal(times_asked(&a, "query-machines"), 0);
	assert_int_equal(times_asked(&a, "device-list-properties"), 1);
	tear_down(&a);
}

/* An alias is looked up; what is none either has no name. */
static void test_aliases(void **state)
{
	struct asking a;

	(void)state;
	set_up(&a, QEMU);
	strv_add(&a.q.models, "old-nic");
	strv_add(&a.q.models, "teapot");
	strv_add(&a.q.models, "virtio-blk");
	strv_add(&a.q.models, "bad\xff");
	host_ask_qemu(&a.spec, &a.q, &a.cache, &a.facts);
	assert_null(a.facts.qemu.failure);
	check_model(&a, "old-nic", "e1000", "netdev mac");
	check_model(&a, "teapot", NULL, "");
	check_model(&a, "virtio-blk", "virtio-blk-pci", "drive mq");
	check_model(&a, "bad\xff", NULL, "");
	check_list(&a.facts.qemu.devices, "e1000 old-nic nvme");
	assert_int_equal(times_asked(&a, "info qdm"), 1);
	tear_down(&a);
}

/* A word that the other answers leave open. */
static void test_schema(void **state)
{
	struct asking a;
	struct err err;

	(void)state;
	set_up(&a, QEMU);
	strv_add(&a.q.models, "e1000");
	check_ok("nic",
		 run_spec_add_nic(&a.spec, "user,model=e1000,new-word=1", &err),
		 &err);
	host_ask_qemu(&a.spec, &a.q, &a.cache, &a.facts);
	assert_true(a.facts.qemu.has_schema);
	check_list(&a.facts.qemu.user_options, "new-word");
	assert_int_equal(times_asked(&a, "query-qmp-schema"), 1);
	tear_down(&a);
}

static void test_failure(void **state)
{
	struct asking a;

	(void)state;
	set_up(&a, "#!/bin/sh\necho 'not today' >&2\n");
	strv_add(&a.q.models, "nvme");
	host_ask_qemu(&a.spec, &a.q, &a.cache, &a.facts);
	cleanup_free char *message =
		xasprintf("'%s' could not be asked: it does not speak QMP; it "
			  "said 'not today'",
			  a.path);
	check_text("failure", a.facts.qemu.failure, message);
	check_model(&a, "nvme", NULL, "");
	tear_down(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_not_asked),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_models),
		cmocka_unit_test(test_machines),
		cmocka_unit_test(test_no_machines),
		cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_schema),
		cmocka_unit_test(test_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
