/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/plan_text.h"

#include <jansson.h>
#include <stdio.h>

#include "base/json.h"
#include "scene.h"

static void add_queue(struct plan *plan, enum plan_fd_kind kind, size_t nic,
		      unsigned int queue)
{
	struct plan_fd *fd = plan_add_fd(plan, kind);

	fd->nic = nic;
	fd->queue = queue;
}

/* A plan with one of everything. */
static void set_up(struct scene *s)
{
	struct plan *plan = &s->plan;

	scene_init(s);
	plan->program = xstrdup("/usr/bin/qemu");
	strv_add(&plan->argv, "qemu");
	strv_add(&plan->argv, "-name");
	strv_add(&plan->argv, "it's $HOME\n\xff");
	plan->taps = xcalloc(2, sizeof(*plan->taps));
	plan->tap_count = 2;
	plan->taps[0] = (struct plan_tap){
		.netdev = xstrdup("net00"),
		.bridge = xstrdup("br0"),
		.mac = xstrdup("52:54:00:00:00:01"),
		.queues = 1,
	};
	plan->taps[1] = (struct plan_tap){
		.netdev = xstrdup("net01"),
		.bridge = xstrdup("br1"),
		.port = { .tap = xstrdup("web1") },
		.queues = 2,
	};
	plan->helper = (struct plan_helper){
		.ways = { HELPER_DIRECT, HELPER_SOCKET, HELPER_QEMU,
			  HELPER_SUDO },
		.way_count = 4,
		.net = xstrdup("/x/xkvm-net"),
		.qemu = xstrdup("/x/qemu helper"),
		.socket = xstrdup("/run/net.socket"),
		.asks = true,
	};
	plan_add_fd(plan, PLAN_FD_INHERITED);
	plan_add_fd(plan, PLAN_FD_QMP);
	plan_add_fd(plan, PLAN_FD_CONFIG)->content = xstrdup("[mon]\n");
	add_queue(plan, PLAN_FD_TAP, 0, 0);
	add_queue(plan, PLAN_FD_TAP, 1, 0);
	add_queue(plan, PLAN_FD_TAP, 1, 1);
	add_queue(plan, PLAN_FD_VHOST_NET, 0, 0);
	add_queue(plan, PLAN_FD_VHOST_NET, 1, 1);
	plan_add_fd(plan, PLAN_FD_NVRAM)->path = xstrdup("/a b.fd");
	plan_add_fd(plan, PLAN_FD_KERNEL)->path = xstrdup("a k");
	struct plan_fd *kernel = plan_add_fd(plan, PLAN_FD_KERNEL);
	kernel->path = xstrdup("k");
	kernel->cache = xstrdup("/c d");
	plan_add_file(plan, PLAN_FILE_CREATE_NVRAM, "n v", "/a b.fd");
	plan_add_file(plan, PLAN_FILE_MARK_RAW, "d.img", NULL);
	plan_add_file(plan, PLAN_FILE_UNMARK_RAW, "e.img", NULL);
	plan_note(plan, NOTE_INFO, "a note");
	plan_note(plan, NOTE_WARNING, "a warning");
}

static void test_command(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	cleanup_free char *text = plan_command_text(&s.plan);
	assert_string_equal(text, "qemu -name 'it'\\''s $HOME\n\xff'");
	scene_done(&s);
}

static void test_things(void **state)
{
	struct plan empty = { 0 };
	cleanup_free char *nothing = plan_things_text(&empty);
	struct scene s;

	(void)state;
	assert_string_equal(nothing, "");
	set_up(&s);
	cleanup_free char *text = plan_things_text(&s.plan);
	assert_string_equal(
		text,
		"descriptor 3: inherited, as the arguments name it\n"
		"descriptor 4: the supervisor's QMP socket\n"
		"descriptor 5: a configuration file, in memory, that puts a "
		"monitor on the QMP socket (by hand: 5</dev/null)\n"
		"descriptor 6: a new tap on bridge br0, for net00\n"
		"descriptor 7: a new tap on bridge br1 named web1, for net01, "
		"queue 1 of 2\n"
		"descriptor 8: a new tap on bridge br1 named web1, for net01, "
		"queue 2 of 2\n"
		"descriptor 9: /dev/vhost-net, for net00\n"
		"descriptor 10: /dev/vhost-net, for net01, queue 2 of 2\n"
		"descriptor 11: a private copy, in memory, of '/a b.fd'\n"
		"descriptor 12: the kernel, unpacked, of 'a k', in memory\n"
		"descriptor 13: the kernel, unpacked, of k, kept in '/c d'\n"
		"taps: made by /x/xkvm-net, else by the service on "
		"/run/net.socket, else by '/x/qemu helper', else by sudo and "
		"/x/xkvm-net\n"
		"file 'n v': created, as a copy of '/a b.fd'\n"
		"file d.img: marked as a raw disk\n"
		"file e.img: no longer marked as a raw disk\n");
	scene_done(&s);
}

