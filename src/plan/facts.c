/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/facts.h"

#include <stdlib.h>

static void qemu_facts_done(struct qemu_facts *qemu)
{
	for (size_t i = 0; i < qemu->model_count; i++) {
		free(qemu->models[i].asked);
		free(qemu->models[i].name);
		strv_done(&qemu->models[i].properties);
	}
	free(qemu->models);
	free(qemu->path);
	free(qemu->failure);
	strv_done(&qemu->devices);
	strv_done(&qemu->machines);
	strv_done(&qemu->drive_options);
	strv_done(&qemu->block_options);
	strv_done(&qemu->user_options);
	strv_done(&qemu->tap_options);
}

static void helper_facts_done(struct helper_facts *helper)
{
	struct privileged_file *const files[] = { &helper->net, &helper->qemu,
						  &helper->sudo };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		free(files[i]->path);
	free(helper->user);
	free(helper->socket);
	free(helper->group);
}

static void seed_facts_done(struct seed_facts *seed)
{
	for (size_t i = 0; i < seed->text_count; i++) {
		free(seed->texts[i].path);
		free(seed->texts[i].text);
		free(seed->texts[i].yaml.error);
		free(seed->texts[i].yaml.version);
		strv_done(&seed->texts[i].yaml.keys);
	}
	free(seed->texts);
	free(seed->yaml_failure);
	strv_done(&seed->ssh_keys);
}

void facts_done(struct facts *facts)
{
	for (size_t i = 0; i < facts->file_count; i++) {
		free(facts->files[i].path);
		free(facts->files[i].real_path);
		free(facts->files[i].holder.program);
		free(facts->files[i].holder.guest);
		free(facts->files[i].future_path);
		free(facts->files[i].backing);
		free(facts->files[i].nvram_template);
	}
	for (size_t i = 0; i < facts->descriptor_count; i++) {
		free(facts->descriptors[i].path);
		free(facts->descriptors[i].text);
	}
	for (size_t i = 0; i < facts->bridge_count; i++) {
		free(facts->bridges[i].name);
		strv_done(&facts->bridges[i].droppers);
	}
	for (size_t i = 0; i < facts->port_count; i++) {
		free(facts->ports[i].address);
		free(facts->ports[i].holder);
	}
	free(facts->ports);
	free(facts->files);
	free(facts->descriptors);
	free(facts->bridges);
	free(facts->host_machine);
	free(facts->machine_id);
	helper_facts_done(&facts->helper);
	free(facts->ssh);
	free(facts->swtpm);
	free(facts->qemu_img);
	qemu_facts_done(&facts->qemu);
	seed_facts_done(&facts->seed);
	for (size_t i = 0; i < facts->text_count; i++) {
		free(facts->texts[i].path);
		free(facts->texts[i].text);
	}
	free(facts->texts);
	*facts = (struct facts){ 0 };
}

const struct file_facts *facts_file(const struct facts *facts, const char *path)
{
	for (size_t i = 0; i < facts->file_count; i++)
		if (str_eq(facts->files[i].path, path))
			return &facts->files[i];
	return NULL;
}

const struct text_facts *facts_file_text(const struct facts *facts,
					 const char *path)
{
	for (size_t i = 0; i < facts->text_count; i++)
		if (str_eq(facts->texts[i].path, path))
			return &facts->texts[i];
	return NULL;
}

const struct bridge_facts *facts_bridge(const struct facts *facts,
					const char *name)
{
	for (size_t i = 0; i < facts->bridge_count; i++)
		if (str_eq(facts->bridges[i].name, name))
			return &facts->bridges[i];
	return NULL;
}

const struct port_facts *facts_port(const struct facts *facts,
				    const struct fwd_spec *fwd)
{
	for (size_t i = 0; i < facts->port_count; i++) {
		const struct port_facts *port = &facts->ports[i];

		if (port->port == fwd->host_port &&
		    port->is_udp == fwd->is_udp &&
		    str_eq(port->address, fwd->address))
			return port;
	}
	return NULL;
}

const struct model_facts *facts_model(const struct facts *facts,
				      const char *asked)
{
	for (size_t i = 0; i < facts->qemu.model_count; i++)
		if (str_eq(facts->qemu.models[i].asked, asked))
			return &facts->qemu.models[i];
	return NULL;
}
