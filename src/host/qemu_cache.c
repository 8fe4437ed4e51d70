/* SPDX-License-Identifier: Apache-2.0 */
#include "host/qemu_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/own_folder.h"
#include "spec/cache_home.h"

char *qemu_cache_folder(void)
{
	cleanup_free char *home =
		cache_home(getenv("XDG_CACHE_HOME"), getenv("HOME"));

	return home ? xasprintf("%s/" CACHE_FOLDER, home) : NULL;
}

/* The file's content, owned by the caller; NULL where it is not one to trust.
 * O_NONBLOCK: a FIFO is not waited for. */
static void *read_file(int folder, const char *name, size_t *ret_size)
{
	struct stat st;
	cleanup_close int fd = openat(
		folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    !own_is(&st) || st.st_size <= 0 || st.st_size > LISTS_SIZE_MAX)
		return NULL;
	size_t size = (size_t)st.st_size;
	cleanup_free char *data = xcalloc(1, size);
	ssize_t n = read(fd, data, size);
	if (n < 0 || (size_t)n != size)
		return NULL;
	*ret_size = size;
	return take_ptr(data);
}

/* ---- the program's identity ---------------------------------------------- */

static void add_times(struct strv *identity, const char *path,
		      const struct stat *st)
{
	strv_addf(identity, "%s %jx:%ju %jd %jd.%09ld %jd.%09ld", path,
		  (uintmax_t)st->st_dev, (uintmax_t)st->st_ino,
		  (intmax_t)st->st_size, (intmax_t)st->st_mtim.tv_sec,
		  st->st_mtim.tv_nsec, (intmax_t)st->st_ctim.tv_sec,
		  st->st_ctim.tv_nsec);
}

static void add_folder(struct strv *identity, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0)
		add_times(identity, path, &st);
}

/* Debian's name of the architecture in /usr/lib, where it is no more than the
 * machine's and "-linux-gnu". */
static char *multiarch(const char *machine)
{
	if (str_starts(machine, "arm"))
		return xstrdup("arm-linux-gnueabihf");
	if (str_eq(machine, "ppc64le"))
		return xstrdup("powerpc64le-linux-gnu");
	if (*machine == 'i' && str_eq(machine + 2, "86"))
		return xstrdup("i386-linux-gnu");
	return xasprintf("%s-linux-gnu", machine);
}

/* A module that is installed, removed or replaced changes the time of its
 * folder. QEMU looks in $QEMU_MODULE_DIR and in a folder that was compiled in,
 * which it moves along with the program (util/module.c, util/cutils.c); these
 * are the ones that distributions, and QEMU itself, compile in. */
static void add_modules(struct strv *identity, const char *path,
			const char *machine)
{
	const char *chosen = getenv("QEMU_MODULE_DIR");
	const char *slash = strrchr(path, '/');
	int len = (int)(slash - path);
	cleanup_free char *arch = multiarch(machine);
	cleanup_free char *debian =
		xasprintf("%.*s/../lib/%s/qemu", len, path, arch);
	cleanup_free char *lib64 = xasprintf("%.*s/../lib64/qemu", len, path);
	cleanup_free char *lib = xasprintf("%.*s/../lib/qemu", len, path);

	if (chosen && *chosen)
		add_folder(identity, chosen);
	add_folder(identity, debian);
	add_folder(identity, lib64);
	add_folder(identity, lib);
}

/* All that can change a program's answers. Empty where it is not there. */
static void read_identity(const char *path, const char *machine,
			  struct strv *identity)
{
	struct stat st;
	cleanup_free char *real = realpath(path, NULL);

	if (!real || stat(real, &st) < 0)
		return;
	strv_add(identity, real);
	add_times(identity, "", &st);
	add_modules(identity, real, machine);
}

static bool is_same(const struct lists *lists, const struct strv *identity)
{
	struct list list;

	if (!lists_find(lists, CACHE_PROGRAM, &list) || list.count == 0 ||
	    list.count != identity->count)
		return false;
	for (size_t i = 0; i < list.count; i++)
		if (!str_eq(list_item(&list, i), identity->items[i]))
			return false;
	return true;
}

