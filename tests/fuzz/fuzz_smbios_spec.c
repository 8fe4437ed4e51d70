/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text: what smbios_spec_add_credential() takes has an id that can name a
 * file, and either a value or a file.
 */
#include "input.h"

#include "spec/smbios_spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = input_text(data, size);
	struct smbios_spec spec = { 0 };
	struct err err;
	int r = smbios_spec_add_credential(&spec, text, &err);

	if (r < 0) {
		require_error(r, &err);
		return 0;
	}
	const struct credential *credential = &spec.credentials[0];
	require(*credential->id && strlen(credential->id) <= 255);
	require(!strpbrk(credential->id, "/ =:\n"));
	require(!credential->value != !credential->file);
	require(str_starts(text, credential->id));
	smbios_spec_done(&spec);
	return 0;
}
