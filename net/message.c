/* SPDX-License-Identifier: Apache-2.0 */
#include "message_types.h"

#include "tag.h"
#include "tap_name.h"

#include <stdio.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
/* How much of the client's own text a failure quotes. */
#define QUOTE_MAX 40

/* A piece of the datagram. */
struct span {
	const char *at;
	size_t len;
};

#define SPAN_ARGS(span) \
	(int)((span).len < QUOTE_MAX ? (span).len : QUOTE_MAX), (span).at

static const char *const attach_words[] = { "any", "linux", "ovs", "none",
					    NULL };
static const char *const want_words[] = { "any", "linux", "ovs", NULL };
static const char *const gone_words[] = { "tap", "port", NULL };
static const char *const code_words[] = {
	NET_CODE_PROTO,	 NET_CODE_NOBRIDGE,  NET_CODE_NOTBRIDGE,
	NET_CODE_DENIED, NET_CODE_ACL,	     NET_CODE_QUOTA,
	NET_CODE_EXISTS, NET_CODE_MAC,	     NET_CODE_LIMIT,
	NET_CODE_SYS,	 NET_CODE_AMBIGUOUS, NET_CODE_OPTION,
	NET_CODE_NOOVS,	 NET_CODE_OVS,	     NULL
};

#define AT(member) offsetof(struct message, member)

const struct key_type key_types[KEY_COUNT] = {
	[KEY_V] = { "v", KIND_NUMBER, AT(version), 1, UINT16_MAX },
	[KEY_BRIDGE] = { "bridge", KIND_TEXT, AT(add.bridge),
			 .max = NET_NAME_MAX },
	[KEY_ATTACH] = { "attach", KIND_WORD, AT(add.attach), ATTACH_NONE,
			 .words = attach_words },
	[KEY_WANT_TYPE] = { "type", KIND_WORD, AT(add.attach), ATTACH_LINUX,
			    .words = want_words },
	[KEY_QUEUES] = { "queues", KIND_NUMBER, AT(add.queues), 1,
			 NET_QUEUES_MAX },
	[KEY_MAC] = { "mac", KIND_MAC, AT(add.mac) },
	[KEY_VM] = { "vm", KIND_TEXT, AT(add.vm), .max = NET_VM_MAX },
	[KEY_VLAN] = { "vlan", KIND_NUMBER, AT(add.vlan), VLAN_FIRST,
		       VLAN_LAST },
	[KEY_TRUNKS] = { "trunks", KIND_VLANS, AT(add.trunks) },
	[KEY_WANT_MTU] = { "mtu", KIND_NUMBER, AT(add.mtu), NET_MTU_MIN,
			   NET_MTU_MAX },
	[KEY_IFACE_ID] = { "iface_id", KIND_TEXT, AT(add.iface_id),
			   .max = NET_IFACE_ID_MAX },
	[KEY_ISOLATED] = { "isolated", KIND_FLAG, AT(add.is_isolated),
			   .max = 1 },
	[KEY_LEARNING] = { "learning", KIND_FLAG, AT(add.has_no_learning),
			   .max = 0 },
	[KEY_TAP] = { "tap", KIND_TAP, AT(add.tap), .max = NET_NAME_MAX },
	[KEY_PERSIST] = { "persist", KIND_FLAG, AT(add.persist), .max = 1 },
	/* The highest number is the kernel's "no user". */
	[KEY_OWNER] = { "owner", KIND_NUMBER, AT(add.owner), 0,
			UINT32_MAX - 1 },
	[KEY_LIFELINE] = { "lifeline", KIND_FLAG, AT(has_lifeline), .max = 1 },
	[KEY_DRY] = { "dry", KIND_FLAG, AT(is_dry), .max = 1 },
	[KEY_WHAT] = { "what", KIND_WORD, AT(gone.what), .words = gone_words },
	[KEY_GONE_IF] = { "if", KIND_TEXT, AT(gone.name), .max = NET_NAME_MAX },
	[KEY_GONE_BRIDGE] = { "bridge", KIND_TEXT, AT(gone.bridge),
			      .max = NET_NAME_MAX },
	[KEY_IF] = { "if", KIND_TEXT, AT(ok.name), .max = NET_NAME_MAX },
	[KEY_IFINDEX] = { "ifindex", KIND_NUMBER, AT(ok.ifindex), 1,
			  INT32_MAX },
	[KEY_TYPE] = { "type", KIND_WORD, AT(ok.type), ATTACH_LINUX,
		       .words = attach_words },
	[KEY_MTU] = { "mtu", KIND_NUMBER, AT(ok.mtu), 0, INT32_MAX },
	[KEY_PORT] = { "port", KIND_TEXT, AT(ok.port), .max = NET_UUID_LENGTH },
	[KEY_CODE] = { "code", KIND_WORD, AT(err.code), .words = code_words },
	[KEY_NIC] = { "nic", KIND_NUMBER, AT(err.nic), 0, NET_NICS_MAX },
	[KEY_MSG] = { "msg", KIND_TEXT, AT(err.text), .max = NET_TEXT_MAX },
};

