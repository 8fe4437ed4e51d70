/* SPDX-License-Identifier: Apache-2.0 */
#include "tag.h"

#include "wire.h"

#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(NET_TAG
		      " uid=4294967295 mac=xx:xx:xx:xx:xx:xx vm= persist=1") +
			       NET_VM_MAX <=
		       TAG_SIZE,
	       "the longest tag fits into an alias");

void mac_format(const uint8_t mac[6], char ret[static MAC_TEXT_SIZE])
{
	snprintf(ret, MAC_TEXT_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
		 mac[1], mac[2], mac[3], mac[4], mac[5]);
}

void tag_format(uid_t uid, const uint8_t *mac, const char *vm,
		bool is_persistent, char ret[static TAG_SIZE])
{
	char mac_text[MAC_TEXT_SIZE] = "";
	bool has_vm = vm && *vm;

	if (mac)
		mac_format(mac, mac_text);
	snprintf(ret, TAG_SIZE, NET_TAG " uid=%u%s%s%s%s%s", uid,
		 mac ? " mac=" : "", mac_text, has_vm ? " vm=" : "",
		 has_vm ? vm : "", is_persistent ? " persist=1" : "");
}

const char *tag_find(const char *alias, const char *key, int *ret_len)
{
	size_t key_len = strlen(key);
	const char *word = alias + strcspn(alias, " ");

	if (word - alias != strlen(NET_TAG) ||
	    strncmp(alias, NET_TAG, strlen(NET_TAG)) != 0)
		return NULL;
	while (*word == ' ') {
		word++;
		if (strncmp(word, key, key_len) == 0 && word[key_len] == '=') {
			word += key_len + 1;
			*ret_len = (int)strcspn(word, " ");
			return word;
		}
		word += strcspn(word, " ");
	}
	return NULL;
}

static bool has_value(const char *alias, const char *key, const char *text)
{
	int len;
	const char *value = tag_find(alias, key, &len);

	return value && len == (int)strlen(text) &&
	       strncmp(value, text, strlen(text)) == 0;
}

bool tag_has_mac(const char *alias, const uint8_t mac[6])
{
	char text[MAC_TEXT_SIZE];

	mac_format(mac, text);
	return has_value(alias, "mac", text);
}

bool tag_is_ours(const char *alias)
{
	int len;

	return tag_find(alias, "uid", &len);
}

bool tag_is_persistent(const char *alias)
{
	return has_value(alias, "persist", "1");
}

bool tag_has_uid(const char *alias, uid_t uid)
{
	char text[sizeof("4294967295")];

	snprintf(text, sizeof(text), "%u", uid);
	return has_value(alias, "uid", text);
}
