/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/run_options.h"

#include <errno.h>

#include "check.h"

#define ARGS_MAX 12

static const struct run_environment NOTHING;

static int parse(const char *const *list,
		 const struct run_environment *environment,
		 struct run_spec *ret, enum run_request *request,
		 struct err *err)
{
	cleanup_strv struct strv argv = STRV_INIT;

	strv_add(&argv, "xkvm");
	for (size_t i = 0; i < ARGS_MAX && list[i]; i++)
		strv_add(&argv, list[i]);
	return run_options_parse((int)argv.count, argv.items, environment, ret,
				 request, err);
}

/* Parses what must be accepted. */
static struct run_spec spec_of(const char *const *list,
			       const struct run_environment *environment)
{
	enum run_request request = REQUEST_HELP;
	struct run_spec spec;
	struct err err;

	check_ok(list[0] ? list[0] : "nothing",
		 parse(list, environment, &spec, &request, &err), &err);
	assert_int_equal(request, REQUEST_RUN);
	return spec;
}

#define ARGS(...) ((const char *const[ARGS_MAX]){ __VA_ARGS__, NULL })

static void test_defaults(void **state)
{
	struct run_spec spec = spec_of(ARGS(NULL), &NOTHING);

	(void)state;
	assert_int_equal(spec.disk_count, 0);
	assert_int_equal(spec.nic_count, 0);
	assert_null(spec.bios);
	assert_false(spec.is_uefi);
	assert_null(spec.nvram);
	assert_null(spec.program);
	assert_null(spec.arch);
	assert_int_equal(spec.accel, ACCEL_AUTO);
	assert_int_equal(spec.dry_run, DRY_RUN_NO);
	assert_int_equal(spec.stdin_choice, STDIN_QEMU);
	assert_false(spec.no_reboot);
	assert_false(spec.is_exec);
	assert_false(spec.is_quiet);
	assert_int_equal(spec.verbosity, 0);
	assert_int_equal(spec.grace_ms, 0);
	assert_null(spec.default_disk_driver);
	assert_null(spec.default_nic_model);
	assert_int_equal(spec.supports_file_locking, -1);
	assert_int_equal(spec.qemu_args.count, 0);
	run_spec_done(&spec);
}

/* The shapes in which other programs call it. */
static void test_shapes(void **state)
{
	struct run_spec spec =
		spec_of(ARGS("--disk", "D,cache=unsafe", "--disk", "SEED",
			     "--netdev", "user,hostfwd=tcp::2222-:22", "--",
			     "-pidfile", "F", "-name", "N"),
			&NOTHING);

	(void)state;
	assert_int_equal(spec.disk_count, 2);
	assert_string_equal(spec.disks[0].arg, "D,cache=unsafe");
	assert_int_equal(spec.nic_count, 1);
	assert_int_equal(spec.qemu_args.count, 4);
	assert_string_equal(spec.qemu_args.items[0], "-pidfile");
	assert_string_equal(spec.passthrough.guest_name, "N");
	run_spec_done(&spec);

	spec = spec_of(ARGS("-v", "--dowait", "--no-reboot", "--uefi-nvram=F",
			    "--netdev=virbr0,mac=52:54:00:12:34:01",
			    "--disk=file=SEED,if=virtio,media=cdrom"),
		       &NOTHING);
	assert_int_equal(spec.verbosity, 1);
	assert_int_equal(spec.stdin_choice, STDIN_EMPTY);
	assert_true(spec.no_reboot);
	assert_true(spec.is_uefi);
	assert_string_equal(spec.nvram, "F");
	assert_true(spec.disks[0].is_cdrom);
	run_spec_done(&spec);
}

static void test_single_options(void **state)
{
	struct run_spec spec = spec_of(
		ARGS("--kvm", "q", "--arch=arm64", "--accel", "tcg", "-q",
		     "--bios=b", "--dowait", "--no-dowait", "-vv", "--v"),
		&NOTHING);

	(void)state;
	assert_string_equal(spec.program, "q");
	assert_string_equal(spec.arch, "aarch64");
	assert_int_equal(spec.accel, ACCEL_TCG);
	assert_true(spec.is_accel_explicit);
	assert_true(spec.is_quiet);
	assert_string_equal(spec.bios, "b");
	assert_int_equal(spec.stdin_choice, STDIN_QEMU); /* the last one */
	assert_int_equal(spec.verbosity, 3);
	run_spec_done(&spec);
	spec = spec_of(ARGS("--helper", "sudo", "--helper=socket"), &NOTHING);
	assert_int_equal(spec.helper, HELPER_SOCKET);
	run_spec_done(&spec);
}

