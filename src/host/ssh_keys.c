/* SPDX-License-Identifier: Apache-2.0 */
#include "host/ssh_keys.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/base64.h"
#include "plan/seed_keys.h"

#define AGENT_REQUEST_IDENTITIES 11
#define AGENT_IDENTITIES_ANSWER 12

/* Agents have a limit of their own, of 256 KiB. */
#define ANSWER_MAX ((size_t)1 << 20)

/* One that asks a person first, or hangs, is not waited for longer. */
#define ANSWER_TIMEOUT_S 5

/* ---- the agent's answer ---- */

/* What is left of a message. */
struct rest {
	const unsigned char *data;
	size_t len;
};

static bool take_number(struct rest *rest, uint32_t *ret)
{
	if (rest->len < 4)
		return false;
	*ret = (uint32_t)rest->data[0] << 24 | (uint32_t)rest->data[1] << 16 |
	       (uint32_t)rest->data[2] << 8 | rest->data[3];
	rest->data += 4;
	rest->len -= 4;
	return true;
}

/* A number, and as many bytes. */
static bool take_bytes(struct rest *rest, struct rest *ret)
{
	uint32_t len;

	if (!take_number(rest, &len) || len > rest->len)
		return false;
	*ret = (struct rest){ rest->data, len };
	rest->data += len;
	rest->len -= len;
	return true;
}

/* In a line of text, there are no others. */
static bool is_printable(const struct rest *text)
{
	for (size_t i = 0; i < text->len; i++)
		if (text->data[i] < ' ' || text->data[i] == 0x7f)
			return false;
	return true;
}

/* A key begins with the name of its type. What is no key to sshd, such as a
 * certificate's, is left out. */
static void add_key(const struct rest *key, const struct rest *comment,
		    struct strv *ret)
{
	struct rest rest = *key, type;
	cleanup_strbuf struct strbuf line = STRBUF_INIT;

	if (!take_bytes(&rest, &type) || !is_printable(&type))
		return;
	strbuf_add(&line, type.data, type.len);
	strbuf_addch(&line, ' ');
	base64_add(&line, key->data, key->len, 0);
	if (comment->len > 0 && is_printable(comment)) {
		strbuf_addch(&line, ' ');
		strbuf_add(&line, comment->data, comment->len);
	}
	if (seed_keys_is_key(strbuf_str(&line)) &&
	    !strstr(strbuf_str(&line), "-cert-"))
		strv_add_unique(ret, strbuf_str(&line));
}

bool ssh_agent_read_keys(const void *message, size_t len, struct strv *ret)
{
	struct rest rest = { message, len };
	uint32_t count;

	if (len < 1 || rest.data[0] != AGENT_IDENTITIES_ANSWER)
		return false;
	rest.data++;
	rest.len--;
	if (!take_number(&rest, &count))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		struct rest key, comment;

		if (!take_bytes(&rest, &key) || !take_bytes(&rest, &comment))
			return false;
		add_key(&key, &comment, ret);
	}
	return true;
}

/* ---- the agent ---- */

static int connect_to(const char *path)
{
	const struct timeval timeout = { .tv_sec = ANSWER_TIMEOUT_S };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	cleanup_close int fd = -1;

	if (strlen(path) >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) <
		    0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) <
		    0 ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -1;
	return take_fd(fd);
}

static bool receive(int fd, void *buf, size_t len)
{
	char *at = buf;

	while (len > 0) {
		ssize_t n = recv(fd, at, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static void ask_agent(const char *path, struct strv *ret)
{
	static const char request[] = { 0, 0, 0, 1, AGENT_REQUEST_IDENTITIES };
	cleanup_close int fd = connect_to(path);
	unsigned char head[4];
	uint32_t len;

	if (fd < 0 || send(fd, request, sizeof(request), MSG_NOSIGNAL) !=
			      (ssize_t)sizeof(request))
		return;
	if (!receive(fd, head, sizeof(head)))
		return;
	struct rest rest = { head, sizeof(head) };
	if (!take_number(&rest, &len) || len > ANSWER_MAX)
		return;
	cleanup_free void *answer = xcalloc(1, len + 1);
	if (receive(fd, answer, len))
		ssh_agent_read_keys(answer, len, ret);
}

/* ---- files ---- */

static int is_public(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 4 && str_eq(entry->d_name + len - 4, ".pub") &&
	       !(len > 9 && str_eq(entry->d_name + len - 9, "-cert.pub"));
}

static void read_file(const char *path, struct strv *ret)
{
	FILE *file = fopen(path, "re");
	cleanup_free char *line = NULL;
	size_t size = 0;

	if (!file)
		return;
	while (getline(&line, &size, file) > 0) {
		line[strcspn(line, "\r\n")] = '\0';
		if (*line != '#' && seed_keys_is_key(line))
			strv_add_unique(ret, line);
	}
	fclose(file);
}

static void read_folder(const char *folder, struct strv *ret)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_public, alphasort);

	for (int i = 0; i < count; i++) {
		cleanup_free char *path =
			xasprintf("%s/%s", folder, entries[i]->d_name);

		read_file(path, ret);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

void host_find_ssh_keys(const char *agent, const char *folder, struct strv *ret)
{
	if (agent)
		ask_agent(agent, ret);
	if (folder)
		read_folder(folder, ret);
}
