/* SPDX-License-Identifier: Apache-2.0 */
#include "host/gather.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "host/descriptor_facts.h"
#include "host/file_facts.h"
#include "host/helper_facts.h"
#include "host/image_facts.h"
#include "host/image_locks.h"
#include "host/kernel_facts.h"
#include "host/link_facts.h"
#include "host/port_facts.h"
#include "host/program.h"
#include "host/qemu_facts.h"
#include "host/seed_facts.h"
#include "host/text_facts.h"
#include "plan/questions.h"

/* Whether the CPU has what KVM is made of. Other architectures have no such
 * flag: there, a /dev/kvm that opens is all that can be known. */
static bool has_virtualization(void)
{
#if defined(__x86_64__) || defined(__i386__)
	unsigned int eax, ebx, ecx, edx;

	if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) && (ecx & (1U << 5)))
		return true; /* vmx */
	return __get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx) &&
	       (ecx & (1U << 2)); /* svm */
#else
	return true;
#endif
}

static void look_at_kvm(struct facts *facts)
{
	cleanup_close int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd >= 0) {
		facts->kvm = has_virtualization() ? KVM_USABLE : KVM_SOFTWARE;
		return;
	}
	facts->kvm_error = errno;
	facts->kvm = errno == ENOENT			 ? KVM_MISSING
		     : errno == EACCES || errno == EPERM ? KVM_DENIED
							 : KVM_BROKEN;
}

static void look_at_vhost_net(struct facts *facts)
{
	cleanup_close int fd = open("/dev/vhost-net", O_RDWR | O_CLOEXEC);

	facts->vhost_net_error = fd < 0 ? errno : 0;
}

/* The id of this installation (machine-id(5)); a host without one has no way
 * to tell its guests from another's but their user. */
static char *read_machine_id(void)
{
	char line[64] = "";
	FILE *file = fopen("/etc/machine-id", "re");

	if (!file)
		return NULL;
	bool is_read = fgets(line, sizeof(line), file);
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	return is_read && *line ? xstrdup(line) : NULL;
}

static uint64_t random_number(void)
{
	struct timespec now;
	uint64_t number;

	/* Eight bytes come whole once the pool is ready. */
	if (getrandom(&number, sizeof(number), 0) == sizeof(number))
		return number;
	/* A seccomp filter forbids it. What is new in every run will do. */
	clock_gettime(CLOCK_REALTIME, &now);
	return ((uint64_t)getpid() << 40) ^ ((uint64_t)now.tv_sec << 30) ^
	       (uint64_t)now.tv_nsec;
}

static void look_at_files(const struct strv *paths, struct facts *facts)
{
	facts->files = xreallocarray(facts->files,
				     facts->file_count + paths->count,
				     sizeof(*facts->files));
	for (size_t i = 0; i < paths->count; i++)
		if (!facts_file(facts, paths->items[i]))
			host_look_at_file(paths->items[i],
					  &facts->files[facts->file_count++]);
}

static void look_at_ports(const struct questions *q, struct facts *facts)
{
	facts->ports = xcalloc(q->port_count, sizeof(*facts->ports));
	for (size_t i = 0; i < q->port_count; i++)
		host_look_at_port(q->ports[i],
				  &facts->ports[facts->port_count++]);
}

static struct file_facts *find_file(struct facts *facts, const char *path)
{
	for (size_t i = 0; i < facts->file_count; i++)
		if (str_eq(facts->files[i].path, path))
			return &facts->files[i];
	return NULL;
}

static void look_at_images(const struct run_spec *spec,
			   const struct questions *q, struct facts *facts)
{
	cleanup_strv struct strv held = STRV_INIT;

	for (size_t i = 0; i < q->images.count; i++)
		host_look_at_image(find_file(facts, q->images.items[i]));
	questions_of_holders(spec, facts, &held);
	for (size_t i = 0; i < held.count; i++)
		host_find_holder(find_file(facts, held.items[i]));
}

static void look_at_firmware(const struct run_spec *spec,
			     const struct questions *q, struct facts *facts)
{
	cleanup_strv struct strv files = STRV_INIT;

	if (q->descriptor)
		host_read_descriptor(q->descriptor, facts);
	else if (q->needs_descriptors)
		host_read_descriptors(facts);
	questions_of_firmware(spec, facts, &files);
	look_at_files(&files, facts);
}

/* Of one installation with QEMU, if it is not in PATH. */
static char *find_qemu_img(const char *qemu)
{
	const char *slash = qemu ? strrchr(qemu, '/') : NULL;
	char *path = NULL;

	if (slash) {
		cleanup_free char *beside =
			xasprintf("%.*s/qemu-img", (int)(slash - qemu), qemu);

		path = program_find(beside);
	}
	return path ? path : program_find("qemu-img");
}

void host_gather(const struct run_spec *spec, struct facts *ret,
		 struct qemu_cache *ret_cache)
{
	struct qemu_cache cache = QEMU_CACHE_INIT;
	struct facts facts = { 0 };
	struct questions q;
	struct utsname uts;

	uname(&uts);
	facts.host_machine = xstrdup(uts.machine);
	facts.uid = getuid();
	facts.random = random_number();
	facts.stdin_is_tty = isatty(STDIN_FILENO);
	facts.stdout_is_tty = isatty(STDOUT_FILENO);

	questions_of(spec, facts.host_machine, &q);
	if (q.needs_kvm)
		look_at_kvm(&facts);
	if (q.needs_vhost_net)
		look_at_vhost_net(&facts);
	if (q.needs_machine_id)
		facts.machine_id = read_machine_id();
	if (q.needs_helper)
		host_look_at_helper(q.net_socket, &facts.helper);
	if (q.port_count > 0)
		look_at_ports(&q, &facts);
	if (q.needs_ssh)
		facts.ssh = program_find("ssh");
	if (q.needs_swtpm)
		facts.swtpm = program_find("swtpm");
	look_at_files(&q.files, &facts);
	if (q.texts.count > 0)
		host_read_texts(&q.texts, &facts);
	if (q.seed)
		host_read_seed(q.seed, &facts.seed);
	look_at_images(spec, &q, &facts);
	if (q.kernel)
		facts.kernel = host_look_at_kernel(q.kernel);
	look_at_firmware(spec, &q, &facts);
	host_look_at_bridges(&q.bridges, &facts);
	host_ask_qemu(spec, &q, &cache, &facts);
	if (q.needs_qemu_img)
		facts.qemu_img = find_qemu_img(facts.qemu.path);
	questions_done(&q);
	*ret = facts;
	*ret_cache = cache;
}
