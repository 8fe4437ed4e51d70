/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/user_data.h"

#include <errno.h>

#include "base/base64.h"
#include "base/hash.h"

#define BLANKS " \t\r\n\f\v"
#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define GZIP_MAGIC "\x1f\x8b"

/* So far does cloud-init look for the header of an archive. */
#define MIME_HEAD 4096

/* The longer of two that begin alike comes first. */
static const struct {
	const char *start; /* in lower case; cloud-init is as lax */
	enum user_data_kind kind;
} STARTS[] = {
	{ "#cloud-config-archive", USER_DATA_CONFIG_ARCHIVE },
	{ "#cloud-config-jsonp", USER_DATA_CONFIG_PATCH },
	{ "#cloud-config", USER_DATA_CONFIG },
	{ "#cloud-boothook", USER_DATA_BOOTHOOK },
	{ "#include-once", USER_DATA_INCLUDE_ONCE },
	{ "#include", USER_DATA_INCLUDE },
	{ "#part-handler", USER_DATA_PART_HANDLER },
	{ "#!", USER_DATA_SCRIPT },
	{ "## template: jinja", USER_DATA_TEMPLATE },
};

/* What a part is called in an archive. */
static const char *const TYPES[] = {
	[USER_DATA_UNKNOWN] = "text/plain",
	[USER_DATA_NOTHING] = "text/plain",
	[USER_DATA_CONFIG] = "text/cloud-config",
	[USER_DATA_CONFIG_ARCHIVE] = "text/cloud-config-archive",
	[USER_DATA_CONFIG_PATCH] = "text/cloud-config-jsonp",
	[USER_DATA_SCRIPT] = "text/x-shellscript",
	[USER_DATA_INCLUDE] = "text/x-include-url",
	[USER_DATA_INCLUDE_ONCE] = "text/x-include-once-url",
	[USER_DATA_BOOTHOOK] = "text/cloud-boothook",
	[USER_DATA_PART_HANDLER] = "text/part-handler",
	[USER_DATA_TEMPLATE] = "text/jinja2",
	[USER_DATA_ARCHIVE] = "multipart/mixed",
	[USER_DATA_PACKED] = "application/gzip",
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool starts_like(const char *text, size_t len, const char *start)
{
	size_t start_len = strlen(start);

	if (len < start_len)
		return false;
	for (size_t i = 0; i < start_len; i++)
		if (lower(text[i]) != start[i])
			return false;
	return true;
}

/* A header that says MIME stands somewhere near the beginning. */
static bool is_archive(const char *text, size_t len)
{
	static const char header[] = "mime-version:";

	for (size_t i = 0; i < len && i < MIME_HEAD; i++)
		if (starts_like(text + i,
				(len < MIME_HEAD ? len : MIME_HEAD) - i,
				header))
			return true;
	return false;
}

static size_t skip_blanks(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && text[i] && strchr(BLANKS, text[i]))
		i++;
	return i;
}

enum user_data_kind user_data_kind(const char *text, size_t len)
{
	size_t blanks = skip_blanks(text, len);

	if (blanks == len)
		return USER_DATA_NOTHING;
	if (len >= 2 && memcmp(text, GZIP_MAGIC, 2) == 0)
		return USER_DATA_PACKED;
	if (is_archive(text, len))
		return USER_DATA_ARCHIVE;
	for (size_t i = 0; i < ARRAY_SIZE(STARTS); i++)
		if (starts_like(text + blanks, len - blanks, STARTS[i].start))
			return STARTS[i].kind;
	return USER_DATA_UNKNOWN;
}

bool user_data_is_yaml(enum user_data_kind kind)
{
	return kind == USER_DATA_CONFIG || kind == USER_DATA_CONFIG_ARCHIVE;
}

/* ---- what would be ignored ---- */

/* As much of the first line as is worth showing. */
static int first_line(const char *text, size_t len)
{
	size_t end = 0;

	while (end < len && end < 40 && text[end] != '\n' && text[end] != '\r')
		end++;
	return (int)end;
}

static int refuse_unknown(const struct seed_text *text, struct err *err)
{
	if (starts_like(text->text, text->len, BYTE_ORDER_MARK))
		return err_set(err, -EINVAL,
			       "it begins with a byte order mark, and "
			       "cloud-init ignores what follows one; save it "
			       "as UTF-8 without");
	return err_set(err, -EINVAL,
		       "its first line, '%.*s', is none that cloud-init "
		       "knows, which then ignores the file; begin with "
		       "'#cloud-config', or '#!' for a script",
		       first_line(text->text, text->len), text->text);
}

static int check_yaml(const struct seed_text *text, enum user_data_kind kind,
		      struct err *err)
{
	const struct yaml_facts *yaml = &text->yaml;

