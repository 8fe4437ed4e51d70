/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/cloud_init_spec.h"

#include <errno.h>
#include <stdlib.h>

#include "base/suggest.h"
#include "base/words.h"

/* HOST_NAME_MAX of Linux, and that of one part (RFC 1123). */
#define HOSTNAME_MAX 64
#define LABEL_MAX 63

#define HOSTNAME_CHARACTERS          \
	"abcdefghijklmnopqrstuvwxyz" \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"0123456789-"

void cloud_init_spec_done(struct cloud_init_spec *spec)
{
	strv_done(&spec->user_data);
	strv_done(&spec->vendor_data);
	free(spec->meta_data);
	free(spec->network_config);
	free(spec->hostname);
	free(spec->instance_id);
	strv_done(&spec->ssh_keys);
	free(spec->ssh_agent);
	free(spec->ssh_folder);
	free(spec->password);
	*spec = (struct cloud_init_spec){ 0 };
}

/* ---- --cloud-init ---- */

typedef int set_fn(struct cloud_init_spec *spec, const char *value,
		   struct err *err);

static int add_user_data(struct cloud_init_spec *spec, const char *value,
			 struct err *err)
{
	(void)err;
	strv_add(&spec->user_data, value);
	return 0;
}

static int add_vendor_data(struct cloud_init_spec *spec, const char *value,
			   struct err *err)
{
	(void)err;
	strv_add(&spec->vendor_data, value);
	return 0;
}

/* Where several parts make no sense. */
static int set_once(char **member, const char *value, struct err *err)
{
	if (*member)
		return err_set(err, -EINVAL, "is given twice");
	*member = xstrdup(value);
	return 0;
}

static int set_meta_data(struct cloud_init_spec *spec, const char *value,
			 struct err *err)
{
	return set_once(&spec->meta_data, value, err);
}

static int set_network_config(struct cloud_init_spec *spec, const char *value,
			      struct err *err)
{
	return set_once(&spec->network_config, value, err);
}

static bool is_hostname(const char *name)
{
	if (strlen(name) > HOSTNAME_MAX)
		return false;
	for (const char *label = name;; label++) {
		size_t len = strspn(label, HOSTNAME_CHARACTERS);

		if (len == 0 || len > LABEL_MAX || label[0] == '-' ||
		    label[len - 1] == '-')
			return false;
		label += len;
		if (*label == '\0')
			return true;
		if (*label != '.')
			return false;
	}
}

static int set_hostname(struct cloud_init_spec *spec, const char *value,
			struct err *err)
{
	if (!is_hostname(value))
		return err_set(err, -EINVAL,
			       "is no host name: letters, digits and '-' "
			       "between them, in parts separated by '.', %d "
			       "at most",
			       HOSTNAME_MAX);
	return set_once(&spec->hostname, value, err);
}

static int set_instance_id(struct cloud_init_spec *spec, const char *value,
			   struct err *err)
{
	for (const char *c = value; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == '/' || *c == 0x7f)
			return err_set(err, -EINVAL,
				       "an instance id has neither blanks nor "
				       "'/': it names a folder in the guest");
	return set_once(&spec->instance_id, value, err);
}

static int disable_network(struct cloud_init_spec *spec, const char *value,
			   struct err *err)
{
	(void)value;
	(void)err;
	spec->is_network_disabled = true;
	return 0;
}

static const struct {
	const char *name;
	set_fn *set;
	bool is_flag;
} KEYS[] = {
	{ "user-data", add_user_data, false },
	{ "meta-data", set_meta_data, false },
	{ "network-config", set_network_config, false },
	{ "vendor-data", add_vendor_data, false },
	{ "hostname", set_hostname, false },
	{ "instance-id", set_instance_id, false },
	{ "disable-network", disable_network, true },
};

static int refuse_word(const struct word *word, struct err *err)
{
	struct suggest near = SUGGEST_INIT(word->key);

	for (size_t i = 0; i < ARRAY_SIZE(KEYS); i++)
		suggest_offer(&near, KEYS[i].name);
	if (near.best)
		return err_set(err, -EINVAL,
			       "unknown word '%s'; did you mean '%s'?",
			       word->key, near.best);
	if (!word->value)
		return err_set(err, -EINVAL,
			       "unknown word '%s'; a file is named by what it "
			       "is, as in user-data=%s",
			       word->text, word->text);
	return err_set(err, -EINVAL,
		       "unknown word '%s'; there are user-data=, meta-data=, "
		       "network-config=, vendor-data=, hostname=, "
		       "instance-id= and disable-network",
		       word->key);
}

