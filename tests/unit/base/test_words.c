/* SPDX-License-Identifier: Apache-2.0 */
#include "base/words.h"

#include <errno.h>

#include "check.h"

#define KEY(k, v)             \
	{                     \
		k "=" v, k, v \
	}
#define BARE(w)            \
	{                  \
		w, w, NULL \
	}

struct expected {
	const char *text;
	const char *key;
	const char *value;
};

static const struct {
	const char *text;
	struct expected words[4];
} good[] = {
	{ "a", { BARE("a") } },
	{ "a,b,c", { BARE("a"), BARE("b"), BARE("c") } },
	{ "k=v", { KEY("k", "v") } },
	{ "k=", { KEY("k", "") } },
	{ "=v", { KEY("", "v") } },
	{ "=", { KEY("", "") } },
	{ "k=a=b", { KEY("k", "a=b") } },
	{ ",,", { BARE(",") } },
	{ ",,,,", { BARE(",,") } },
	{ ",,,,x", { BARE(",,x") } },
	{ "a,,b.img", { BARE("a,b.img") } },
	{ "a,,", { BARE("a,") } },
	{ ",,a", { BARE(",a") } },
	{ "a,,,b", { BARE("a,"), BARE("b") } },
	{ "a,", { BARE("a") } },
	{ ",,,", { BARE(",") } },
	{ "a,b,", { BARE("a"), BARE("b") } },
	{ "a,,,", { BARE("a,") } },
	{ "k=v,", { KEY("k", "v") } },
	{ "a,,,,,b", { BARE("a,,"), BARE("b") } },
	{ "file=a,,b=c,if=virtio",
	  { KEY("file", "a,b=c"), KEY("if", "virtio") } },
	{ "k,,=v", { { "k,=v", "k,", "v" } } },
	{ " a , b ", { BARE(" a "), BARE(" b ") } },
	{ "a'\"$\\\n", { BARE("a'\"$\\\n") } },
	{ "d[1]*?.img", { BARE("d[1]*?.img") } },
	{ "\xff\x01=\x80", { KEY("\xff\x01", "\x80") } },
	{ "user,hostfwd=tcp::2222-:22,dnssearch=example.com",
	  { BARE("user"), KEY("hostfwd", "tcp::2222-:22"),
	    KEY("dnssearch", "example.com") } },
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		const char *row = good[i].text;
		struct words words;
		struct err err;
		size_t n = 0;

		check_ok(row, words_parse(row, &words, &err), &err);
		for (; good[i].words[n].text; n++) {
			const struct expected *want = &good[i].words[n];

			assert_true(n < words.count);
			check_text(row, words.items[n].text, want->text);
			check_text(row, words.items[n].key, want->key);
			check_text(row, words.items[n].value, want->value);
		}
		check_number(row, (long long)words.count, (long long)n);
		words_done(&words);
		assert_null(words.items);
	}
}

/* The word that is empty, counted from 1. */
static const struct {
	const char *text;
	int number;
} bad[] = {
	{ "", 1 },
	{ ",", 1 },
	{ ",a", 1 },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct words words, before;
		struct err err;
		cleanup_free char *message = xasprintf(
			"word %d is empty (words are separated by one ','; "
			"',,' is a comma in a word)",
			bad[i].number);

		memset(&before, 0x5a, sizeof(before));
		words = before;
		check_error(bad[i].text, words_parse(bad[i].text, &words, &err),
			    &err, -EINVAL, message);
		assert_memory_equal(&words, &before, sizeof(words));
	}
}

static void test_escape(void **state)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	(void)state;
	words_escape(&sb, "");
	assert_string_equal(strbuf_str(&sb), "");
	words_escape(&sb, "a,b,,c");
	assert_string_equal(strbuf_str(&sb), "a,,b,,,,c");
	words_add(&sb, "key", "x,y=z");
	assert_string_equal(strbuf_str(&sb), "a,,b,,,,c,key=x,,y=z");
	words_add(&sb, "empty", "");
	assert_string_equal(strbuf_str(&sb), "a,,b,,,,c,key=x,,y=z,empty=");
}

/* Every text of one to four bytes of these comes back as one and the same
 * word. */
static void test_round_trip(void **state)
{
	static const char bytes[] = { ',', '=', 'a', ' ', '\xff' };
	const size_t base = sizeof(bytes);

	(void)state;
	for (size_t n = 1; n < base * base * base * base; n++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;
		struct words words;
		struct err err;
		char text[5] = "";
		size_t len = 0;

		for (size_t rest = n; rest > 0; rest /= base)
			text[len++] = bytes[rest % base];
		words_escape(&sb, text);
		check_ok(text, words_parse(strbuf_str(&sb), &words, &err),
			 &err);
		check_number(text, (long long)words.count, 1);
		check_text(text, words.items[0].text, text);
		words_done(&words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