static void test_nobody(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	s.plan.helper.way_count = 0;
	s.plan.helper.cause = xstrdup("it is so");
	cleanup_free char *text = plan_things_text(&s.plan);
	assert_non_null(strstr(text, "\ntaps: nobody can make them: it is "
				     "so\n"));
	cleanup_free char *json_text = plan_json_text(&s.plan);
	cleanup_json json_t *json = json_loads(json_text, 0, NULL);
	cleanup_json json_t *want =
		json_pack("{s:[], s:s}", "ways", "cause", "it is so");
	assert_true(json_equal(json_object_get(json, "helper"), want));
	scene_done(&s);
}

/* Images that are made, in both forms. */
static void test_images(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	struct plan_fd *fd = plan_add_fd(&s.plan, PLAN_FD_IMAGE);
	fd->path = xstrdup("/var tmp");
	fd->image = (struct plan_image){ .format = xstrdup("qcow2"),
					 .base = xstrdup("/a b.img"),
					 .base_format = xstrdup("raw") };
	plan_add_file(&s.plan, PLAN_FILE_CREATE_IMAGE, "n.vdi", NULL)->image =
		(struct plan_image){ .format = xstrdup("vdi"), .size = 1024 };
	plan_add_file(&s.plan, PLAN_FILE_GROW_IMAGE, "g.img", NULL)->image =
		(struct plan_image){ .format = xstrdup("raw"), .size = 2000 };
	cleanup_free char *text = plan_things_text(&s.plan);
	assert_string_equal(text,
			    "descriptor 3: a disk image without a name, in "
			    "'/var tmp': qcow2, an overlay on '/a b.img' "
			    "(raw)\n"
			    "file n.vdi: created, vdi, 1K\n"
			    "file g.img: made larger, raw, 2000 bytes\n");

	cleanup_free char *json_text = plan_json_text(&s.plan);
	cleanup_json json_t *json = json_loads(json_text, 0, NULL);
	cleanup_json json_t *fds =
		json_pack("[{s:i, s:s, s:s, s:s, s:s, s:s}]", "fd", 3, "kind",
			  "image", "folder", "/var tmp", "format", "qcow2",
			  "base", "/a b.img", "base-format", "raw");
	cleanup_json json_t *files =
		json_pack("[{s:s, s:s, s:s, s:i}, {s:s, s:s, s:s, s:i}]",
			  "action", "create-image", "path", "n.vdi", "format",
			  "vdi", "size", 1024, "action", "grow-image", "path",
			  "g.img", "format", "raw", "size", 2000);
	assert_true(json_equal(json_object_get(json, "descriptors"), fds));
	assert_true(json_equal(json_object_get(json, "files"), files));
	scene_done(&s);
}

