/* SPDX-License-Identifier: Apache-2.0 */
#include "run/image_maker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"

/* A plan in the test's folder, and a script in qemu-img's place. */
struct world {
	struct plan plan;
	struct image_maker maker;
	int sources[8];
	struct err err;
};

static void begin_world(struct world *w, const char *script)
{
	*w = (struct world){ 0 };
	w->maker = (struct image_maker){ .plan = &w->plan, .signal_fd = -1 };
	for (size_t i = 0; i < ARRAY_SIZE(w->sources); i++)
		w->sources[i] = -1;
	if (!script)
		return;
	cleanup_free char *text = xasprintf("#!/bin/sh\n%s\n", script);
	w->plan.qemu_img =
		folder_file(test_folder, "qemu-img", text, strlen(text), 0755);
}

static void end_world(struct world *w)
{
	image_maker_done(&w->maker);
	for (size_t i = 0; i < ARRAY_SIZE(w->sources); i++)
		close_fd(&w->sources[i]);
	plan_done(&w->plan);
}

static void add_nameless(struct world *w, const char *format, const char *base)
{
	struct plan_fd *fd = plan_add_fd(&w->plan, PLAN_FD_IMAGE);

	fd->path = xstrdup(test_folder);
	fd->image = (struct plan_image){
		.format = xstrdup(format),
		.size = 1 << 20,
		.base = base ? xstrdup(base) : NULL,
		.base_format = base ? xstrdup("raw") : NULL,
	};
}

static char *add_named(struct world *w, const char *format, const char *name)
{
	char *path = folder_path(test_folder, name);

	plan_add_file(&w->plan, PLAN_FILE_CREATE_IMAGE, path, NULL)->image =
		(struct plan_image){ .format = xstrdup(format),
				     .size = 1 << 20 };
	return path;
}

static void make(struct world *w)
{
	check_ok("begin", image_maker_begin(&w->maker, &w->err), &w->err);
	check_ok("finish", image_maker_finish(&w->maker, w->sources, &w->err),
		 &w->err);
}

static off_t size_of(int fd)
{
	return lseek(fd, 0, SEEK_END);
}

/* This takes no qemu-img. */
static void test_raw(void **state)
{
	struct world w;

	(void)state;
	begin_world(&w, NULL);
	add_nameless(&w, "raw", NULL);
	cleanup_free char *path = add_named(&w, "raw", "new.img");
	make(&w);
	assert_int_equal(size_of(w.sources[0]), 1 << 20);
	assert_int_equal(folder_count(test_folder), 0);
	check_ok("keep", image_maker_keep(&w.maker, &w.err), &w.err);
	assert_int_equal(folder_count(test_folder), 1);
	cleanup_close int fd = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(size_of(fd), 1 << 20);
	end_world(&w);
	assert_int_equal(folder_count(test_folder), 1);
}

/* What the script gets is in the files that it writes: its arguments. */
static void test_arguments(void **state)
{
	static const char overlay[] =
		"create -q -f qcow2 -b /base.img -F raw /dev/fd/3 1048576\n";
	static const char named[] = "create -q -f vdi /dev/fd/3 1048576\n";
	char text[200] = "";
	struct world w;

	(void)state;
	begin_world(&w, "echo \"$@\" >/dev/fd/3");
	add_nameless(&w, "qcow2", "/base.img");
	cleanup_free char *path = add_named(&w, "vdi", "new.vdi");
	make(&w);
	check_ok("keep", image_maker_keep(&w.maker, &w.err), &w.err);
	assert_true(pread(w.sources[0], text, sizeof(text) - 1, 0) > 0);
	assert_string_equal(text, overlay);
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	memset(text, 0, sizeof(text));
	assert_true(pread(fd, text, sizeof(text) - 1, 0) > 0);
	assert_string_equal(text, named);
	end_world(&w);
}

/* Each waits for the other: they are there at the same time. */
static void test_at_once(void **state)
{
	struct world w;

	(void)state;
	begin_world(&w, "cd \"${0%/*}\" && mkdir a 2>/dev/null && name=a "
			"other=b || { mkdir b; name=b other=a; }\n"
			"i=0; while [ ! -d $other ]; do sleep 0.01; "
			"i=$((i + 1)); [ $i -lt 2000 ] || exit 1; done");
	add_nameless(&w, "qcow2", NULL);
	add_nameless(&w, "qcow2", NULL);
	make(&w);
	end_world(&w);
}

static const struct {
	const char *script;
	const char *message;
} failures[] = {
	{ "echo one; echo \"qemu-img: no room\" >&2; exit 1",
	  "qemu-img: no room" },
	{ "exit 3", "qemu-img ended with status 3" },
	{ "kill -9 $$", "qemu-img ended with signal 9" },
};