/* One program has one file, so that an upgrade replaces it. FNV-1a; that two
 * paths share a name costs only time. */
static char *file_name(const char *path)
{
	uint64_t hash = 0xcbf29ce484222325U;

	for (; *path; path++)
		hash = (hash ^ (unsigned char)*path) * 0x100000001b3U;
	return xasprintf(QEMU_CACHE_PREFIX "%016" PRIx64, hash);
}

void qemu_cache_open(struct qemu_cache *ret, const char *path,
		     const char *host_machine)
{
	struct qemu_cache cache = QEMU_CACHE_INIT;
	size_t size = 0;

	*ret = cache;
	cache.folder = qemu_cache_folder();
	if (!cache.folder)
		return;
	read_identity(path, host_machine, &cache.identity);
	if (cache.identity.count == 0) {
		qemu_cache_done(&cache);
		return;
	}
	cache.file = file_name(cache.identity.items[0]);

	cleanup_close int folder = own_folder_open(cache.folder);
	if (folder >= 0)
		cache.block = read_file(folder, cache.file, &size);
	if (cache.block && (!lists_open(&cache.known, cache.block, size) ||
			    !is_same(&cache.known, &cache.identity)))
		cache.known = (struct lists){ 0 };
	*ret = cache;
}

void qemu_cache_done(struct qemu_cache *cache)
{
	free(cache->folder);
	free(cache->file);
	strv_done(&cache->identity);
	free(cache->block);
	list_set_done(&cache->learned);
	*cache = (struct qemu_cache)QEMU_CACHE_INIT;
}

bool qemu_cache_may_keep(const struct qemu_cache *cache)
{
	static const char elf[4] = { '\177', 'E', 'L', 'F' };
	char start[sizeof(elf)];

	if (!cache->file)
		return false;
	cleanup_close int fd =
		open(cache->identity.items[0], O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, start, sizeof(start)) == sizeof(start) &&
	       memcmp(start, elf, sizeof(elf)) == 0;
}

/* ---- all files ----------------------------------------------------------- */

static bool is_program_same(const struct lists *lists, const char *machine)
{
	cleanup_strv struct strv identity = STRV_INIT;
	struct list list;

	if (lists_find(lists, CACHE_PROGRAM, &list) && list.count > 0)
		read_identity(list_item(&list, 0), machine, &identity);
	return is_same(lists, &identity);
}

static struct qemu_cache_entry read_entry(int folder, const char *file,
					  const char *machine)
{
	struct qemu_cache_entry entry = { .file = xstrdup(file) };
	struct stat st;
	size_t size;

	if (fstatat(folder, file, &st, AT_SYMLINK_NOFOLLOW) == 0)
		entry.size = (uint64_t)st.st_size;
	entry.block = read_file(folder, file, &size);
	entry.is_valid = entry.block &&
			 lists_open(&entry.lists, entry.block, size);
	entry.is_fresh = entry.is_valid &&
			 is_program_same(&entry.lists, machine);
	return entry;
}

static bool is_entry(const char *name)
{
	return str_starts(name, QEMU_CACHE_PREFIX);
}

struct qemu_cache_entry *qemu_cache_entries(const char *folder,
					    const char *host_machine,
					    size_t *ret_count)
{
	cleanup_strv struct strv names = STRV_INIT;
	cleanup_close int fd = own_folder_open(folder);

	*ret_count = 0;
	if (fd < 0 || !own_folder_list(fd, is_entry, &names))
		return NULL;
	struct qemu_cache_entry *entries =
		xcalloc(names.count, sizeof(*entries));
	for (size_t i = 0; i < names.count; i++)
		entries[i] = read_entry(fd, names.items[i], host_machine);
	*ret_count = names.count;
	return entries;
}

void qemu_cache_entries_free(struct qemu_cache_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(entries[i].file);
		free(entries[i].block);
	}
	free(entries);
}
