/* SPDX-License-Identifier: Apache-2.0 */
/* xkvm setup: what an administrator does once, so that others may have taps. */
#include <errno.h>
#include <unistd.h>

#include "cmd/command.h"
#include "host/setup_facts.h"
#include "run/setup_apply.h"
#include "spec/nic_spec.h"

struct parsing {
	struct setup_spec spec;
	bool is_applied;
};

static int on_apply(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)value;
	(void)err;
	p->is_applied = true;
	return 0;
}

static int on_user(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	if (!*value)
		return err_set(err, -EINVAL, "--user needs a name");
	strv_add_unique(&p->spec.users, value);
	return 0;
}

static int on_bridge(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;
	int r = ifname_check(value, err);

	if (r < 0)
		return err_prefix(err, "--bridge");
	strv_add_unique(&p->spec.bridges, value);
	return 0;
}

static const struct option_def DEFS[] = {
	{ .name = "apply",
	  .help = "do it, and do not only show it; as root",
	  .apply = on_apply },
	{ .name = "user",
	  .value = OPTION_REQUIRED,
	  .metavar = "NAME",
	  .help = "let this user have taps; repeatable",
	  .apply = on_user },
	{ .name = "bridge",
	  .value = OPTION_REQUIRED,
	  .metavar = "NAME",
	  .help = "open this bridge to those who may; repeatable",
	  .apply = on_bridge },
	OPTION_HELP,
};
static const struct option_table OPTIONS = { DEFS, ARRAY_SIZE(DEFS) };

static int make_steps(const struct setup_spec *spec, struct setup_steps *ret,
		      struct err *err)
{
	struct setup_facts facts;

	host_look_at_setup(spec, &facts);
	int r = setup_make(spec, &facts, ret, err);
	setup_facts_done(&facts);
	return r;
}

/* Shows each step before it is taken: what it prints itself comes after. */
static int take_steps(const struct setup_steps *steps, struct err *err)
{
	for (size_t i = 0; i < steps->count; i++) {
		const struct setup_step *step = &steps->items[i];
		cleanup_free char *text = setup_step_text(step);

		command_message("%s%s", step->path ? "writing " : "",
				step->path ? step->path : text);
		int r = setup_apply(step, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* What has been done is seen by what is still to do. */
static int apply(const struct setup_spec *spec, struct setup_steps *steps,
		 struct err *err)
{
	int r = take_steps(steps, err);

	if (r < 0)
		return r;
	setup_steps_done(steps);
	r = make_steps(spec, steps, err);
	if (r < 0 || steps->count == 0)
		return r;
	return err_set(err, -EIO,
		       "all was done, and is not there ('xkvm setup' shows "
		       "what): %s",
		       steps->items[0].why);
}

static int show(const struct setup_steps *steps)
{
	cleanup_free char *text = setup_text(steps);

	return command_print(text);
}

static int check(const struct parsing *p, const struct strv *args,
		 struct err *err)
{
	if (args->count > 0)
		return err_set(err, -EINVAL,
			       "setup takes options only; '%s' is none",
			       args->items[0]);
	if (p->is_applied && geteuid() != 0)
		return err_set(err, -EPERM,
			       "setup --apply changes this host, which is for "
			       "root: sudo xkvm setup --apply");
	return 0;
}

static int setup(int argc, char **argv)
{
	cleanup_strv struct strv args = STRV_INIT;
	struct setup_steps steps = { 0 };
	struct parsing p = { 0 };
	struct err err;
	int status = 0;
	int r = option_parse(&OPTIONS, argc, argv, &p, &args, &err);

	if (r == OPTION_HELP_ASKED) {
		setup_spec_done(&p.spec);
		return command_print_help(&COMMAND_SETUP);
	}
	if (r == 0)
		r = check(&p, &args, &err);
	if (r == 0)
		r = make_steps(&p.spec, &steps, &err);
	if (r == 0 && p.is_applied)
		r = apply(&p.spec, &steps, &err);
	if (r == 0)
		status = show(&steps);
	setup_steps_done(&steps);
	setup_spec_done(&p.spec);
	return r < 0 ? command_fail(&err) : status;
}

const struct command COMMAND_SETUP = {
	.name = "setup",
	.usage = "[--apply] [--user NAME]... [--bridge NAME]...",
	.summary = "Prints the commands that let ordinary users have taps, as "
		   "far as\nthey are still to be done.",
	.options = &OPTIONS,
	.run = setup,
};
