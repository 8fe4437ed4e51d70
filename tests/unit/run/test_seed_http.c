/* SPDX-License-Identifier: Apache-2.0 */
#include "run/seed_http.h"

#include "check.h"

static const struct seed seed = {
	.files = { { "user-data", (char *)"#!\0x", 4 },
		   { "meta-data", (char *)"", 0 } },
	.count = 2,
};

static void test_length(void **state)
{
	(void)state;
	assert_int_equal(seed_http_length("", 0), 0);
	assert_int_equal(seed_http_length("GET / HTTP/1.1\r\n\r", 17), 0);
	assert_int_equal(seed_http_length("GET / HTTP/1.1\r\n\r\nGET", 21), 18);
}

static const struct {
	const char *request, *start, *body;
	size_t body_len;
} rows[] = {
	{ "GET /user-data HTTP/1.1\r\nHost: a\r\n\r\n",
	  "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
	  "Content-Length: 4\r\n",
	  "#!\0x", 4 },
	{ "GET /meta-data HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\n", "", 0 },
	{ "HEAD /user-data HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n", "", 0 },
	{ "GET /vendor-data HTTP/1.1\r\n\r\n", "HTTP/1.1 404 ", "", 0 },
	{ "GET /user-data2 HTTP/1.1\r\n\r\n", "HTTP/1.1 404 ", "", 0 },
	{ "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 404 ", "", 0 },
	{ "GET /user-data\r\n\r\n", "HTTP/1.1 404 ", "", 0 },
	{ "GET\r\n\r\n", "HTTP/1.1 405 ", "", 0 },
	{ "POST /user-data HTTP/1.1\r\n\r\n", "HTTP/1.1 405 ", "", 0 },
	/* Only the first line says what is asked for. */
	{ "GET / HTTP/1.1\r\nX: /user-data \r\n\r\n", "HTTP/1.1 404 ", "", 0 },
};

static void test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;

		seed_http_answer(rows[i].request, strlen(rows[i].request),
				 &seed, &sb);
		const char *body = strstr(sb.buf, "\r\n\r\n") + 4;
		size_t len = sb.len - (size_t)(body - sb.buf);

		check_number(rows[i].request, str_starts(sb.buf, rows[i].start),
			     true);
		check_number(rows[i].request, (long long)len,
			     (long long)rows[i].body_len);
		assert_memory_equal(body, rows[i].body, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