const char *const verb_names[VERB_COUNT] = {
	[VERB_HELLO] = NET_HELLO, [VERB_ADD] = NET_ADD,
	[VERB_GO] = NET_GO,	  [VERB_COMMIT] = NET_COMMIT,
	[VERB_OK] = NET_OK,	  [VERB_ERR] = NET_ERR,
	[VERB_DONE] = NET_DONE,	  [VERB_GC] = NET_GC,
	[VERB_GONE] = NET_GONE,
};

/* The sets of keys that a verb may come with. */
static const struct form {
	enum verb verb;
	unsigned int required;
	unsigned int optional;
} forms[] = {
	{ VERB_HELLO, KEY_BIT(KEY_V), 0 },
	{ VERB_ADD, KEY_BIT(KEY_BRIDGE),
	  KEY_BIT(KEY_WANT_TYPE) | KEY_BIT(KEY_QUEUES) | KEY_BIT(KEY_MAC) |
		  KEY_BIT(KEY_VM) | KEY_BIT(KEY_VLAN) | KEY_BIT(KEY_TRUNKS) |
		  KEY_BIT(KEY_WANT_MTU) | KEY_BIT(KEY_IFACE_ID) |
		  KEY_BIT(KEY_ISOLATED) | KEY_BIT(KEY_LEARNING) |
		  KEY_BIT(KEY_TAP) },
	{ VERB_ADD,
	  KEY_BIT(KEY_BRIDGE) | KEY_BIT(KEY_PERSIST) | KEY_BIT(KEY_OWNER),
	  KEY_BIT(KEY_WANT_TYPE) },
	{ VERB_ADD,
	  KEY_BIT(KEY_ATTACH) | KEY_BIT(KEY_PERSIST) | KEY_BIT(KEY_OWNER), 0 },
	{ VERB_GO, 0, 0 },
	{ VERB_COMMIT, 0, KEY_BIT(KEY_LIFELINE) },
	{ VERB_GC, 0, KEY_BIT(KEY_DRY) },
	{ VERB_OK,
	  KEY_BIT(KEY_IF) | KEY_BIT(KEY_IFINDEX) | KEY_BIT(KEY_TYPE) |
		  KEY_BIT(KEY_MTU),
	  KEY_BIT(KEY_PORT) },
	{ VERB_ERR, KEY_BIT(KEY_CODE) | KEY_BIT(KEY_MSG), KEY_BIT(KEY_NIC) },
	{ VERB_GONE, KEY_BIT(KEY_WHAT) | KEY_BIT(KEY_GONE_IF),
	  KEY_BIT(KEY_GONE_BRIDGE) },
	{ VERB_DONE, 0, 0 },
};

static bool span_is(struct span span, const char *text)
{
	return span.len == strlen(text) && memcmp(span.at, text, span.len) == 0;
}

/* Takes what stands before the first `byte`, or all of it, off `rest`. */
static struct span take_until(struct span *rest, char byte)
{
	const char *end = rest->len ? memchr(rest->at, byte, rest->len) : NULL;
	struct span head = *rest;

	if (end)
		head.len = (size_t)(end - rest->at);
	rest->at += head.len;
	rest->len -= head.len;
	return head;
}

static void skip_byte(struct span *rest)
{
	rest->at++;
	rest->len--;
}

