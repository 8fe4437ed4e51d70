/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/questions.h"

#include "base/strbuf.h"
#include "scene.h"

/* What is asked for one command line on an x86_64 host; lists have spaces
 * between their items. */
struct asked {
	const char *disks[3], *nics[3];
	const char *models, *files, *bridges;
	bool needs_vhost_net, needs_machine_id;
};

static const struct asked rows[] = {
	/* Without a word there is only the default NIC's bridge. */
	{ { NULL }, { NULL }, "", "", "virbr0", false, true },
	/* A plain NIC and a plain disk start no QEMU but the guest's. */
	{ { "d.img" }, { "user" }, "", "d.img", "", false, false },
	{ { "d.img" }, { "br0" }, "", "d.img", "br0", false, true },
	{ { "file=d,if=virtio,serial=s,format=raw,index=3,id=x" },
	  { "br0,mac=:05" },
	  "",
	  "d",
	  "br0",
	  false,
	  false },
	{ { "d,if=scsi" }, { "br0,mac=random" }, "", "d", "br0", false, false },
	/* A word, a flag or a device that only QEMU can place. */
	{ { "d,cache=unsafe" },
	  { "user" },
	  "virtio-blk",
	  "d",
	  "",
	  false,
	  false },
	{ { "d,readonly" },
	  { "user" },
	  "virtio-blk",
	  "d readonly",
	  "",
	  false,
	  false },
	{ { "file=d,readonly" },
	  { "user" },
	  "virtio-blk",
	  "d",
	  "",
	  false,
	  false },
	{ { "d,driver=nvme" }, { "user" }, "nvme", "d", "", false, false },
	{ { "d,if=pflash,cache=none" },
	  { "user" },
	  "virtio-blk",
	  "d",
	  "",
	  false,
	  false },
	{ { NULL },
	  { "user,hostfwd=tcp::2222-:22" },
	  "virtio-net-pci",
	  "",
	  "",
	  false,
	  false },
	{ { NULL }, { "user,model=e1000" }, "e1000", "", "", false, false },
	/* Each thing once. */
	{ { "d,cache=none", "d,cache=none", "e" },
	  { "br0", "br0", "br1,mac=auto" },
	  "virtio-blk",
	  "d e",
	  "br0 br1",
	  false,
	  true },
	/* xkvm places these itself. */
	{ { NULL }, { "br0,vhost=on,mac=auto" }, "", "", "br0", true, false },
	{ { NULL }, { "br0,vhost=auto,mac=auto" }, "", "", "br0", true, false },
	{ { NULL }, { "br0,vhostforce,mac=auto" }, "", "", "br0", true, false },
	{ { NULL }, { "br0,vhost=off,mac=auto" }, "", "", "br0", false, false },
	/* Whether the device has several. */
	{ { NULL },
	  { "br0,queues=auto,mac=auto" },
	  "virtio-net-pci",
	  "",
	  "br0",
	  false,
	  false },
	{ { NULL },
	  { "br0,queues=2,model=e1000,mac=auto" },
	  "e1000",
	  "",
	  "br0",
	  false,
	  false },
};

static void check_list(const char *row, const struct strv *list,
		       const char *want)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < list->count; i++)
		strbuf_addf(&sb, "%s%s", i ? " " : "", list->items[i]);
	check_text(row, strbuf_str(&sb), want);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct asked *want = &rows[i];
		cleanup_free char *row = xasprintf("row %zu", i);
		struct questions q;
		struct scene s;

		scene_init(&s);
		for (size_t j = 0; j < 3 && want->disks[j]; j++)
			scene_disk(&s, want->disks[j]);
		for (size_t j = 0; j < 3 && want->nics[j]; j++)
			scene_nic(&s, want->nics[j]);
		questions_of(&s.spec, "x86_64", &q);
		check_text(row, q.program, "qemu-system-x86_64");
		check_text(row, q.virtio_bus, "pci");
		check_list(row, &q.models, want->models);
		check_list(row, &q.files, want->files);
		check_list(row, &q.bridges, want->bridges);
		check_number(row, q.needs_kvm, true);
		check_number(row, q.needs_vhost_net, want->needs_vhost_net);
		check_number(row, q.needs_machine_id, want->needs_machine_id);
		check_number(row, q.needs_helper, *want->bridges != '\0');
		check_text(row, q.net_socket, "/run/xkvm/net.socket");
		questions_done(&q);
		assert_null(q.program);
		scene_done(&s);
	}
}