static void test_firmware(void **state)
{
	struct run_spec spec =
		spec_of(ARGS("--secure-boot=yes", "--firmware", "f.json",
			     "--firmware-features=secure-boot,~acpi-s3",
			     "--firmware-features", "acpi-s4"),
			&NOTHING);

	(void)state;
	assert_true(spec.is_uefi);
	assert_int_equal(spec.firmware.secure_boot, SECURE_BOOT_YES);
	assert_string_equal(spec.firmware.file, "f.json");
	assert_true(strv_has(&spec.firmware.wanted, "secure-boot"));
	assert_true(strv_has(&spec.firmware.wanted, "acpi-s4"));
	assert_true(strv_has(&spec.firmware.unwanted, "acpi-s3"));
	run_spec_done(&spec);
}

static void test_machine_options(void **state)
{
	struct run_spec spec = spec_of(ARGS("--machine=q35,smm=on", "--cpu",
					    "host", "--smp=2", "-m", "2G"),
				       &NOTHING);

	(void)state;
	assert_string_equal(spec.machine, "q35,smm=on");
	assert_string_equal(spec.machine_type, "q35");
	assert_string_equal(spec.cpu, "host");
	assert_string_equal(spec.smp, "2");
	assert_string_equal(spec.memory, "2G");
	assert_int_equal(spec.cpus, 2);
	run_spec_done(&spec);
	/* The last one counts, and what stands behind "--" before it. */
	spec = spec_of(ARGS("--machine=q35", "--machine", "usb=off", "--cpu=a",
			    "--cpu=", "--smp", "cores=3", "--mem=7", "--",
			    "-smp", "9"),
		       &NOTHING);
	assert_string_equal(spec.machine, "usb=off");
	assert_null(spec.machine_type);
	assert_null(spec.cpu);
	assert_string_equal(spec.smp, "cores=3");
	assert_string_equal(spec.memory, "7");
	assert_int_equal(spec.cpus, 9);
	run_spec_done(&spec);
}

static void test_memory(void **state)
{
	static const char *const sizes[] = { "1",    "512",  "512M", "2G",
					     "2g",   "64k",  "1T",   "0x1" + 2,
					     "007M", "1024m" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct run_spec spec =
			spec_of(ARGS("--memory", sizes[i]), &NOTHING);

		check_text(sizes[i], spec.memory, sizes[i]);
		run_spec_done(&spec);
	}
}