static void test_failure(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(failures); i++) {
		const char *row = failures[i].script;
		struct world w;

		begin_world(&w, row);
		cleanup_free char *path = add_named(&w, "qcow2", "new.qcow2");
		cleanup_free char *message = xasprintf(
			"cannot make '%s': %s", path, failures[i].message);
		check_ok(row, image_maker_begin(&w.maker, &w.err), &w.err);
		check_error(row,
			    image_maker_finish(&w.maker, w.sources, &w.err),
			    &w.err, -EIO, message);
		image_maker_undo(&w.maker);
		end_world(&w);
		/* The script. */
		assert_int_equal(folder_count(test_folder), 1);
	}
}

static void test_no_folder(void **state)
{
	struct world w;

	(void)state;
	begin_world(&w, NULL);
	cleanup_free char *path = add_named(&w, "raw", "no/new.img");
	cleanup_free char *message = xasprintf(
		"cannot create '%s': No such file or directory", path);
	check_error("no folder", image_maker_begin(&w.maker, &w.err), &w.err,
		    -ENOENT, message);
	end_world(&w);
}

/* What is told to end does not wait for a qemu-img that does not. */
static void test_signal(void **state)
{
	sigset_t set;
	struct world w;

	(void)state;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	assert_int_equal(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	begin_world(&w, "exec sleep 1000");
	w.maker.signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	add_nameless(&w, "qcow2", NULL);
	check_ok("begin", image_maker_begin(&w.maker, &w.err), &w.err);
	kill(getpid(), SIGTERM);
	assert_int_equal(image_maker_finish(&w.maker, w.sources, &w.err),
			 -EINTR);
	assert_int_equal(w.maker.stop_signal, SIGTERM);
	assert_int_equal(w.sources[0], -1);
	close_fd(&w.maker.signal_fd);
	end_world(&w);
	assert_int_equal(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
}

/* Only what nobody has begun to use is removed again. */
static void test_undo(void **state)
{
	const struct flock lock = {
		.l_type = F_RDLCK,
		.l_whence = SEEK_SET,
		.l_start = 201,
		.l_len = 1,
	};
	struct world w;

	(void)state;
	begin_world(&w, NULL);
	cleanup_free char *used = add_named(&w, "raw", "used.img");
	cleanup_free char *idle = add_named(&w, "raw", "idle.img");
	make(&w);
	check_ok("keep", image_maker_keep(&w.maker, &w.err), &w.err);
	cleanup_close int fd = open(used, O_RDWR | O_CLOEXEC);
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &lock), 0);
	image_maker_undo(&w.maker);
	assert_int_equal(access(used, F_OK), 0);
	assert_int_equal(access(idle, F_OK), -1);
	end_world(&w);
}

static void test_grow(void **state)
{
	char text[300] = "";
	struct stat st;
	struct world w;

	(void)state;
	begin_world(&w, "echo \"$@\" >\"${0%/*}/said\"");
	cleanup_free char *raw =
		folder_file(test_folder, "d.img", "data", 4, 0600);
	cleanup_free char *qcow2 =
		folder_file(test_folder, "d.qcow2", "data", 4, 0600);
	cleanup_free char *real = realpath(qcow2, NULL);
	cleanup_free char *said = folder_path(test_folder, "said");
	cleanup_free char *want =
		xasprintf("resize -q -f qcow2 %s 4096\n", real);
	plan_add_file(&w.plan, PLAN_FILE_GROW_IMAGE, raw, NULL)->image =
		(struct plan_image){ .format = xstrdup("raw"), .size = 4096 };
	plan_add_file(&w.plan, PLAN_FILE_GROW_IMAGE, qcow2, NULL)->image =
		(struct plan_image){ .format = xstrdup("qcow2"), .size = 4096 };
	make(&w);
	check_ok("keep", image_maker_keep(&w.maker, &w.err), &w.err);
	assert_int_equal(stat(raw, &st), 0);
	assert_int_equal(st.st_size, 4); /* not yet */
	check_ok("grow", image_maker_grow(&w.maker, &w.err), &w.err);
	assert_int_equal(stat(raw, &st), 0);
	assert_int_equal(st.st_size, 4096);
	cleanup_close int fd = open(said, O_RDONLY | O_CLOEXEC);
	assert_true(pread(fd, text, sizeof(text) - 1, 0) > 0);
	assert_string_equal(text, want);
	end_world(&w);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_raw),	    TEST(test_arguments), TEST(test_at_once),
		TEST(test_failure), TEST(test_no_folder), TEST(test_signal),
		TEST(test_undo),    TEST(test_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