static int take_word(struct cloud_init_spec *spec, const struct word *word,
		     struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(KEYS); i++) {
		if (!str_eq(KEYS[i].name, word->key))
			continue;
		if (KEYS[i].is_flag && word->value)
			return err_set(err, -EINVAL, "'%s' takes no value",
				       word->key);
		if (!KEYS[i].is_flag && (!word->value || !*word->value))
			return err_set(err, -EINVAL, "'%s=' needs a value",
				       word->key);
		int r = KEYS[i].set(spec, word->value, err);
		return r < 0 ? err_prefix(err, "%s", word->text) : 0;
	}
	return refuse_word(word, err);
}

int cloud_init_spec_add(struct cloud_init_spec *spec, const char *arg,
			struct err *err)
{
	cleanup_words struct words words = { 0 };
	int r = 0;

	spec->is_asked = true;
	if (*arg == '\0')
		return 0;
	r = words_parse(arg, &words, err);
	for (size_t i = 0; r == 0 && i < words.count; i++)
		r = take_word(spec, &words.items[i], err);
	return r;
}

/* ---- the other options ---- */

void cloud_init_spec_add_key(struct cloud_init_spec *spec, const char *value)
{
	spec->is_asked = true;
	if (!value || *value == '\0' || str_eq(value, "auto"))
		spec->finds_ssh_keys = true;
	else
		strv_add_unique(&spec->ssh_keys, value);
}

int cloud_init_spec_set_password(struct cloud_init_spec *spec,
				 const char *value, struct err *err)
{
	spec->is_asked = true;
	if (!value || str_eq(value, "random")) {
		spec->password_kind = SEED_PASSWORD_RANDOM;
		return 0;
	}
	if (*value == '\0')
		return err_set(err, -EINVAL,
			       "--password=: an empty password opens no "
			       "console; give one, or 'random'");
	for (const char *c = value; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return err_set(err, -EINVAL,
				       "--password: a control character in it "
				       "cannot be typed at a console");
	spec->password_kind = SEED_PASSWORD_GIVEN;
	str_replace(&spec->password, value);
	return 0;
}

static const char *const VIA_NAMES[] = {
	[SEED_VIA_ISO] = "iso",
	[SEED_VIA_SMBIOS] = "smbios",
	[SEED_VIA_HTTP] = "http",
};

const char *seed_via_name(enum seed_via via)
{
	return VIA_NAMES[via];
}

int cloud_init_spec_set_via(struct cloud_init_spec *spec, const char *value,
			    struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(VIA_NAMES); i++) {
		if (str_eq(value, VIA_NAMES[i])) {
			spec->via = (enum seed_via)i;
			return 0;
		}
	}
	return err_set(err, -EINVAL, "--seed-via '%s': use iso, smbios or http",
		       value);
}

/* ---- the whole ---- */

size_t cloud_init_spec_count(const struct cloud_init_spec *spec)
{
	return spec->user_data.count + spec->vendor_data.count +
	       (spec->meta_data ? 1 : 0) + (spec->network_config ? 1 : 0) +
	       spec->ssh_keys.count;
}

struct seed_source cloud_init_spec_source(const struct cloud_init_spec *spec,
					  size_t i)
{
	if (i < spec->user_data.count)
		return (struct seed_source){ "user-data",
					     spec->user_data.items[i] };
	i -= spec->user_data.count;
	if (i < spec->vendor_data.count)
		return (struct seed_source){ "vendor-data",
					     spec->vendor_data.items[i] };
	i -= spec->vendor_data.count;
	if (spec->meta_data && i-- == 0)
		return (struct seed_source){ "meta-data", spec->meta_data };
	if (spec->network_config && i-- == 0)
		return (struct seed_source){ "network-config",
					     spec->network_config };
	return (struct seed_source){ "--ssh-key", spec->ssh_keys.items[i] };
}

int cloud_init_spec_check(const struct cloud_init_spec *spec, struct err *err)
{
	size_t from_stdin = 0;

	if (spec->network_config && spec->is_network_disabled)
		return err_set(err, -EINVAL,
			       "--cloud-init: network-config= and "
			       "disable-network exclude each other");
	for (size_t i = 0; i < cloud_init_spec_count(spec); i++)
		if (str_eq(cloud_init_spec_source(spec, i).path, SEED_STDIN))
			from_stdin++;
	if (from_stdin > 1)
		return err_set(err, -EINVAL,
			       "--cloud-init: '-', standard input, can be read "
			       "only once; put the others into files");
	if (spec->via != SEED_VIA_ISO && !spec->is_asked)
		return err_set(err, -EINVAL,
			       "--seed-via %s: there is no seed; --cloud-init, "
			       "--ssh-key or --password make one",
			       seed_via_name(spec->via));
	return 0;
}
