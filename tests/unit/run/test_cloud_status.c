/* SPDX-License-Identifier: Apache-2.0 */
#include "run/cloud_status.h"

#include "check.h"

static const struct {
	const char *text;
	enum cloud_state state;
	const char *errors;
} rows[] = {
	/* 22.4 */
	{ "....\n.\nstatus: done\ntime: Thu, 01 Jan 1970 00:00:01 +0000\n"
	  "detail:\nDataSourceNoCloud [seed=/dev/vdb][dsmode=net]\n",
	  CLOUD_DONE, "" },
	{ "\nstatus: error\ntime: Thu, 01 Jan 1970 00:00:01 +0000\ndetail:\n"
	  "('scripts_user', RuntimeError('Runparts: 1 failures'))\n",
	  CLOUD_ERROR,
	  "('scripts_user', RuntimeError('Runparts: 1 "
	  "failures'))" },
	{ "status: disabled\ndetail:\nCloud-init disabled by "
	  "/etc/cloud/cloud-init.disabled\n",
	  CLOUD_DISABLED, "" },
	/* 23.4 and later */
	{ "status: done\nextended_status: done\nboot_status_code: "
	  "enabled-by-generator\nlast_update: x\ndetail: DataSourceNoCloud\n"
	  "errors: []\nrecoverable_errors: {}\n",
	  CLOUD_DONE, "" },
	{ "status: done\nextended_status: degraded done\ndetail: "
	  "DataSourceNoCloud\nerrors: []\nrecoverable_errors:\nWARNING:\n"
	  "\t- Failed at merging in cloud config part\n",
	  CLOUD_DEGRADED, "Failed at merging in cloud config part" },
	{ "status: done\r\nextended_status: degraded done\r\nerrors: []\r\n"
	  "recoverable_errors:\r\n\t- one\r\n\t- two\r\n",
	  CLOUD_DEGRADED, "one; two" },
	{ "status: error\nextended_status: error - done\ndetail: "
	  "DataSourceNoCloud\nerrors:\n\t- ('runcmd', x)\n\t- more\n"
	  "recoverable_errors: {}\n",
	  CLOUD_ERROR, "('runcmd', x); more" },
	{ "status: error\nerrors:\n\t- a\033[1mb\n", CLOUD_ERROR, "a?[1mb" },
	{ "status: running\n", CLOUD_UNKNOWN, "" },
	{ "status: doneish\n", CLOUD_UNKNOWN, "" },
	{ "extended_status: done\n", CLOUD_UNKNOWN, "" },
	{ "sh: cloud-init: not found\n", CLOUD_UNKNOWN, "" },
	{ "", CLOUD_UNKNOWN, "" },
	{ "status:", CLOUD_UNKNOWN, "" },
	{ "status: error", CLOUD_ERROR, "" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_free char *errors = NULL;

		check_number(rows[i].text,
			     cloud_status_read(rows[i].text, &errors),
			     rows[i].state);
		check_text(rows[i].text, errors, rows[i].errors);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