/* A copy that is larger than what it is made from. */
static void test_sizes(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	struct plan_fd *fd = plan_add_fd(&s.plan, PLAN_FD_NVRAM);
	fd->path = xstrdup("/c.fd");
	fd->size = 4096;
	fd = plan_add_fd(&s.plan, PLAN_FD_LOCK);
	fd->path = xstrdup("n");
	plan_add_file(&s.plan, PLAN_FILE_CREATE_NVRAM, "n", "/v.fd")->size =
		8192;
	cleanup_free char *text = plan_things_text(&s.plan);
	assert_string_equal(
		text, "descriptor 3: a private copy, in memory, of /c.fd, "
		      "filled up to 4096 bytes\n"
		      "descriptor 4: the lock of n\n"
		      "file n: created, as a copy of /v.fd, filled up to 8192 "
		      "bytes\n");
	cleanup_free char *json_text = plan_json_text(&s.plan);
	cleanup_json json_t *json = json_loads(json_text, 0, NULL);
	int fd_size = 0, file_size = 0;
	assert_int_equal(json_unpack(json, "{s:[{s:i}], s:[{s:i}]}",
				     "descriptors", "size", &fd_size, "files",
				     "size", &file_size),
			 0);
	assert_int_equal(fd_size, 4096);
	assert_int_equal(file_size, 8192);
	scene_done(&s);
}

/* What the JSON text is, parsed: the same as this, with nothing more. */
static json_t *expected(void)
{
	return json_pack(
		"{s:s, s:[sss], s:b, s:["
		"{s:i, s:s}, {s:i, s:s}, {s:i, s:s, s:s}, {s:i, s:s, s:s}, "
		"{s:i, s:s, s:s}, {s:i, s:s, s:s}, {s:i, s:s, s:s}, "
		"{s:i, s:s, s:s}, {s:i, s:s, s:s}, {s:i, s:s, s:s, s:n}, "
		"{s:i, s:s, s:s, s:s}], s:o, s:o, s:o, s:o}",
		"program", "/usr/bin/qemu", "argv", "qemu", "-name",
		"it's $HOME\n\xef\xbf\xbd", "exec", 0, "descriptors", "fd", 3,
		"kind", "inherited", "fd", 4, "kind", "qmp", "fd", 5, "kind",
		"config", "content", "[mon]\n", "fd", 6, "kind", "tap",
		"netdev", "net00", "fd", 7, "kind", "tap", "netdev", "net01",
		"fd", 8, "kind", "tap", "netdev", "net01", "fd", 9, "kind",
		"vhost-net", "netdev", "net00", "fd", 10, "kind", "vhost-net",
		"netdev", "net01", "fd", 11, "kind", "nvram", "source",
		"/a b.fd", "fd", 12, "kind", "kernel", "source", "a k", "cache",
		"fd", 13, "kind", "kernel", "source", "k", "cache", "/c d",
		"taps",
		json_pack("[{s:s, s:s, s:s, s:i}, {s:s, s:s, s:n, s:i, s:s}]",
			  "netdev", "net00", "bridge", "br0", "mac",
			  "52:54:00:00:00:01", "queues", 1, "netdev", "net01",
			  "bridge", "br1", "mac", "queues", 2, "tap", "web1"),
		"helper",
		json_pack("{s:[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}, "
			  "{s:s, s:s, s:b}]}",
			  "ways", "way", "direct", "path", "/x/xkvm-net", "way",
			  "socket", "path", "/run/net.socket", "way", "qemu",
			  "path", "/x/qemu helper", "way", "sudo", "path",
			  "/x/xkvm-net", "asks", 1),
		"files",
		json_pack("[{s:s, s:s, s:s}, {s:s, s:s}, {s:s, s:s}]", "action",
			  "create", "path", "n v", "source", "/a b.fd",
			  "action", "mark-raw", "path", "d.img", "action",
			  "unmark-raw", "path", "e.img"),
		"notes",
		json_pack("[{s:s, s:s}, {s:s, s:s}]", "level", "note", "text",
			  "a note", "level", "warning", "text", "a warning"));
}

static void test_json(void **state)
{
	cleanup_json json_t *want = expected();
	struct scene s;

	(void)state;
	assert_non_null(want);
	set_up(&s);
	cleanup_free char *text = plan_json_text(&s.plan);
	assert_int_equal(text[strlen(text) - 1], '\n');
	cleanup_json json_t *got = json_loads(text, 0, NULL);
	assert_non_null(got);
	if (!json_equal(got, want))
		fail_msg("%s", text);
	scene_done(&s);
}

static void add_forward(struct plan *plan, const char *netdev,
			const struct fwd_spec *fwd)
{
	struct plan_forward *forward = &plan->forwards[plan->forward_count++];

	forward->fwd = *fwd;
	snprintf(forward->netdev, sizeof(forward->netdev), "%s", netdev);
}

