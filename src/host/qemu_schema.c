/* SPDX-License-Identifier: Apache-2.0 */
#include "host/qemu_schema.h"

#include "base/json.h"

/* An entity of the schema by its name. */
static const json_t *find_entity(const json_t *schema, const char *name)
{
	size_t i;
	json_t *entity;

	if (!name)
		return NULL;
	json_array_foreach (schema, i, entity) {
		const char *this = json_member_text(entity, "name");

		if (this && str_eq(this, name))
			return entity;
	}
	return NULL;
}

/* The object that a command takes as its arguments. */
static const json_t *find_arguments(const json_t *schema, const char *command)
{
	const json_t *entity = find_entity(schema, command);

	return find_entity(schema, json_member_text(entity, "arg-type"));
}

/* What one case of a tagged object adds to it: the options of one driver. */
static const json_t *find_variant(const json_t *schema, const json_t *object,
				  const char *name)
{
	size_t i;
	json_t *variant;
	const json_t *variants = json_object_get(object, "variants");

	json_array_foreach (variants, i, variant) {
		const char *this = json_member_text(variant, "case");

		if (this && str_eq(this, name))
			return find_entity(schema,
					   json_member_text(variant, "type"));
	}
	return NULL;
}

/* An option whose value is an object, or may be one, is written with a dot
 * after it; what follows is for QEMU to judge. */
static bool is_nested(const json_t *schema, const json_t *member)
{
	const json_t *type =
		find_entity(schema, json_member_text(member, "type"));
	const char *meta = json_member_text(type, "meta-type");

	return meta && (str_eq(meta, "object") || str_eq(meta, "alternate"));
}

static void add_members(const json_t *schema, const json_t *object,
			const char *prefix, struct strv *options)
{
	size_t i;
	json_t *member;
	const json_t *members = json_object_get(object, "members");

	json_array_foreach (members, i, member) {
		const char *name = json_member_text(member, "name");

		if (!name || !*name)
			continue;
		cleanup_free char *plain = xasprintf("%s%s", prefix, name);
		strv_add_unique(options, plain);
		/* "file." is what the protocol's own options stand behind;
		 * those are listed one by one. */
		if (is_nested(schema, member) && !str_eq(plain, "file")) {
			cleanup_free char *nested = xasprintf("%s.", plain);
			strv_add_unique(options, nested);
		}
	}
}

static void read_block_options(const json_t *schema, struct qemu_facts *qemu)
{
	static const char *const protocols[] = { "file", "host_device" };
	const json_t *blockdev = find_arguments(schema, "blockdev-add");

	add_members(schema, blockdev, "", &qemu->block_options);
	add_members(schema, blockdev, "file.", &qemu->block_options);
	for (enum image_format f = IMAGE_RAW; f <= IMAGE_PARALLELS; f++)
		add_members(schema,
			    find_variant(schema, blockdev,
					 image_format_name(f)),
			    "", &qemu->block_options);
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++)
		add_members(schema,
			    find_variant(schema, blockdev, protocols[i]),
			    "file.", &qemu->block_options);
}

void qemu_schema_read(const json_t *schema, struct qemu_facts *qemu)
{
	const json_t *netdev = find_arguments(schema, "netdev_add");

	read_block_options(schema, qemu);
	add_members(schema, find_variant(schema, netdev, "user"), "",
		    &qemu->user_options);
	add_members(schema, find_variant(schema, netdev, "tap"), "",
		    &qemu->tap_options);
	qemu->has_schema = true;
}
