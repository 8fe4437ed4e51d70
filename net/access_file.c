/* SPDX-License-Identifier: Apache-2.0 */
#include "access_file.h"

#include "access_parse.h"
#include "account.h"
#include "privilege.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the kernel calls whom a user namespace does not know. */
#define UNKNOWN_UID 65534

/* One file on the way from the root to its text. */
struct walk {
	const char *path;
	bool is_draft; /* read what is not to be trusted, too */
	char *reason; /* of ACCESS_REASON_SIZE; empty as long as all is well */
	int folder; /* owned; -1: none */
	bool is_public;
};

/* Only the first reason is told. */
__attribute__((format(printf, 2, 3))) static int object(struct walk *walk,
							const char *fmt, ...)
{
	va_list args;

	if (!*walk->reason) {
		va_start(args, fmt);
		vsnprintf(walk->reason, ACCESS_REASON_SIZE, fmt, args);
		va_end(args);
	}
	return -1;
}

static const char *kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return "a regular file";
	case S_IFDIR:
		return "a folder";
	case S_IFLNK:
		return "a symbolic link";
	case S_IFIFO:
		return "a FIFO";
	case S_IFSOCK:
		return "a socket";
	default:
		return "a device";
	}
}

/* What the first `up_to` bytes of the path are: the file, or a folder of it. */
struct part {
	char text[64 + ACCESS_LINE_MAX];
};

static struct part part_of(const struct walk *walk, size_t up_to)
{
	struct part part = { "it" };

	if (up_to < strlen(walk->path))
		snprintf(part.text, sizeof(part.text), "its folder %.*s",
			 (int)up_to, walk->path);
	return part;
}

static int object_owner(struct walk *walk, uid_t owner, size_t up_to)
{
	if (owner == UNKNOWN_UID && privilege_is_in_user_namespace())
		return object(walk,
			      "%s belongs to nobody that this user namespace "
			      "knows; start outside of it, or in one that owns "
			      "its network ('unshare -Urn')",
			      part_of(walk, up_to).text);
	return object(walk, "%s belongs to user %u; 'chown root %.*s'",
		      part_of(walk, up_to).text, owner, (int)up_to, walk->path);
}

/* Could anybody but root have changed it? */
static int check_trust(struct walk *walk, const struct stat *st, size_t up_to)
{
	int rc = 0;

	if (st->st_uid != 0)
		rc = object_owner(walk, st->st_uid, up_to);
	else if (st->st_mode & (S_IWGRP | S_IWOTH))
		rc = object(walk,
			    "others than root may write to %s; "
			    "'chmod go-w %.*s'",
			    part_of(walk, up_to).text, (int)up_to, walk->path);
	if (!(st->st_mode & (S_ISDIR(st->st_mode) ? S_IXOTH : S_IROTH)))
		walk->is_public = false;
	return walk->is_draft ? 0 : rc;
}

static int object_errno(struct walk *walk, int err, size_t up_to)
{
	const struct part part = part_of(walk, up_to);

	if (err == ENOENT)
		return object(walk, "%s does not exist", part.text);
	if (err == EACCES)
		return object(walk,
			      "%s is not readable to this user; xkvm-net with "
			      "a file capability reads with the rights of its "
			      "caller ('chmod a+rX %.*s')",
			      part.text, (int)up_to, walk->path);
	return object(walk, "%s cannot be read: %s", part.text, strerror(err));
}

/*
 * Opens `name`, which ends at `up_to` of the path. It is looked at before,
 * since opening alone can do something to a device, and after, when it can no
 * longer be exchanged.
 */
