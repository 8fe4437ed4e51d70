/* SPDX-License-Identifier: Apache-2.0 */
#include "host/seed_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "host/ssh_keys.h"
#include "host/yaml_facts.h"
#include "plan/seed.h"

#define BLOCK 65536

static int read_all(int fd, struct strbuf *sb)
{
	cleanup_free char *block = xcalloc(1, BLOCK);

	for (;;) {
		ssize_t n = read(fd, block, BLOCK);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		if (n == 0)
			return 0;
		strbuf_add(sb, block, (size_t)n);
		if (sb->len > SEED_TEXT_MAX)
			return EFBIG;
	}
}

/* A FIFO is a file like any other here: <(command) of a shell is one. */
static int read_file(const char *path, struct strbuf *sb)
{
	if (str_eq(path, SEED_STDIN))
		return read_all(STDIN_FILENO, sb);
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	return fd < 0 ? errno : read_all(fd, sb);
}

static struct seed_text *add_text(struct seed_facts *facts, const char *path)
{
	facts->texts = xreallocarray(facts->texts, facts->text_count + 1,
				     sizeof(*facts->texts));
	struct seed_text *text = &facts->texts[facts->text_count++];
	*text = (struct seed_text){ .path = xstrdup(path) };
	return text;
}

void host_take_seed_text(const struct seed_source *source, char *text_owned,
			 size_t len, struct seed_facts *ret)
{
	struct seed_text *text = add_text(ret, source->path);
	struct err err;

	text->text = text_owned;
	text->len = len;
	if (seed_is_yaml(source->word, text->text, len) &&
	    host_read_yaml(text->text, len, &text->yaml, &err) < 0)
		str_replace(&ret->yaml_failure, err.text);
}

void host_miss_seed_text(const struct seed_source *source, int error,
			 struct seed_facts *ret)
{
	add_text(ret, source->path)->error = error;
}

static void look_at(const struct seed_source *source, struct seed_facts *facts)
{
	struct strbuf sb = STRBUF_INIT;
	int error = read_file(source->path, &sb);

	if (error) {
		strbuf_done(&sb);
		host_miss_seed_text(source, error, facts);
		return;
	}
	size_t len = sb.len;
	host_take_seed_text(source, strbuf_detach(&sb), len, facts);
}

void host_read_seed(const struct cloud_init_spec *spec, struct seed_facts *ret)
{
	struct seed_facts facts = { 0 };

	for (size_t i = 0; i < cloud_init_spec_count(spec); i++) {
		const struct seed_source source =
			cloud_init_spec_source(spec, i);

		look_at(&source, &facts);
	}
	if (spec->finds_ssh_keys)
		host_find_ssh_keys(spec->ssh_agent, spec->ssh_folder,
				   &facts.ssh_keys);
	if (spec->password_kind == SEED_PASSWORD_RANDOM)
		facts.has_secret = getrandom(facts.secret, sizeof(facts.secret),
					     0) == sizeof(facts.secret);
	*ret = facts;
}