	if (yaml->error)
		return err_set(err, -EINVAL,
			       "it is no YAML, and cloud-init would ignore "
			       "it: %s",
			       yaml->error);
	if (kind == USER_DATA_CONFIG && yaml->root == YAML_OTHER)
		return err_set(err, -EINVAL,
			       "a cloud-config has lines of the form "
			       "'key: value'; cloud-init would ignore this "
			       "one, which is a list or a text");
	if (kind == USER_DATA_CONFIG_ARCHIVE && yaml->root != YAML_OTHER)
		return err_set(err, -EINVAL,
			       "a cloud-config-archive is a list; cloud-init "
			       "would ignore this one");
	return 0;
}

/* The kernel would look for an interpreter whose name ends in a return. */
static int check_script(const struct seed_text *text, struct err *err)
{
	const char *newline = memchr(text->text, '\n', text->len);
	const char *end = newline ? newline : text->text + text->len;

	if (text->text[0] != '#')
		return err_set(err, -EINVAL,
			       "nothing may stand before '#!': the kernel "
			       "would not run it");
	if (end[-1] == '\r')
		return err_set(err, -EINVAL,
			       "its lines end in carriage returns, with which "
			       "no script runs; dos2unix(1) takes them away");
	return 0;
}

int user_data_check(const struct seed_text *text, struct err *err)
{
	enum user_data_kind kind = user_data_kind(text->text, text->len);

	if (kind == USER_DATA_NOTHING || kind == USER_DATA_PACKED)
		return 0;
	if (kind == USER_DATA_UNKNOWN)
		return refuse_unknown(text, err);
	if (user_data_is_yaml(kind))
		return check_yaml(text, kind, err);
	return kind == USER_DATA_SCRIPT ? check_script(text, err) : 0;
}

/* ---- an archive ---- */

static bool has_line(const struct seed_text *text, const char *boundary)
{
	return memmem(text->text, text->len, boundary, strlen(boundary));
}

/* One that stands in none of the parts, and is the same each time. */
static char *choose_boundary(const struct seed_text *parts, size_t count)
{
	struct hash hash = HASH_INIT;

	for (size_t i = 0; i < count; i++)
		hash_bytes(&hash, parts[i].text, parts[i].len);
	for (;;) {
		cleanup_free char *boundary =
			xasprintf("===============%016llx==",
				  (unsigned long long)hash_end(&hash));
		bool is_free = true;

		for (size_t i = 0; i < count; i++)
			is_free = is_free && !has_line(&parts[i], boundary);
		if (is_free)
			return take_ptr(boundary);
		hash_u32(&hash, 1);
	}
}

/* The last part of a path, as a name for the part; of what has bytes that would
 * need quoting in a header, none. */
static const char *part_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	for (const char *c = name; *c; c++)
		if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\')
			return NULL;
	return *name && !str_eq(name, "-") ? name : NULL;
}

/*
 * An archive in an archive is a part as it is, headers and all. Everything else
 * is in base64: Python's parser takes a text that is not ASCII for Latin-1.
 */
static void add_part(struct strbuf *sb, const struct seed_text *part,
		     size_t number)
{
	enum user_data_kind kind = user_data_kind(part->text, part->len);
	const char *name = part_name(part->path);

	if (kind == USER_DATA_ARCHIVE) {
		strbuf_add(sb, part->text, part->len);
		strbuf_addch(sb, '\n');
		return;
	}
	strbuf_addf(sb, "Content-Type: %s%s\nMIME-Version: 1.0\n", TYPES[kind],
		    str_starts(TYPES[kind], "text/") ? "; charset=\"utf-8\""
						     : "");
	strbuf_addstr(sb, "Content-Transfer-Encoding: base64\n");
	if (name)
		strbuf_addf(sb,
			    "Content-Disposition: attachment; "
			    "filename=\"%02zu-%s\"\n",
			    number, name);
	strbuf_addch(sb, '\n');
	base64_add(sb, part->text, part->len, BASE64_MIME_WIDTH);
}

size_t user_data_join(const struct seed_text *parts, size_t count, char **ret)
{
	struct strbuf sb = STRBUF_INIT;

	if (count == 1)
		strbuf_add(&sb, parts[0].text, parts[0].len);
	if (count > 1) {
		cleanup_free char *boundary = choose_boundary(parts, count);

		strbuf_addf(&sb,
			    "Content-Type: multipart/mixed; boundary=\"%s\"\n"
			    "MIME-Version: 1.0\n\n",
			    boundary);
		for (size_t i = 0; i < count; i++) {
			strbuf_addf(&sb, "--%s\n", boundary);
			add_part(&sb, &parts[i], i + 1);
		}
		strbuf_addf(&sb, "--%s--\n", boundary);
	}
	size_t len = sb.len;
	*ret = strbuf_detach(&sb);
	return len;
}