static int parse_number(struct span value, const struct key_type *type,
			uint32_t *ret, struct fail *fail)
{
	uint64_t number = 0;
	bool is_number = value.len <= 10 &&
			 (value.at[0] != '0' || value.len == 1);

	for (size_t i = 0; is_number && i < value.len; i++) {
		is_number = value.at[i] >= '0' && value.at[i] <= '9';
		number = number * 10 + (uint64_t)(value.at[i] - '0');
	}
	if (!is_number || number < type->min || number > type->max)
		return fail_set(fail, FAIL_PROTO,
				"%s=%.*s is not a number from %u to %u",
				type->name, SPAN_ARGS(value), type->min,
				type->max);
	*ret = (uint32_t)number;
	return 0;
}

static int parse_text(struct span value, const struct key_type *type, char *ret,
		      struct fail *fail)
{
	if (value.len > type->max)
		return fail_set(fail, FAIL_PROTO,
				"%s=%.*s... has %zu bytes; at most %u go",
				type->name, SPAN_ARGS(value), value.len,
				type->max);
	memcpy(ret, value.at, value.len);
	ret[value.len] = '\0';
	return 0;
}

static int parse_tap(struct span value, const struct key_type *type, char *ret,
		     struct fail *fail)
{
	if (!tap_name_is_valid(value.at, value.len))
		return fail_set(fail, FAIL_PROTO,
				"%s=%.*s is no name that a tap can be given",
				type->name, SPAN_ARGS(value));
	return parse_text(value, type, ret, fail);
}

static int parse_word(struct span value, const struct key_type *type,
		      uint32_t *ret, struct fail *fail)
{
	for (uint32_t i = type->min; type->words[i]; i++) {
		if (span_is(value, type->words[i])) {
			*ret = i;
			return 0;
		}
	}
	return fail_set(fail, FAIL_PROTO, "%s=%.*s is not known", type->name,
			SPAN_ARGS(value));
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int parse_mac(struct span value, const struct key_type *type,
		     uint8_t ret[6], struct fail *fail)
{
	static const uint8_t zero[6];
	bool is_mac = value.len == MAC_TEXT_SIZE - 1;

	for (size_t i = 0; is_mac && i < 6; i++) {
		int high = hex_digit(value.at[3 * i]);
		int low = hex_digit(value.at[3 * i + 1]);

		is_mac = high >= 0 && low >= 0 &&
			 (i == 5 || value.at[3 * i + 2] == ':');
		ret[i] = (uint8_t)((unsigned int)high << 4 | (unsigned int)low);
	}
	if (!is_mac)
		return fail_set(fail, FAIL_PROTO,
				"%s=%.*s is not of the form XX:XX:XX:XX:XX:XX",
				type->name, SPAN_ARGS(value));
	if (ret[0] & 1 || memcmp(ret, zero, sizeof(zero)) == 0)
		return fail_set(fail, FAIL_PROTO,
				"%s=%.*s is not the address of one station",
				type->name, SPAN_ARGS(value));
	return 0;
}

static int parse_flag(struct span value, const struct key_type *type, bool *ret,
		      struct fail *fail)
{
	if (value.len != 1 || value.at[0] != (char)('0' + type->max))
		return fail_set(fail, FAIL_PROTO,
				"%s=%.*s is not known; %u is, or no %s",
				type->name, SPAN_ARGS(value), type->max,
				type->name);
	*ret = true;
	return 0;
}

static int parse_vlans(struct span value, const struct key_type *type,
		       struct vlan_set *ret, struct fail *fail)
{
	if (vlan_set_parse(value.at, value.len, ret))
		return 0;
	return fail_set(fail, FAIL_PROTO,
			"%s=%.*s is not of the form A-B:C, of VLANs from %d to "
			"%d",
			type->name, SPAN_ARGS(value), VLAN_FIRST, VLAN_LAST);
}

static int parse_value(struct span value, enum key key, struct message *message,
		       struct fail *fail)
{
	const struct key_type *type = &key_types[key];
	void *at = (char *)message + type->offset;

	if (message->keys & KEY_BIT(key))
		return fail_set(fail, FAIL_PROTO, "%s= stands twice",
				type->name);
	if (value.len == 0)
		return fail_set(fail, FAIL_PROTO, "%s= has no value",
				type->name);
	message->keys |= KEY_BIT(key);
	switch (type->kind) {
	case KIND_NUMBER:
		return parse_number(value, type, at, fail);
	case KIND_TEXT:
		return parse_text(value, type, at, fail);
	case KIND_TAP:
		return parse_tap(value, type, at, fail);
	case KIND_WORD:
		return parse_word(value, type, at, fail);
	case KIND_MAC:
		return parse_mac(value, type, at, fail);
	case KIND_FLAG:
		return parse_flag(value, type, at, fail);
	case KIND_VLANS:
		return parse_vlans(value, type, at, fail);
	}
	__builtin_unreachable();
}

static bool takes_key(enum verb verb, enum key key)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (forms[i].verb == verb &&
		    (forms[i].required | forms[i].optional) & KEY_BIT(key))
			return true;
	return false;
}

