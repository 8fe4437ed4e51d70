/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text: what words_parse() takes apart, escaped and joined again, is the
 * very same text but for a last comma with nothing after it; each word is its
 * key, or its key, '=' and its value.
 */
#include "input.h"

#include "base/words.h"

static void check_word(const struct word *word)
{
	size_t key_len = strlen(word->key);

	require(*word->text != '\0' && str_starts(word->text, word->key));
	require(!strchr(word->key, '='));
	if (word->value)
		require(word->value == word->text + key_len + 1 &&
			word->text[key_len] == '=');
	else
		require(word->text[key_len] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = input_text(data, size);
	cleanup_strbuf struct strbuf joined = STRBUF_INIT;
	cleanup_words struct words words = { 0 };
	struct err err;
	int r = words_parse(text, &words, &err);

	if (r < 0) {
		require_error(r, &err);
		return 0;
	}
	require(words.count > 0);
	for (size_t i = 0; i < words.count; i++) {
		check_word(&words.items[i]);
		if (i)
			strbuf_addch(&joined, ',');
		words_escape(&joined, words.items[i].text);
	}
	if (!str_eq(strbuf_str(&joined), text))
		strbuf_addch(&joined, ',');
	require(str_eq(strbuf_str(&joined), text));
	return 0;
}
