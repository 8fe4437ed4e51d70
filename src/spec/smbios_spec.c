/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/smbios_spec.h"

#include <errno.h>
#include <stdlib.h>

/* The guest makes a file of each. */
#define ID_MAX 255

void smbios_spec_done(struct smbios_spec *spec)
{
	for (size_t i = 0; i < spec->credential_count; i++) {
		free(spec->credentials[i].id);
		free(spec->credentials[i].value);
		free(spec->credentials[i].file);
	}
	free(spec->credentials);
	strv_done(&spec->strings);
	*spec = (struct smbios_spec){ 0 };
}

int smbios_spec_add_string(struct smbios_spec *spec, const char *value,
			   struct err *err)
{
	if (*value == '\0')
		return err_set(err, -EINVAL,
			       "--smbios11 '': SMBIOS has no empty strings");
	strv_add(&spec->strings, value);
	return 0;
}

static bool is_id(const char *id)
{
	if (*id == '\0' || strlen(id) > ID_MAX || str_eq(id, ".") ||
	    str_eq(id, ".."))
		return false;
	for (const char *c = id; *c; c++)
		if (*c <= ' ' || *c > '~' || *c == '/')
			return false;
	return true;
}

static bool has_id(const struct smbios_spec *spec, const char *id)
{
	for (size_t i = 0; i < spec->credential_count; i++)
		if (str_eq(spec->credentials[i].id, id))
			return true;
	return false;
}

int smbios_spec_add_credential(struct smbios_spec *spec, const char *value,
			       struct err *err)
{
	size_t len = strcspn(value, "=:");
	cleanup_free char *id = xstrndup(value, len);
	const char *rest = value + len + 1;
	bool is_file = value[len] == ':';

	if (value[len] == '\0' || (is_file && *rest == '\0'))
		return err_set(err, -EINVAL,
			       "--credential '%s': give ID=VALUE or ID:FILE",
			       value);
	if (!is_id(id))
		return err_set(err, -EINVAL,
			       "--credential: '%s' is no id: it names a file "
			       "in the guest, without blanks and '/'",
			       id);
	if (has_id(spec, id))
		return err_set(err, -EINVAL,
			       "--credential: '%s' is given twice", id);
	spec->credentials = xreallocarray(spec->credentials,
					  spec->credential_count + 1,
					  sizeof(*spec->credentials));
	spec->credentials[spec->credential_count++] = (struct credential){
		.id = take_ptr(id),
		.value = is_file ? NULL : xstrdup(rest),
		.file = is_file ? xstrdup(rest) : NULL,
	};
	return 0;
}

const char *smbios_spec_option(const struct smbios_spec *spec)
{
	if (spec->credential_count > 0)
		return "--credential";
	return spec->strings.count > 0 ? "--smbios11" : NULL;
}
