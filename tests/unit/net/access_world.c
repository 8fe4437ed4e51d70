/* SPDX-License-Identifier: Apache-2.0 */
#include "access_world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *path;
	const char *text; /* NULL: cannot be read */
	const char *reason;
} files[] = {
	{ "/lab", "allow br-lab\n", "" },
	{ "/wrong", "\nallow br-lab alice\n", "" },
	{ "/unread", NULL, "there is no /unread" },
	{ "/distrusted", "allow br-lab\n", "user 5 can write to it" },
	{ "/self", "include /self\n", "" },
	{ "/ping", "include /pong\n", "" },
	{ "/pong", "# back\ninclude /ping\n", "" },
	{ "/down/1", "include /down/2\n", "" },
	{ "/down/2", "include /down/3\n", "" },
	{ "/down/3", "include /down/4\n", "" },
	{ "/down/4", "include /down/5\n", "" },
	{ "/down/5", "include /down/6\n", "" },
	{ "/down/6", "include /down/7\n", "" },
	{ "/down/7", "include /down/8\n", "" },
	{ "/down/8", "allow br-deep\n", "" },
	{ "/down/0", "include /down/1\n", "" },
};

static const struct {
	const char *name;
	uint32_t id;
} names[] = { { "alice", 1000 }, { "bobby", 1001 }, { "kvm", 100 } };

/* A copy of just its size, where a read beyond its end is noticed. */
static struct access_text copy_text(const char *text, size_t size)
{
	struct access_text copy = { malloc(size ? size : 1), size, true };

	assert_non_null(copy.data);
	memcpy(copy.data, text, size);
	return copy;
}

static int read_file(void *context, const char *path, struct access_text *ret,
		     char reason[static ACCESS_REASON_SIZE])
{
	struct world *world = context;

	world->reads++;
	if (strcmp(path, "/list") == 0) {
		*ret = copy_text(world->text, world->size);
		ret->is_public = !world->is_private;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (strcmp(path, files[i].path) != 0)
			continue;
		snprintf(reason, ACCESS_REASON_SIZE, "%s", files[i].reason);
		if (!files[i].text)
			return -1;
		*ret = copy_text(files[i].text, strlen(files[i].text));
		return 0;
	}
	fail_msg("'%s' is read", path);
	return -1;
}

static int find_name(void *context, const char *name, uint32_t *ret)
{
	(void)context;
	if (strcmp(name, "remote") == 0)
		return -EIO;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(name, names[i].name) == 0) {
			*ret = names[i].id;
			return 0;
		}
	}
	return -ENOENT;
}

struct access_list *world_parse(struct world *world)
{
	const struct access_source source = { world, read_file, find_name,
					      find_name };
	struct access_list *list = calloc(1, sizeof(*list));

	assert_non_null(list);
	access_parse(list, "/list", &source);
	return list;
}

struct access_list *world_parse_text(const char *text)
{
	struct world world = { .text = text, .size = strlen(text) };

	return world_parse(&world);
}

void check_finding(const char *row, const struct access_list *list,
		   const char *finding)
{
	const struct access_request request = { .bridge = "br0" };

	if (list->n_findings != 1)
		fail_msg("'%s': %u findings", row, list->n_findings);
	assert_string_equal(list->findings[0].text, finding);
	assert_int_equal(access_decide(list, &request).verdict, ACCESS_INVALID);
}
