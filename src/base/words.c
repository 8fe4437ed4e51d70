/* SPDX-License-Identifier: Apache-2.0 */
#include "base/words.h"

#include <errno.h>
#include <stdlib.h>

static void word_init(struct word *word, char *text)
{
	char *equals = strchr(text, '=');

	word->text = text;
	word->key = equals ? xstrndup(text, (size_t)(equals - text))
			   : xstrdup(text);
	word->value = equals ? equals + 1 : NULL;
}

static void append(struct words *words, char *text)
{
	words->items = xreallocarray(words->items, words->count + 1,
				     sizeof(*words->items));
	word_init(&words->items[words->count++], text);
}

/* Copies one word, resolving ",,", and returns what follows it: the separating
 * comma or the end. */
static const char *copy_word(struct strbuf *out, const char *p)
{
	while (*p && (p[0] != ',' || p[1] == ',')) {
		strbuf_addch(out, *p);
		p += p[0] == ',' ? 2 : 1;
	}
	return p;
}

int words_parse(const char *text, struct words *ret, struct err *err)
{
	cleanup_words struct words words = { 0 };

	for (const char *p = text;; p++) {
		cleanup_strbuf struct strbuf word = STRBUF_INIT;

		p = copy_word(&word, p);
		if (word.len > 0)
			append(&words, strbuf_detach(&word));
		else if (*p != '\0' || words.count == 0)
			return err_set(err, -EINVAL,
				       "word %zu is empty (words are separated "
				       "by one ','; ',,' is a comma in a word)",
				       words.count + 1);
		if (*p == '\0')
			break;
	}
	*ret = words;
	words = (struct words){ 0 };
	return 0;
}

void words_done(struct words *words)
{
	for (size_t i = 0; i < words->count; i++) {
		free(words->items[i].text);
		free(words->items[i].key);
	}
	free(words->items);
	*words = (struct words){ 0 };
}

void words_escape(struct strbuf *out, const char *s)
{
	for (; *s; s++) {
		if (*s == ',')
			strbuf_addch(out, ',');
		strbuf_addch(out, *s);
	}
}

void words_add(struct strbuf *out, const char *key, const char *value)
{
	strbuf_addch(out, ',');
	strbuf_addstr(out, key);
	strbuf_addch(out, '=');
	words_escape(out, value);
}
