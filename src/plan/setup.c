/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/setup.h"

#include <errno.h>
#include <stdlib.h>

#include "base/quote.h"
#include "base/strbuf.h"

#define FOLDER "/etc/xkvm"
#define CAPABILITY "cap_net_admin+p"

/* The first lines of a new list. Alone they open nothing. */
static const char LIST_HEAD[] =
	"# Who may have guests on which bridge: xkvm-bridge.conf(5).\n"
	"# What no line opens is closed. 'xkvm net check' shows mistakes.\n"
	"#\n"
	"# allow br0 group:" SETUP_GROUP " max=8\n";

void setup_spec_done(struct setup_spec *spec)
{
	strv_done(&spec->users);
	strv_done(&spec->bridges);
}

void setup_facts_done(struct setup_facts *facts)
{
	free(facts->net);
	free(facts->list);
	free(facts->stranger);
	strv_done(&facts->members);
}

void setup_steps_done(struct setup_steps *steps)
{
	for (size_t i = 0; i < steps->count; i++) {
		free(steps->items[i].why);
		free(steps->items[i].path);
		free(steps->items[i].content);
		strv_done(&steps->items[i].argv);
	}
	free(steps->items);
	strv_done(&steps->remarks);
	*steps = (struct setup_steps){ 0 };
}

static struct setup_step *add_step(struct setup_steps *steps,
				   enum setup_step_kind kind, char *why_owned)
{
	steps->items = xreallocarray(steps->items, steps->count + 1,
				     sizeof(*steps->items));
	steps->items[steps->count] =
		(struct setup_step){ .kind = kind, .why = why_owned };
	return &steps->items[steps->count++];
}

/* A command of up to five words. */
static void add_command(struct setup_steps *steps, const char *why,
			const char *const words[5])
{
	struct setup_step *step = add_step(steps, SETUP_RUN, xstrdup(why));

	for (size_t i = 0; i < 5 && words[i]; i++)
		strv_add(&step->argv, words[i]);
}

#define command(...)           \
	(const char *const[5]) \
	{                      \
		__VA_ARGS__    \
	}

static void add_group(const struct setup_spec *spec,
		      const struct setup_facts *facts,
		      struct setup_steps *steps)
{
	if (!facts->has_group)
		add_command(steps, "who is in this group may ask for taps",
			    command("groupadd", "--system", SETUP_GROUP));
	for (size_t i = 0; i < spec->users.count; i++) {
		const char *user = spec->users.items[i];
		cleanup_free char *why =
			xasprintf("%s may, from the next login on", user);

		if (!strv_has(&facts->members, user))
			add_command(steps, why,
				    command("usermod", "-aG", SETUP_GROUP,
					    user));
	}
}

/* A change of the owner takes the capability away, so that it comes last. */
static void add_program(const struct setup_facts *facts,
			struct setup_steps *steps)
{
	if (!facts->net_is_groups) {
		add_command(steps, "nobody else starts xkvm-net",
			    command("chown", "root:" SETUP_GROUP, facts->net));
		add_command(steps, "nor changes it",
			    command("chmod", "0750", facts->net));
	}
	if (!facts->net_is_groups || !facts->net_has_capability)
		add_command(steps, "it makes taps, and has no other privilege",
			    command("setcap", CAPABILITY, facts->net));
}

static bool has_line(const char *text, const char *line)
{
	size_t len = strlen(line);

	for (const char *p = text; p && *p; p += strcspn(p, "\n")) {
		p += *p == '\n';
		if (strcspn(p, "\n") == len && strncmp(p, line, len) == 0)
			return true;
	}
	return false;
}

/* The lines for the bridges that the list does not have. */
static char *list_lines(const struct setup_spec *spec, const char *list)
{
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < spec->bridges.count; i++) {
		cleanup_free char *line = xasprintf(
			"allow %s group:" SETUP_GROUP, spec->bridges.items[i]);

		if (!list || !has_line(list, line))
			strbuf_addf(&sb, "%s\n", line);
	}
	return strbuf_detach(&sb);
}

