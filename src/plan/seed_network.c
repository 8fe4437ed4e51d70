/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/seed_network.h"

#include <errno.h>

int seed_network_check(const struct seed_text *text, struct err *err)
{
	const struct yaml_facts *yaml = &text->yaml;

	if (yaml->error)
		return err_set(err, -EINVAL, "it is no YAML: %s", yaml->error);
	if (yaml->root != YAML_MAPPING)
		return err_set(err, -EINVAL,
			       "it says nothing of a network; disable-network "
			       "turns the network off, and without either each "
			       "NIC gets its address by DHCP");
	if (strv_has(&yaml->keys, "config") && !yaml->version)
		return 0; /* "config: disabled" */
	if (!yaml->version)
		return err_set(err, -EINVAL,
			       "it has no version; cloud-init needs "
			       "'version: 1' or 'version: 2' in it");
	if (!str_eq(yaml->version, "1") && !str_eq(yaml->version, "2"))
		return err_set(err, -EINVAL,
			       "its version is '%s'; cloud-init knows 1 and 2",
			       yaml->version);
	return 0;
}

void seed_network_add(struct strbuf *sb, const struct seed_nic *nics,
		      size_t count)
{
	strbuf_addstr(sb, "version: 2\nethernets:\n");
	for (size_t i = 0; i < count; i++) {
		char mac[MAC_TEXT_SIZE];

		mac_format(&nics[i].mac, mac);
		strbuf_addf(sb,
			    "  net%02u:\n"
			    "    match:\n"
			    "      macaddress: \"%s\"\n"
			    "    dhcp4: true\n",
			    nics[i].number, mac);
		if (i > 0)
			strbuf_addstr(sb, "    optional: true\n");
	}
}