/* Not those of QEMU's word, nor a free one. */
static void test_ports(void **state)
{
	struct questions q;
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_nic(&s, "user,hostfwd=tcp::80-:80,fwd=:22,fwd=53:53/udp");
	scene_nic(&s, "user,fwd=0.0.0.0:81:80");
	questions_of(&s.spec, "x86_64", &q);
	assert_int_equal(q.port_count, 2);
	assert_int_equal(q.ports[0]->host_port, 53);
	assert_string_equal(q.ports[1]->address, "0.0.0.0");
	questions_done(&q);
	assert_null(q.ports);
	scene_done(&s);
}

static void test_swtpm(void **state)
{
	struct questions q;
	struct scene s;

	(void)state;
	scene_init(&s);
	questions_of(&s.spec, "x86_64", &q);
	assert_false(q.needs_swtpm);
	questions_done(&q);
	run_spec_set_tpm(&s.spec, "auto");
	questions_of(&s.spec, "x86_64", &q);
	assert_true(q.needs_swtpm);
	questions_done(&q);
	scene_done(&s);
}

/* The state of /dev/kvm matters only to who may use it. */
static void test_kvm(void **state)
{
	struct questions q;
	struct scene s;

	(void)state;
	scene_init(&s);
	s.spec.accel = ACCEL_TCG;
	questions_of(&s.spec, "x86_64", &q);
	assert_false(q.needs_kvm);
	questions_done(&q);
	s.spec.accel = ACCEL_KVM;
	s.spec.passthrough.names_accel = true;
	questions_of(&s.spec, "x86_64", &q);
	assert_false(q.needs_kvm);
	questions_done(&q);
	scene_done(&s);
}

/* The device of s390x is asked for even for a plain disk: it has a property to
 * be switched off. */
static void test_s390x(void **state)
{
	struct questions q;
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_disk(&s, "d.img");
	scene_nic(&s, "user,host_mtu=1400");
	questions_of(&s.spec, "s390x", &q);
	check_text("s390x", q.program, "qemu-system-s390x");
	check_text("s390x", q.virtio_bus, "ccw");
	check_list("s390x", &q.models, "virtio-blk virtio-net-ccw");
	questions_done(&q);
	scene_done(&s);
}

static void test_firmware(void **state)
{
	struct questions q;
	struct scene s;

	(void)state;
	scene_init(&s);
	str_replace(&s.spec.bios, "my.fd");
	questions_of(&s.spec, "x86_64", &q);
	check_list("bios", &q.files, "my.fd");
	questions_done(&q);
	str_replace(&s.spec.bios, NULL);
	str_replace(&s.spec.nvram, "vars.fd");
	s.spec.is_uefi = true;
	questions_of(&s.spec, "x86_64", &q);
	check_list("nvram", &q.files, "vars.fd");
	assert_true(q.needs_descriptors);
	questions_done(&q);
	str_replace(&s.spec.firmware.file, "my.json");
	questions_of(&s.spec, "x86_64", &q);
	check_text("descriptor", q.descriptor, "my.json");
	assert_false(q.needs_descriptors);
	questions_done(&q);
	scene_done(&s);
}

/* Any of a disk's bare words may be its path. */
static void test_store_beside_disk(void **state)
{
	struct questions q;
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_disk(&s, "cd.iso,media=cdrom");
	scene_disk(&s, "d.img,discard");
	scene_disk(&s, "file=e.img");
	str_replace(&s.spec.nvram, "auto");
	s.spec.is_uefi = true;
	questions_of(&s.spec, "x86_64", &q);
	check_list("auto", &q.files,
		   "cd.iso d.img discard e.img d.img.nvram discard.nvram");
	questions_done(&q);
	scene_done(&s);
}

/* The second round: what the descriptors name, and the known places. */
static void test_firmware_files(void **state)
{
	cleanup_strv struct strv files = STRV_INIT;
	struct scene s;

	(void)state;
	scene_init(&s);
	questions_of_firmware(&s.spec, &s.facts, &files);
	assert_int_equal(files.count, 0);
	s.spec.is_uefi = true;
	questions_of_firmware(&s.spec, &s.facts, &files);
	assert_true(strv_has(&files, "/usr/share/OVMF/OVMF_CODE_4M.fd"));
	assert_true(strv_has(&files, "/usr/share/OVMF/OVMF_VARS_4M.fd"));
	assert_false(strv_has(&files, "/usr/share/AAVMF/AAVMF_CODE.fd"));
	scene_done(&s);
}