static void create_list(const struct setup_facts *facts, const char *lines,
			struct setup_steps *steps)
{
	/* As soon as there is ours, QEMU's counts no more. */
	if (facts->has_qemu_list && !*lines) {
		strv_add(&steps->remarks,
			 "the access list is " SETUP_QEMU_LIST
			 ", as long as there is no " SETUP_LIST);
		return;
	}
	add_command(steps, "for the access list",
		    command("mkdir", "-p", "-m", "0755", FOLDER));
	struct setup_step *step = add_step(
		steps, SETUP_CREATE,
		xasprintf("which bridges are open, and to whom: %s%s",
			  *lines ? "these" : "none yet",
			  facts->has_qemu_list ? "; " SETUP_QEMU_LIST
						 " is not read any more"
					       : ""));
	step->path = xstrdup(SETUP_LIST);
	step->content = xasprintf("%s%s", LIST_HEAD, lines);
}

static void add_list(const struct setup_spec *spec,
		     const struct setup_facts *facts, struct setup_steps *steps)
{
	cleanup_free char *lines = list_lines(spec, facts->list);

	if (!facts->has_list) {
		create_list(facts, lines, steps);
	} else if (*lines) {
		struct setup_step *step = add_step(
			steps, SETUP_APPEND, xstrdup("these bridges are open"));

		step->path = xstrdup(SETUP_LIST);
		step->content = take_ptr(lines);
	}
}

static void add_service(const struct setup_facts *facts,
			struct setup_steps *steps)
{
	if (!facts->has_systemd)
		strv_add(&steps->remarks,
			 "systemd does not run this host, so there is no "
			 "service: containers, no_new_privs and Open vSwitch "
			 "need xkvm as root");
	else if (!facts->has_unit)
		strv_add(&steps->remarks,
			 SETUP_UNIT " is not installed, so there is no "
				    "service: containers, no_new_privs and "
				    "Open vSwitch need xkvm as root");
	else if (!facts->unit_listens)
		add_command(steps,
			    "the service: for containers, no_new_privs and "
			    "Open vSwitch",
			    command("systemctl", "enable", "--now",
				    SETUP_UNIT));
}

int setup_make(const struct setup_spec *spec, const struct setup_facts *facts,
	       struct setup_steps *ret, struct err *err)
{
	struct setup_steps steps = { 0 };

	if (!facts->has_net)
		return err_set(err, -ENOENT,
			       "there is no %s; install xkvm whole ('ninja "
			       "install')",
			       facts->net);
	if (!facts->net_is_roots)
		return err_set(err, -EPERM,
			       "%s or its folder is not root's alone, so it "
			       "is no program to give a privilege to; install "
			       "xkvm ('ninja install')",
			       facts->net);
	if (facts->stranger)
		return err_set(err, -EINVAL,
			       "--user '%s': there is no such user",
			       facts->stranger);
	add_group(spec, facts, &steps);
	add_program(facts, &steps);
	add_list(spec, facts, &steps);
	add_service(facts, &steps);
	*ret = steps;
	return 0;
}

char *setup_step_text(const struct setup_step *step)
{
	struct strbuf sb = STRBUF_INIT;

	if (step->kind == SETUP_RUN) {
		quote_shell_argv(&sb, step->argv.items);
		return strbuf_detach(&sb);
	}
	if (step->kind == SETUP_CREATE)
		strbuf_addf(&sb, "[ -e %s ] || install -m 0644 /dev/stdin %s",
			    step->path, step->path);
	else
		strbuf_addf(&sb, "cat >>%s", step->path);
	strbuf_addf(&sb, " <<'END'\n%sEND", step->content);
	return strbuf_detach(&sb);
}

char *setup_text(const struct setup_steps *steps)
{
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < steps->count; i++) {
		cleanup_free char *command = setup_step_text(&steps->items[i]);

		strbuf_addf(&sb, "# %s\n%s\n", steps->items[i].why, command);
	}
	if (steps->count == 0)
		strbuf_addstr(&sb, "# nothing is missing\n");
	for (size_t i = 0; i < steps->remarks.count; i++)
		strbuf_addf(&sb, "# %s\n", steps->remarks.items[i]);
	return strbuf_detach(&sb);
}
