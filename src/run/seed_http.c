/* SPDX-License-Identifier: Apache-2.0 */
#include "run/seed_http.h"

size_t seed_http_length(const char *data, size_t len)
{
	static const char end[] = "\r\n\r\n";
	const char *found = memmem(data, len, end, strlen(end));

	return found ? (size_t)(found - data) + strlen(end) : 0;
}

/* Whether the request line asks for the file: "GET /user-data HTTP/1.1". */
static bool asks_for(const char *line, size_t len, const char *name)
{
	size_t name_len = strlen(name);
	const char *slash = memchr(line, '/', len);
	size_t rest = slash ? len - (size_t)(slash - line) - 1 : 0;

	return rest > name_len && memcmp(slash + 1, name, name_len) == 0 &&
	       slash[1 + name_len] == ' ';
}

static const struct seed_file *find(const char *line, size_t len,
				    const struct seed *seed)
{
	for (size_t i = 0; i < seed->count; i++)
		if (asks_for(line, len, seed->files[i].name))
			return &seed->files[i];
	return NULL;
}

static void add_answer(struct strbuf *sb, const char *status, const char *data,
		       size_t len, bool has_body)
{
	strbuf_addf(sb,
		    "HTTP/1.1 %s\r\n"
		    "Content-Type: application/octet-stream\r\n"
		    "Content-Length: %zu\r\n"
		    "Connection: close\r\n"
		    "\r\n",
		    status, len);
	if (has_body)
		strbuf_add(sb, data, len);
}

void seed_http_answer(const char *request, size_t len, const struct seed *seed,
		      struct strbuf *ret)
{
	const char *end = memchr(request, '\r', len);
	size_t line_len = end ? (size_t)(end - request) : len;
	bool is_get = len > 4 && memcmp(request, "GET ", 4) == 0;
	bool is_head = len > 5 && memcmp(request, "HEAD ", 5) == 0;
	const struct seed_file *file = find(request, line_len, seed);

	if (!is_get && !is_head)
		add_answer(ret, "405 Method Not Allowed", NULL, 0, false);
	else if (!file)
		add_answer(ret, "404 Not Found", NULL, 0, false);
	else
		add_answer(ret, "200 OK", file->content, file->len, is_get);
}
