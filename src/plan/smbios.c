/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/smbios.h"

#include <errno.h>

#include "base/base64.h"
#include "base/words.h"

void smbios_questions(const struct run_spec *spec, struct strv *files)
{
	for (size_t i = 0; i < spec->smbios.credential_count; i++)
		if (spec->smbios.credentials[i].file)
			strv_add_unique(files,
					spec->smbios.credentials[i].file);
}

/* A string of SMBIOS can have all bytes but 0; what a console would not show
 * is better not tried. */
static bool is_plain(const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)data[i] < ' ' || data[i] == 0x7f)
			return false;
	return true;
}

static char *credential_string(const char *id, const char *data, size_t len)
{
	struct strbuf sb = STRBUF_INIT;

	if (is_plain(data, len)) {
		strbuf_addf(&sb, "io.systemd.credential:%s=", id);
		strbuf_add(&sb, data, len);
	} else {
		strbuf_addf(&sb, "io.systemd.credential.binary:%s=", id);
		base64_add(&sb, data, len, 0);
	}
	return strbuf_detach(&sb);
}

static int find_value(const struct credential *credential,
		      const struct facts *facts, const char **ret_data,
		      size_t *ret_len, struct err *err)
{
	const struct text_facts *text;

	if (credential->value) {
		*ret_data = credential->value;
		*ret_len = strlen(credential->value);
		return 0;
	}
	text = facts_file_text(facts, credential->file);
	if (!text || text->error == EFBIG)
		return err_set(err, -EINVAL,
			       "it is larger than %zu KiB, for which SMBIOS "
			       "has no room",
			       TEXT_FACTS_MAX >> 10);
	if (text->error)
		return err_set(err, -EINVAL, "it cannot be read: %s",
			       strerrordesc_np(text->error));
	*ret_data = text->text;
	*ret_len = text->len;
	return 0;
}

static int add_credential(struct plan *plan,
			  const struct credential *credential,
			  const struct facts *facts, struct err *err)
{
	const char *data = "";
	size_t len = 0;
	int r = find_value(credential, facts, &data, &len, err);

	if (r < 0)
		return err_prefix(err, "--credential %s:%s", credential->id,
				  credential->file);
	struct plan_fd *fd = plan_add_fd(plan, PLAN_FD_CREDENTIAL);
	fd->path = xstrdup(credential->id);
	fd->content = credential_string(credential->id, data, len);
	plan_add_arg(plan, "-smbios",
		     xasprintf("type=11,path=/dev/fd/%d", fd->number));
	return 0;
}

int smbios_add(struct plan *plan, const struct run_spec *spec,
	       const struct facts *facts, const struct machine *machine,
	       struct err *err)
{
	const struct smbios_spec *smbios = &spec->smbios;
	const char *option = smbios_spec_option(smbios);
	int r = 0;

	if (option && !machine->has_smbios)
		return err_set(err, -EINVAL,
			       "%s: QEMU has no SMBIOS for %s guests", option,
			       machine->arch);
	for (size_t i = 0; i < smbios->strings.count; i++) {
		struct strbuf sb = STRBUF_INIT;

		strbuf_addstr(&sb, "type=11");
		words_add(&sb, "value", smbios->strings.items[i]);
		plan_add_arg(plan, "-smbios", strbuf_detach(&sb));
	}
	for (size_t i = 0; r == 0 && i < smbios->credential_count; i++)
		r = add_credential(plan, &smbios->credentials[i], facts, err);
	return r;
}