/* Of keys with one name, that which goes with the verb. KEY_COUNT: unknown. */
static enum key find_key(struct span name, enum verb verb)
{
	enum key found = KEY_COUNT;

	for (enum key key = 0; key < KEY_COUNT; key++)
		if (span_is(name, key_types[key].name) &&
		    (found == KEY_COUNT || takes_key(verb, key)))
			found = key;
	return found;
}

/* Takes one key=value off `rest`. */
static int parse_pair(struct span *rest, struct message *message,
		      struct fail *fail)
{
	struct span value = take_until(rest, ' ');
	struct span pair = value;
	struct span key = take_until(&value, '=');
	enum key found;

	if (value.len == 0)
		return fail_set(fail, FAIL_PROTO,
				"'%.*s' is not of the form key=value",
				SPAN_ARGS(pair));
	skip_byte(&value);
	found = find_key(key, message->verb);
	if (found == KEY_MSG) {
		value.len += rest->len;
		rest->len = 0;
	}
	if (found < KEY_COUNT)
		return parse_value(value, found, message, fail);
	return fail_set(fail, FAIL_PROTO, "key '%.*s' is not known",
			SPAN_ARGS(key));
}

static int parse_verb(struct span name, enum verb *ret, struct fail *fail)
{
	for (enum verb verb = 0; verb < VERB_COUNT; verb++) {
		if (span_is(name, verb_names[verb])) {
			*ret = verb;
			return 0;
		}
	}
	return fail_set(fail, FAIL_PROTO, "verb '%.*s' is not known",
			SPAN_ARGS(name));
}

static int check_bytes(const char *data, size_t len, struct fail *fail)
{
	if (len > NET_DATAGRAM_MAX)
		return fail_set(fail, FAIL_PROTO,
				"a message has at most %d bytes",
				NET_DATAGRAM_MAX);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)data[i] < ' ' || data[i] == 0x7f)
			return fail_set(fail, FAIL_PROTO,
					"byte %zu of a message is the control "
					"character 0x%02x",
					i, (unsigned int)data[i]);
	return 0;
}

/* Do the keys fit together, and the verb? */
static int check_form(const struct message *message, struct fail *fail)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		const struct form *form = &forms[i];

		if (form->verb == message->verb &&
		    (message->keys & form->required) == form->required &&
		    !(message->keys & ~(form->required | form->optional)))
			return 0;
	}
	return fail_set(fail, FAIL_PROTO,
			"%s does not go with just these keys, or lacks one",
			verb_names[message->verb]);
}

int message_parse(const char *data, size_t len, struct message *ret,
		  struct fail *fail)
{
	struct span rest = { data, len };
	struct message message;

	memset(&message, 0, sizeof(message));
	if (check_bytes(data, len, fail) < 0 ||
	    parse_verb(take_until(&rest, ' '), &message.verb, fail) < 0)
		return -1;
	while (rest.len) {
		skip_byte(&rest);
		if (parse_pair(&rest, &message, fail) < 0)
			return -1;
	}
	if (check_form(&message, fail) < 0)
		return -1;
	message.add.has_mac = message.keys & KEY_BIT(KEY_MAC);
	if (message.verb == VERB_ADD && !(message.keys & KEY_BIT(KEY_QUEUES)))
		message.add.queues = 1;
	memcpy(ret, &message, sizeof(*ret));
	return 0;
}
