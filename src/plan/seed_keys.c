/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/seed_keys.h"

#include <errno.h>

#include "base/strbuf.h"

#define BASE64                       \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"abcdefghijklmnopqrstuvwxyz0123456789+/="
#define BLANKS " \t\r"

/* What a key of ssh-keygen(1) begins with. */
static const char *const TYPES[] = { "ssh-", "ecdsa-sha2-", "sk-ssh-",
				     "sk-ecdsa-" };

/* All keys begin with the length of their type's name, which is short. */
#define KEY_START "AAAA"

static bool is_type(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(TYPES); i++)
		if (str_starts(word, TYPES[i]))
			return true;
	return false;
}

/* A type and what looks like its key, anywhere: what stands before are
 * options, in which there may be quoted blanks. */
bool seed_keys_is_key(const char *line)
{
	for (const char *word = line; *(word += strspn(word, BLANKS));
	     word += strcspn(word, BLANKS)) {
		const char *key = word + strcspn(word, BLANKS);

		key += strspn(key, BLANKS);
		size_t len = strspn(key, BASE64);
		if (is_type(word) && str_starts(key, KEY_START) && len > 16 &&
		    (key[len] == '\0' || strchr(BLANKS, key[len])))
			return true;
	}
	return false;
}

static int add_line(const char *line, struct strv *keys, struct err *err)
{
	if (strstr(line, "PRIVATE KEY"))
		return err_set(err, -EINVAL,
			       "it is a private key, which no guest may see; "
			       "give the file beside it that ends in .pub");
	if (!seed_keys_is_key(line))
		return err_set(err, -EINVAL,
			       "it is no public key: there is no "
			       "'ssh-ed25519 AAAA...' or its like in it");
	strv_add_unique(keys, line);
	return 0;
}

static int add_file(const struct seed_text *text, struct strv *keys,
		    struct err *err)
{
	const char *end = text->text + text->len;
	size_t found = 0;

	for (const char *line = text->text; line < end;) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t len = (size_t)((newline ? newline : end) - line);
		size_t next = newline ? len + 1 : len;

		while (len > 0 && strchr(BLANKS, line[len - 1]))
			len--;
		cleanup_free char *copy = xstrndup(line, len);
		line += next;
		if (*copy == '\0' || *copy == '#')
			continue;
		int r = add_line(copy, keys, err);
		if (r < 0)
			return r;
		found++;
	}
	if (found == 0)
		return err_set(err, -EINVAL, "there is no public key in it");
	return 0;
}

int seed_keys_collect(const struct cloud_init_spec *spec,
		      const struct seed_facts *facts, struct strv *ret,
		      struct err *err)
{
	size_t first = facts->text_count - spec->ssh_keys.count;
	struct strv keys = STRV_INIT;
	int r = 0;

	for (size_t i = first; r == 0 && i < facts->text_count; i++) {
		r = add_file(&facts->texts[i], &keys, err);
		if (r < 0)
			err_prefix(err, "--ssh-key=%s", facts->texts[i].path);
	}
	if (spec->finds_ssh_keys)
		for (size_t i = 0; i < facts->ssh_keys.count; i++)
			strv_add_unique(&keys, facts->ssh_keys.items[i]);
	if (r == 0 && spec->finds_ssh_keys && facts->ssh_keys.count == 0)
		r = err_set(
			err, -ENOENT,
			"--ssh-key: there is no public key, neither of an "
			"ssh agent nor as ~/.ssh/*.pub; ssh-keygen(1) makes "
			"one, --ssh-key=FILE names another");
	if (r < 0) {
		strv_done(&keys);
		return r;
	}
	*ret = keys;
	return 0;
}
