/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/seed_text.h"

#include "base/base64.h"
#include "base/json.h"

void seed_describe(struct strbuf *sb, const struct seed *seed)
{
	strbuf_addstr(sb, "the seed of cloud-init, in memory:");
	for (size_t i = 0; i < seed->count; i++)
		strbuf_addf(sb, "%s %s (%zu bytes)", i ? "," : "",
			    seed->files[i].name, seed->files[i].len);
}

json_t *seed_json(const struct seed *seed)
{
	json_t *object = json_object();

	for (size_t i = 0; i < seed->count; i++) {
		const struct seed_file *file = &seed->files[i];
		json_t *member = json_object();

		if (json_is_text(file->content, file->len)) {
			json_object_set_new(member, "content",
					    json_stringn(file->content,
							 file->len));
		} else {
			cleanup_strbuf struct strbuf sb = STRBUF_INIT;

			base64_add(&sb, file->content, file->len, 0);
			json_object_set_new(member, "base64",
					    json_string(strbuf_str(&sb)));
		}
		json_object_set_new(object, file->name, member);
	}
	return object;
}
