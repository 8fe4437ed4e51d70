/* SPDX-License-Identifier: Apache-2.0 */
#include "host/yaml_facts.h"

#include <errno.h>
#include <stdlib.h>
#include <yaml.h>

#include "host/library.h"

/* The name that libyaml has had since 0.1.5. */
#define LIBRARY "libyaml-0.so.2"

/* What is used of it. */
struct library {
	__typeof__(yaml_parser_initialize) *initialize;
	__typeof__(yaml_parser_delete) *done;
	__typeof__(yaml_parser_set_input_string) *set_input;
	__typeof__(yaml_parser_set_encoding) *set_encoding;
	__typeof__(yaml_parser_load) *load;
	__typeof__(yaml_document_delete) *document_done;
	__typeof__(yaml_document_get_root_node) *root;
	__typeof__(yaml_document_get_node) *node;
};

#define FUNCTION(member, name) LIBRARY_FUNCTION(struct library, member, name)

static const struct library_function FUNCTIONS[] = {
	FUNCTION(initialize, "yaml_parser_initialize"),
	FUNCTION(done, "yaml_parser_delete"),
	FUNCTION(set_input, "yaml_parser_set_input_string"),
	FUNCTION(set_encoding, "yaml_parser_set_encoding"),
	FUNCTION(load, "yaml_parser_load"),
	FUNCTION(document_done, "yaml_document_delete"),
	FUNCTION(root, "yaml_document_get_root_node"),
	FUNCTION(node, "yaml_document_get_node"),
};

/* A text on its way through the parser. */
struct reading {
	const struct library *lib;
	const char *text;
	size_t len;
	yaml_parser_t parser;
	struct yaml_facts facts;
};

static void fail_at(struct reading *r, size_t line, const char *problem)
{
	r->facts.error = xasprintf("line %zu: %s", line + 1, problem);
}

/* The scalar's text, or "" where it is none. */
static const char *scalar(const yaml_node_t *node)
{
	return node && node->type == YAML_SCALAR_NODE
		       ? (const char *)node->data.scalar.value
		       : "";
}

static yaml_node_t *find_member(const struct reading *r,
				yaml_document_t *document,
				const yaml_node_t *node, const char *key)
{
	if (!node || node->type != YAML_MAPPING_NODE)
		return NULL;
	for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top; pair++)
		if (str_eq(scalar(r->lib->node(document, pair->key)), key))
			return r->lib->node(document, pair->value);
	return NULL;
}

/* libyaml counts characters. */
static size_t byte_of(const struct reading *r, size_t character)
{
	size_t i = 0;

	for (; i < r->len; i++) {
		bool is_first = ((unsigned char)r->text[i] & 0xc0) != 0x80;

		if (is_first && character-- == 0)
			break;
	}
	return i;
}

/* Something can be put before the first entry unless a tag or an anchor stands
 * there. */
static void find_first(struct reading *r, const yaml_node_t *root)
{
	size_t start = byte_of(r, root->start_mark.index);

	if (start >= r->len || strchr("!&", r->text[start]))
		return;
	r->facts.is_flow = root->data.mapping.style == YAML_FLOW_MAPPING_STYLE;
	r->facts.first = start + (r->facts.is_flow ? 1 : 0);
	r->facts.column = root->start_mark.column;
	r->facts.is_open = true;
}

static void take_mapping(struct reading *r, yaml_document_t *document,
			 const yaml_node_t *root)
{
	const yaml_node_t *version = find_member(r, document, root, "version");

	if (!version)
		version = find_member(r, document,
				      find_member(r, document, root, "network"),
				      "version");
	if (version)
		r->facts.version = xstrdup(scalar(version));
	for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start;
	     pair < root->data.mapping.pairs.top; pair++)
		strv_add(&r->facts.keys,
			 scalar(r->lib->node(document, pair->key)));
	find_first(r, root);
}

static void take_root(struct reading *r, yaml_document_t *document)
{
	const yaml_node_t *root = r->lib->root(document);

	if (!root)
		return;
	if (root->type == YAML_MAPPING_NODE) {
		r->facts.root = YAML_MAPPING;
		take_mapping(r, document, root);
	} else if (*scalar(root) || root->type != YAML_SCALAR_NODE) {
		r->facts.root = YAML_OTHER;
	}
}

static bool load(struct reading *r, yaml_document_t *document)
{
	if (r->lib->load(&r->parser, document))
		return true;
	fail_at(r, r->parser.problem_mark.line,
		r->parser.problem ? r->parser.problem : "it cannot be read");
	return false;
}

/* A second document would be an error to cloud-init. */
static void read_all(struct reading *r)
{
	yaml_document_t document;

	if (!load(r, &document))
		return;
	take_root(r, &document);
	r->lib->document_done(&document);
	if (!load(r, &document))
		return;
	const yaml_node_t *second = r->lib->root(&document);
	if (second)
		fail_at(r, second->start_mark.line,
			"a second document begins there");
	r->lib->document_done(&document);
}

int host_read_yaml(const char *text, size_t len, struct yaml_facts *ret,
		   struct err *err)
{
	struct library lib;
	struct reading r = { .lib = &lib, .text = text, .len = len };
	void *handle;
	int result = library_load(LIBRARY, FUNCTIONS, ARRAY_SIZE(FUNCTIONS),
				  &lib, &handle, err);

	if (result < 0)
		return result;
	if (lib.initialize(&r.parser)) {
		lib.set_encoding(&r.parser, YAML_UTF8_ENCODING);
		lib.set_input(&r.parser, (const unsigned char *)text, len);
		read_all(&r);
		lib.done(&r.parser);
		*ret = r.facts;
	} else {
		result = err_set(err, -ENOMEM, "no memory to read YAML");
	}
	library_unload(handle);
	return result;
}