static int open_part(struct walk *walk, const char *name, size_t up_to,
		     mode_t kind, int flags)
{
	struct stat st;
	int fd;

	if (fstatat(walk->folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return object_errno(walk, errno, up_to);
	if ((st.st_mode & S_IFMT) != kind)
		return object(walk, "%s is %s, not %s",
			      part_of(walk, up_to).text, kind_of(st.st_mode),
			      kind_of(kind));
	fd = openat(walk->folder, name,
		    flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return object_errno(walk, errno, up_to);
	if (fstat(fd, &st) < 0 || (st.st_mode & S_IFMT) != kind) {
		close(fd);
		return object(walk, "%s was exchanged meanwhile; try again",
			      part_of(walk, up_to).text);
	}
	if (check_trust(walk, &st, up_to) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Goes from the root to the folder that holds the file, and returns the name of
 * that; NULL: a folder on the way will not do. */
static const char *enter_folders(struct walk *walk)
{
	const char *name = walk->path + strspn(walk->path, "/");
	struct stat root;

	walk->folder = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (walk->folder < 0 || fstat(walk->folder, &root) < 0) {
		object_errno(walk, errno, 1);
		return NULL;
	}
	if (check_trust(walk, &root, 1) < 0)
		return NULL;
	for (;;) {
		size_t len = strcspn(name, "/");
		const char *next = name + len + strspn(name + len, "/");
		char part[NAME_MAX + 1];
		int fd;

		if (!*next)
			return name;
		if (len > NAME_MAX) {
			object_errno(walk, ENAMETOOLONG, strlen(walk->path));
			return NULL;
		}
		snprintf(part, sizeof(part), "%.*s", (int)len, name);
		fd = open_part(walk, part, (size_t)(name + len - walk->path),
			       S_IFDIR, O_PATH | O_DIRECTORY);
		if (fd < 0)
			return NULL;
		close(walk->folder);
		walk->folder = fd;
		name = next;
	}
}

static bool has_dots(const char *path)
{
	for (path = strstr(path, "/.."); path; path = strstr(path + 1, "/.."))
		if (path[3] == '/' || path[3] == '\0')
			return true;
	return false;
}

static int read_all(struct walk *walk, int fd, struct access_text *ret)
{
	/* One byte more than goes shows that it is too long. */
	const size_t room = ACCESS_FILE_MAX + 1;
	struct access_text text = { .data = malloc(room) };
	ssize_t n;

	if (!text.data)
		return object_errno(walk, ENOMEM, strlen(walk->path));
	do {
		n = read(fd, text.data + text.size, room - text.size);
		if (n > 0)
			text.size += (size_t)n;
	} while ((n > 0 && text.size < room) || (n < 0 && errno == EINTR));
	if (n < 0) {
		free(text.data);
		return object_errno(walk, errno, strlen(walk->path));
	}
	*ret = text;
	return 0;
}

static int read_walk(struct walk *walk, struct access_text *ret)
{
	const char *name;
	int fd, rc;

	if (*walk->path != '/')
		return object(walk, "the path must start with '/'");
	if (has_dots(walk->path))
		return object(walk, "the path must not go up by '..'");
	name = enter_folders(walk);
	if (!name)
		return -1;
	if (!*name)
		return object(walk, "it is a folder, not a regular file");
	fd = open_part(walk, name, strlen(walk->path), S_IFREG, O_RDONLY);
	if (fd < 0)
		return -1;
	rc = read_all(walk, fd, ret);
	close(fd);
	ret->is_public = walk->is_public;
	return rc;
}

static int read_path(const char *path, bool is_draft, struct access_text *ret,
		     char reason[static ACCESS_REASON_SIZE])
{
	struct walk walk = { .path = path,
			     .is_draft = is_draft,
			     .reason = reason,
			     .folder = -1,
			     .is_public = true };
	int rc = read_walk(&walk, ret);

	if (walk.folder >= 0)
		close(walk.folder);
	return rc;
}

static int read_file(void *context, const char *path, struct access_text *ret,
		     char reason[static ACCESS_REASON_SIZE])
{
	return read_path(path, *(const bool *)context, ret, reason);
}

static int find_user(void *context, const char *name, uid_t *ret)
{
	(void)context;
	return account_find_uid(name, ret);
}

static int find_group(void *context, const char *name, gid_t *ret)
{
	(void)context;
	return account_find_gid(name, ret);
}

static int load(const char *path, bool is_draft, struct access_list **ret)
{
	const struct access_source source = { &is_draft, read_file, find_user,
					      find_group };
	struct access_list *list = calloc(1, sizeof(*list));

	if (!list)
		return -ENOMEM;
	if (path)
		access_parse(list, path, &source);
	else
		access_add_finding(list,
				   "there is no access list; an administrator "
				   "writes one to " ACCESS_PATH
				   ", with a line such as 'allow br0'");
	*ret = list;
	return 0;
}

/* Anything but that it is not there is for access_parse() to find. */
static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 || errno != ENOENT;
}

int access_file_load(struct access_list **ret)
{
	if (exists(ACCESS_PATH))
		return load(ACCESS_PATH, false, ret);
	return load(exists(ACCESS_PATH_QEMU) ? ACCESS_PATH_QEMU : NULL, false,
		    ret);
}

int access_file_load_draft(const char *path, struct access_list **ret)
{
	return load(path, true, ret);
}