static void test_tpm(void **state)
{
	static const struct {
		const char *arg;
		enum tpm tpm;
		const char *folder;
	} rows[] = {
		{ "--tpm", TPM_PRIVATE, NULL },
		{ "--tpm=", TPM_PRIVATE, NULL },
		{ "--tpm=auto", TPM_AUTO, NULL },
		{ "--tpm=off", TPM_OFF, NULL },
		{ "--tpm=dir", TPM_FOLDER, "dir" },
		{ "--tpm=./auto", TPM_FOLDER, "./auto" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct run_spec spec =
			spec_of(ARGS("--tpm=before", rows[i].arg), &NOTHING);

		check_number(rows[i].arg, spec.tpm, rows[i].tpm);
		check_text(rows[i].arg, spec.tpm_folder, rows[i].folder);
		run_spec_done(&spec);
	}
}

/* What scripts leave empty is not given. */
static void test_empty_values(void **state)
{
	struct run_spec spec = spec_of(
		ARGS("--bios=", "--kvm", "", "--uefi-nvram="), &NOTHING);

	(void)state;
	assert_null(spec.bios);
	assert_null(spec.program);
	assert_null(spec.nvram);
	assert_true(spec.is_uefi);
	run_spec_done(&spec);
}

static void test_dry_run(void **state)
{
	static const struct {
		const char *arg;
		enum dry_run form;
	} rows[] = {
		{ "--dry-run", DRY_RUN_SHELL },
		{ "--dry", DRY_RUN_SHELL },
		{ "--dry-run=json", DRY_RUN_JSON },
		{ "--dr=json", DRY_RUN_JSON },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct run_spec spec = spec_of(ARGS(rows[i].arg), &NOTHING);

		check_number(rows[i].arg, spec.dry_run, rows[i].form);
		run_spec_done(&spec);
	}
}

static void test_grace(void **state)
{
	static const struct {
		const char *text;
		unsigned int ms;
	} rows[] = {
		{ "0", 0 },
		{ "1", 1000 },
		{ "2.5", 2500 },
		{ "0.0001", 1 },
		{ "1e1", 10000 },
		{ ".5", 500 },
		{ "86400", 86400000 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct run_spec spec =
			spec_of(ARGS("--grace", rows[i].text), &NOTHING);

		check_number(rows[i].text, spec.grace_ms, rows[i].ms);
		run_spec_done(&spec);
	}
}

static void test_environment(void **state)
{
	static const struct {
		const char *locking;
		int supports;
	} rows[] = { { "true", 1 }, { "false", 0 }, { "", -1 }, { "x", 0 } };
	struct run_environment environment = { .disk_driver = "nvme",
					       .nic_model = "e1000",
					       .accel = "tcg",
					       .net_socket = "/s",
					       .cache_home = "/c" };
	struct run_spec spec = spec_of(ARGS(NULL), &environment);

	(void)state;
	assert_string_equal(spec.default_disk_driver, "nvme");
	assert_string_equal(spec.default_nic_model, "e1000");
	assert_string_equal(spec.net_socket, "/s");
	assert_string_equal(spec.cache_home, "/c");
	assert_int_equal(spec.helper, HELPER_AUTO);
	assert_int_equal(spec.accel, ACCEL_TCG);
	assert_false(spec.is_accel_explicit);
	run_spec_done(&spec);
	/* The command line goes before the environment, and empty is unset. */
	spec = spec_of(ARGS("--accel=kvm"), &environment);
	assert_int_equal(spec.accel, ACCEL_KVM);
	assert_true(spec.is_accel_explicit);
	run_spec_done(&spec);
	environment = (struct run_environment){ "", "", "", "", "" };
	spec = spec_of(ARGS(NULL), &environment);
	assert_null(spec.default_disk_driver);
	assert_null(spec.default_nic_model);
	assert_null(spec.net_socket);
	assert_int_equal(spec.accel, ACCEL_AUTO);
	run_spec_done(&spec);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		environment.file_locking = rows[i].locking;
		spec = spec_of(ARGS(NULL), &environment);
		check_number(rows[i].locking, spec.supports_file_locking,
			     rows[i].supports);
		run_spec_done(&spec);
	}
}

/* Who asks for help gets it, whatever else is on the command line. */
static void test_requests(void **state)
{
	static const struct {
		const char *args[ARGS_MAX];
		enum run_request request;
	} rows[] = {
		{ { "--help" }, REQUEST_HELP },
		{ { "-h" }, REQUEST_HELP },
		{ { "--version" }, REQUEST_VERSION },
		{ { "--bios", "b", "--uefi", "-h" }, REQUEST_HELP },
		{ { "--", "--help" }, REQUEST_RUN },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *row = rows[i].args[0];
		enum run_request request;
		struct run_spec spec;
		struct err err;

		check_ok(row,
			 parse(rows[i].args, &NOTHING, &spec, &request, &err),
			 &err);
		check_number(row, request, rows[i].request);
		run_spec_done(&spec);
	}
}

#define MEMORY(text)                                                     \
	"--memory '" text "': give a size, such as 512M or 2G (M where " \
	"there is no letter)"
#define SMP(text)                                                 \
	"--smp '" text "': give a number of CPUs, such as 4, or " \
	"a topology, such as cores=2,threads=2"
#define GRACE(text) "--grace '" text "': give seconds, from 0 to 86400"

static const struct {
	const char *args[ARGS_MAX];
	const char *message;
} bad[] = {
	{ { "--grace=" }, GRACE("") },
	{ { "--grace=x" }, GRACE("x") },
	{ { "--grace=5s" }, GRACE("5s") },
	{ { "--grace=-1" }, GRACE("-1") },
	{ { "--grace=86401" }, GRACE("86401") },
	{ { "--grace=nan" }, GRACE("nan") },
	{ { "--grace=inf" }, GRACE("inf") },
	{ { "--on-panic=stop" },
	  "--on-panic: unknown action 'stop'; use exit, pause or reboot" },
	{ { "--wait=soon" },
	  "--wait 'soon': wait for boot, ssh, port:N, cloud-init, text:REGEX or exit" },
	{ { "--wait=boot", "--timeout=5 m" },
	  "--timeout '5 m': give a time, such as 90, 90s, 5m or 1h" },
	{ { "--wait=boot", "--timeout=0" },
	  "--timeout '0': give a time, such as 90, 90s, 5m or 1h" },
	{ { "--timeout=5m" },
	  "--timeout limits --wait and --run, and there is neither; with '--wait exit' it "
	  "limits the whole run" },
	{ { "--wait=boot", "--exec" },
	  "--exec and --wait exclude each other: nobody is left to watch the "
	  "guest" },
	{ { "--wait=exit", "--", "-daemonize" },
	  "-daemonize and --wait exclude each other: QEMU goes on where xkvm "
	  "does not see it" },
	{ { "--memory=" }, MEMORY("") },
	{ { "--memory=0" }, MEMORY("0") },
	{ { "--memory=0G" }, MEMORY("0G") },
	{ { "--memory=M" }, MEMORY("M") },
	{ { "--memory=2GB" }, MEMORY("2GB") },
	{ { "--memory=-1" }, MEMORY("-1") },
	{ { "--memory=1.5G" }, MEMORY("1.5G") },
	{ { "-m", "2G,slots=2" }, MEMORY("2G,slots=2") },
	{ { "--smp=" }, SMP("") },
	{ { "--smp=0" }, SMP("0") },
	{ { "--smp=two" }, SMP("two") },
	{ { "--smp=65536" }, SMP("65536") },
	{ { "--machine=" },
	  "--machine '': give a machine, such as q35, or options of one, such "
	  "as usb=off" },
	{ { "--dry-run=xml" }, "--dry-run=xml: the only other form is json" },
	{ { "--dry-run=" }, "--dry-run=: the only other form is json" },
	{ { "--arch=x/y" },
	  "--arch: 'x/y' is no architecture; QEMU's names are x86_64, aarch64, "
	  "s390x, ppc64, riscv64 and so on" },
	{ { "--helper", "door" },
	  "--helper: unknown way 'door'; use auto, direct, sudo, socket or "
	  "qemu" },
	{ { "--accel=xen" },
	  "--accel: unknown accelerator 'xen'; use auto, kvm or tcg" },
	{ { "--secure-boot", "on" },
	  "--secure-boot: unknown choice 'on'; use auto, yes or no" },
	{ { "--firmware-features", "smm" },
	  "--firmware-features 'smm': unknown feature 'smm'" },
	{ { "--disk", "d,id=" }, "--disk 'd,id=': word 2: id= needs a name" },
	{ { "-n-v" }, "--netdev '-v': '-v' cannot name a bridge" },
	{ { "--uefi", "--bios=b" }, "--bios and --uefi exclude each other" },
	{ { "--disk=a,id=x", "--disk=b,id=x" },
	  "--disk 'b,id=x': id=x is already the id of another disk" },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct run_spec spec, before;
		enum run_request request;
		struct err err;

		memset(&before, 0x5a, sizeof(before));
		spec = before;
		check_error(bad[i].args[0],
			    parse(bad[i].args, &NOTHING, &spec, &request, &err),
			    &err, -EINVAL, bad[i].message);
		assert_memory_equal(&spec, &before, sizeof(spec));
	}
}

