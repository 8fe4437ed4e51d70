/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/firmware_spec.h"

#include <errno.h>
#include <stdlib.h>

#include "base/suggest.h"

static const char *const SECURE_BOOT_NAMES[] = {
	[SECURE_BOOT_AUTO] = "auto",
	[SECURE_BOOT_YES] = "yes",
	[SECURE_BOOT_NO] = "no",
};

/* FirmwareFeature of QEMU's docs/interop/firmware.json. */
static const char *const FEATURES[] = {
	"acpi-s3",	"acpi-s4",	 "amd-sev",	    "amd-sev-es",
	"amd-sev-snp",	"enrolled-keys", "host-uefi-vars",  "intel-tdx",
	"requires-smm", "secure-boot",	 "verbose-dynamic", "verbose-static",
};

void firmware_spec_done(struct firmware_spec *spec)
{
	free(spec->file);
	strv_done(&spec->wanted);
	strv_done(&spec->unwanted);
	*spec = (struct firmware_spec){ 0 };
}

int secure_boot_parse(const char *text, enum secure_boot *ret, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(SECURE_BOOT_NAMES); i++) {
		if (str_eq(text, SECURE_BOOT_NAMES[i])) {
			*ret = (enum secure_boot)i;
			return 0;
		}
	}
	return err_set(err, -EINVAL, "unknown choice '%s'; use auto, yes or no",
		       text);
}

static int check_feature(const char *name, struct err *err)
{
	struct suggest s = SUGGEST_INIT(name);

	for (size_t i = 0; i < ARRAY_SIZE(FEATURES); i++) {
		if (str_eq(FEATURES[i], name))
			return 0;
		suggest_offer(&s, FEATURES[i]);
	}
	return err_set(err, -EINVAL, "unknown feature '%s'%s%s%s", name,
		       s.best ? ", did you mean '" : "", s.best ? s.best : "",
		       s.best ? "'?" : "");
}

static int add_feature(struct firmware_spec *spec, const char *word,
		       struct err *err)
{
	bool is_unwanted = *word == '~';
	const char *name = word + is_unwanted;
	struct strv *list = is_unwanted ? &spec->unwanted : &spec->wanted;
	const struct strv *other = is_unwanted ? &spec->wanted
					       : &spec->unwanted;
	int r = check_feature(name, err);

	if (r < 0)
		return r;
	if (strv_has(other, name))
		return err_set(err, -EINVAL,
			       "'%s' and '~%s' exclude each other", name, name);
	strv_add_unique(list, name);
	return 0;
}

int firmware_spec_add_features(struct firmware_spec *spec, const char *text,
			       struct err *err)
{
	while (*text) {
		size_t len = strcspn(text, ",");
		cleanup_free char *word = xstrndup(text, len);
		int r = add_feature(spec, word, err);

		if (r < 0)
			return r;
		text += len + (text[len] == ',');
	}
	return 0;
}

bool firmware_spec_has_descriptor(const struct firmware_spec *spec)
{
	const char *dot = spec->file ? strrchr(spec->file, '.') : NULL;

	return dot && str_eq(dot, ".json");
}

int firmware_spec_check(const struct firmware_spec *spec, struct err *err)
{
	if (spec->secure_boot == SECURE_BOOT_NO &&
	    strv_has(&spec->wanted, "enrolled-keys"))
		return err_set(err, -EINVAL,
			       "--secure-boot no and --firmware-features "
			       "enrolled-keys exclude each other");
	for (size_t i = 0;
	     spec->secure_boot == SECURE_BOOT_YES && i < spec->unwanted.count;
	     i++) {
		const char *name = spec->unwanted.items[i];

		if (str_eq(name, "secure-boot") ||
		    str_eq(name, "enrolled-keys"))
			return err_set(err, -EINVAL,
				       "--secure-boot yes and "
				       "--firmware-features ~%s exclude each "
				       "other",
				       name);
	}
	return 0;
}