/* The schema is asked for only while the other answers leave a word open. */
static const struct {
	const char *disk, *nic;
	bool needs;
} schemas[] = {
	{ "d,serial=s", "user", false },
	{ "d,cache=unsafe", "user", false },
	{ "d,logical_block_size=512", "user", false },
	{ "d,aio=native", "user", false },
	{ "d,file.locking=off", "user", false },
	{ "d,readonly", "user", false },
	{ "d,lazy-refcounts=on", "user", true },
	{ "d,e", "user", true },
	{ "file=d,e", "user", true },
	{ "d", "user,hostfwd=tcp::2222-:22", false },
	{ "d", "user,host_mtu=1400", false },
	{ "d", "user,new-option=1", true },
	{ "d", "br0,vhost=auto,queues=2,sndbuf=0", false },
	{ "d", "br0,hostfwd=x", true },
};

static void test_schema(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(schemas); i++) {
		cleanup_free char *row =
			xasprintf("%s %s", schemas[i].disk, schemas[i].nic);
		struct scene s;

		scene_init(&s);
		scene_disk(&s, schemas[i].disk);
		scene_nic(&s, schemas[i].nic);
		scene_model(&s, "virtio-blk", "virtio-blk-pci",
			    "drive logical_block_size");
		scene_model(&s, "virtio-net-pci", "virtio-net-pci",
			    "netdev host_mtu");
		scene_words(&s.facts.qemu.drive_options, "aio readonly");
		check_number(row, questions_need_schema(&s.spec, &s.facts),
			     schemas[i].needs);
		scene_done(&s);
	}
}

/* What --fast wants to know. */
static const struct {
	const char *arch;
	enum accel accel;
	const char *append; /* or NULL */
	bool asks_kernel, asks_machines;
} fasts[] = {
	{ "x86_64", ACCEL_AUTO, NULL, true, true },
	{ "i386", ACCEL_KVM, NULL, true, true },
	{ "x86_64", ACCEL_TCG, NULL, true, false },
	{ "x86_64", ACCEL_TCG, "tsc_early_khz=1", true, true },
	{ "aarch64", ACCEL_AUTO, NULL, true, false },
	{ "s390x", ACCEL_AUTO, NULL, false, false },
};

static void test_fast(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(fasts); i++) {
		cleanup_free char *row = xasprintf("fast %zu", i);
		struct questions q;
		struct scene s;

		scene_init(&s);
		s.spec.kernel.is_fast = true;
		s.spec.accel = fasts[i].accel;
		str_replace(&s.spec.arch, fasts[i].arch);
		questions_of(&s.spec, "x86_64", &q);
		check_number(row, q.needs_machines || q.kernel, false);
		questions_done(&q);

		str_replace(&s.spec.kernel.file, "k");
		str_replace(&s.spec.kernel.initrd, "i");
		str_replace(&s.spec.kernel.append, fasts[i].append);
		questions_of(&s.spec, "x86_64", &q);
		check_text(row, q.kernel, fasts[i].asks_kernel ? "k" : NULL);
		check_number(row, q.needs_machines, fasts[i].asks_machines);
		assert_true(strv_has(&q.files, "k") && strv_has(&q.files, "i"));
		questions_done(&q);
		scene_done(&s);
	}
}

/* What is looked at more closely, and what for. */
static const struct {
	const char *arg;
	const char *files, *images;
	bool needs_qemu_img;
} images[] = {
	{ "d", "d", "", false },
	{ "d,size=1G", "d", "d", true },
	{ "d,base=b", "d b", "d", true },
	{ "file=d,base=b,size=1G", "d b", "d", true },
	{ "d,ephemeral", "d", "", true },
	{ "d,ephemeral,ro", "d", "", false },
	/* Each of the words may be the path. */
	{ "d,share-rw,size=1G", "d share-rw", "d share-rw", true },
};

static char *joined(const struct strv *v)
{
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < v->count; i++)
		strbuf_addf(&sb, "%s%s", i ? " " : "", v->items[i]);
	return strbuf_detach(&sb);
}

static void test_images(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		struct questions q;
		struct scene s;

		scene_init(&s);
		scene_disk(&s, images[i].arg);
		scene_nic(&s, "user");
		questions_of(&s.spec, "x86_64", &q);
		cleanup_free char *files = joined(&q.files);
		cleanup_free char *closer = joined(&q.images);
		check_text(images[i].arg, files, images[i].files);
		check_text(images[i].arg, closer, images[i].images);
		check_number(images[i].arg, q.needs_qemu_img,
			     images[i].needs_qemu_img);
		questions_done(&q);
		scene_done(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_kvm),
		cmocka_unit_test(test_s390x),
		cmocka_unit_test(test_firmware),
		cmocka_unit_test(test_store_beside_disk),
		cmocka_unit_test(test_firmware_files),
		cmocka_unit_test(test_schema),
		cmocka_unit_test(test_fast),
		cmocka_unit_test(test_images),
		cmocka_unit_test(test_swtpm),
		cmocka_unit_test(test_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
