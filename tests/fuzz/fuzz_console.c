/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as what a guest writes to its console: in pieces of any size they
 * make the same lines, each of them text on one line, and what is said of the
 * boot fits where it is kept. The first byte is the size of the pieces.
 */
#include "input.h"

#include "base/strbuf.h"
#include "run/boot_signs.h"
#include "run/console_text.h"

struct reader {
	struct console_text text;
	struct boot_signs signs;
	struct strbuf lines; /* all of them */
};

static void require_plain(const char *line, size_t max)
{
	size_t len = strnlen(line, max + 1);

	require(len <= max);
	for (size_t i = 0; i < len; i++)
		require((unsigned char)line[i] >= 0x20 && line[i] != 0x7f);
}

static void take_line(void *context, const char *line)
{
	struct reader *reader = context;
	char stage[BOOT_STAGE_MAX];

	require_plain(line, CONSOLE_LINE_MAX);
	require(*line);
	strbuf_addf(&reader->lines, "%s\n", line);
	boot_signs_line(&reader->signs, line);
	boot_signs_prompt(&reader->signs, line);
	require_plain(reader->signs.reason, sizeof(reader->signs.reason) - 1);
	require(strlen(boot_signs_stage(&reader->signs, stage, sizeof(stage))) <
		sizeof(stage));
}

static void read_pieces(struct reader *reader, const char *data, size_t len,
			size_t piece)
{
	for (size_t at = 0; at < len; at += piece)
		console_text_feed(&reader->text, data + at,
				  len - at < piece ? len - at : piece,
				  take_line, reader);
	require_plain(console_text_rest(&reader->text), CONSOLE_LINE_MAX);
	for (size_t i = 0; i < reader->text.tail_count; i++)
		require_plain(console_text_tail(&reader->text, i),
			      CONSOLE_TAIL_MAX);
	require(!console_text_tail(&reader->text, reader->text.tail_count));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader whole = { .lines = STRBUF_INIT };
	struct reader parts = { .lines = STRBUF_INIT };

	if (size < 2)
		return 0;
	const char *text = (const char *)data + 1;
	read_pieces(&whole, text, size - 1, size - 1);
	read_pieces(&parts, text, size - 1, data[0] % 32 + 1U);
	require(whole.lines.len == parts.lines.len);
	require(whole.lines.len == 0 ||
		memcmp(whole.lines.buf, parts.lines.buf, whole.lines.len) == 0);
	require(str_eq(console_text_rest(&whole.text),
		       console_text_rest(&parts.text)));
	strbuf_done(&whole.lines);
	strbuf_done(&parts.lines);
	return 0;
}