static void test_forwards(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	s.plan.forwards = xcalloc(3, sizeof(*s.plan.forwards));
	add_forward(&s.plan, "net00",
		    &(struct fwd_spec){ .address = "127.0.0.1",
					.guest_port = 22 });
	add_forward(&s.plan, "net00",
		    &(struct fwd_spec){ .address = "0.0.0.0",
					.host_port = 80,
					.guest_port = 80,
					.is_hostfwd = true });
	add_forward(&s.plan, "net01",
		    &(struct fwd_spec){ .address = "192.0.2.1",
					.host_port = 53,
					.guest_port = 5353,
					.is_udp = true });
	cleanup_free char *text = plan_things_text(&s.plan);
	assert_string_equal(text, "a free port of 127.0.0.1 leads to port 22 "
				  "of the guest\n"
				  "192.0.2.1:53 leads to UDP port 5353 of the "
				  "guest\n");
	cleanup_free char *json_text = plan_json_text(&s.plan);
	cleanup_json json_t *got = json_loads(json_text, 0, NULL);
	cleanup_json json_t *want = json_pack(
		"[{s:s, s:s, s:s, s:n, s:i}, {s:s, s:s, s:s, s:i, s:i},"
		" {s:s, s:s, s:s, s:i, s:i}]",
		"netdev", "net00", "protocol", "tcp", "address", "127.0.0.1",
		"port", "guest-port", 22, "netdev", "net00", "protocol", "tcp",
		"address", "0.0.0.0", "port", 80, "guest-port", 80, "netdev",
		"net01", "protocol", "udp", "address", "192.0.2.1", "port", 53,
		"guest-port", 5353);
	assert_true(json_equal(json_object_get(got, "forwards"), want));
	scene_done(&s);
}

/* What is run in the guest. */
static void test_run(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	s.plan.command = (struct plan_command){ .text = xstrdup("a b"),
						.by_agent = true,
						.by_ssh = true,
						.user = xstrdup("me") };
	s.plan.ssh = xstrdup("/bin/ssh");
	cleanup_free char *text = plan_things_text(&s.plan);
	assert_string_equal(text, "command: run in the guest by its agent or "
				  "ssh as me: 'a b'\n");
	cleanup_free char *json_text = plan_json_text(&s.plan);
	cleanup_json json_t *got = json_loads(json_text, 0, NULL);
	cleanup_json json_t *want =
		json_pack("{s:s, s:[ss], s:s, s:s}", "command", "a b", "by",
			  "agent", "ssh", "ssh", "/bin/ssh", "user", "me");
	assert_true(json_equal(json_object_get(got, "run"), want));
	scene_done(&s);
}

/* The program beside QEMU. */
static void test_tpm(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	plan_add_fd(&s.plan, PLAN_FD_TPM);
	s.plan.tpm.program = xstrdup("/usr/bin/swtpm");
	strv_add(&s.plan.tpm.argv, "swtpm");
	strv_add(&s.plan.tpm.argv, "a b");
	cleanup_free char *in_memory = plan_things_text(&s.plan);
	assert_string_equal(in_memory,
			    "descriptor 3: the TPM's control socket\n"
			    "program swtpm 'a b': the TPM, its state in "
			    "memory\n");
	str_replace(&s.plan.tpm.folder, "d img.tpm");
	cleanup_free char *kept = plan_things_text(&s.plan);
	assert_non_null(strstr(kept, "its state in the folder 'd img.tpm'\n"));
	cleanup_free char *text = plan_json_text(&s.plan);
	cleanup_json json_t *got = json_loads(text, 0, NULL);
	cleanup_json json_t *want = json_pack("{s:s, s:[ss], s:s}", "program",
					      "/usr/bin/swtpm", "argv", "swtpm",
					      "a b", "folder", "d img.tpm");
	assert_true(json_equal(json_object_get(got, "tpm"), want));
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_command),	 cmocka_unit_test(test_things),
		cmocka_unit_test(test_nobody),	 cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_json),	 cmocka_unit_test(test_tpm),
		cmocka_unit_test(test_forwards), cmocka_unit_test(test_images),
		cmocka_unit_test(test_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