static void test_bad_environment(void **state)
{
	const struct run_environment environment = { .accel = "xen" };
	enum run_request request;
	struct run_spec spec;
	struct err err;

	(void)state;
	check_error("XKVM_ACCEL",
		    parse(ARGS(NULL), &environment, &spec, &request, &err),
		    &err, -EINVAL,
		    "environment variable XKVM_ACCEL: unknown accelerator "
		    "'xen'; use auto, kvm or tcg");
}

static void test_kernel(void **state)
{
	struct run_spec spec = spec_of(
		ARGS("--kernel", "k", "--initrd=i", "--append", "one", "--fast",
		     "--append=two three", "--append-console=no"),
		&NOTHING);

	(void)state;
	assert_string_equal(spec.kernel.file, "k");
	assert_string_equal(spec.kernel.initrd, "i");
	assert_string_equal(spec.kernel.append, "one two three");
	assert_int_equal(spec.kernel.append_console, APPEND_CONSOLE_NO);
	assert_true(spec.kernel.is_fast);
	run_spec_done(&spec);

	/* Scripts give what they have, be it nothing. */
	spec = spec_of(ARGS("--kernel=", "--initrd", "", "--append="),
		       &NOTHING);
	assert_null(spec.kernel.file);
	assert_null(spec.kernel.initrd);
	assert_null(spec.kernel.append);
	assert_false(spec.kernel.is_fast);
	run_spec_done(&spec);

	/* A shortened name that was the shell tool's stays it. */
	spec = spec_of(ARGS("--k", "q"), &NOTHING);
	assert_string_equal(spec.program, "q");
	assert_null(spec.kernel.file);
	run_spec_done(&spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_single_options),
		cmocka_unit_test(test_firmware),
		cmocka_unit_test(test_machine_options),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_tpm),
		cmocka_unit_test(test_empty_values),
		cmocka_unit_test(test_dry_run),
		cmocka_unit_test(test_grace),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_kernel),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_bad_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
