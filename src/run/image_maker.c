/* SPDX-License-Identifier: Apache-2.0 */
#include "run/image_maker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/image_locks.h"
#include "host/process.h"
#include "run/new_file.h"
#include "run/program_words.h"
#include "run/supervise.h"

/* qemu-img's descriptor of the file that it writes. */
#define QEMU_IMG_FILE 3

struct image_job {
	const struct plan_image *image;
	const struct plan_fd *fd; /* that it is for; or NULL, ... */
	const struct plan_file *to; /* ... and it is for a name */
	struct new_file file;
	bool is_named;
	struct process qemu_img;
	int words; /* owned; what that says */
};

/* "cannot make the overlay on 'base.img': ..." */
static int prefix_job(const struct image_job *job, struct err *err)
{
	if (job->to && job->to->kind == PLAN_FILE_GROW_IMAGE)
		return err_prefix(err, "cannot make '%s' larger",
				  job->to->path);
	if (job->to)
		return err_prefix(err, "cannot make '%s'", job->to->path);
	if (job->image->base)
		return err_prefix(err, "cannot make an overlay on '%s' in '%s'",
				  job->image->base, job->fd->path);
	return err_prefix(err, "cannot make a disk in '%s'", job->fd->path);
}

/* ---- one ---- */

static void add_create_args(const struct plan_image *image, struct strv *argv)
{
	strv_add(argv, "create");
	strv_add(argv, "-q");
	strv_add(argv, "-f");
	strv_add(argv, image->format);
	if (image->base) {
		strv_add(argv, "-b");
		strv_add(argv, image->base);
		strv_add(argv, "-F");
		strv_add(argv, image->base_format);
	}
	strv_addf(argv, "/dev/fd/%d", QEMU_IMG_FILE);
	if (image->size)
		strv_addf(argv, "%llu", (unsigned long long)image->size);
}

/* Its base may be named relative to it, so it is opened by its name, which is
 * made one that is neither an option nor a protocol. */
static int add_resize_args(const struct plan_file *file, struct strv *argv,
			   struct err *err)
{
	char *path = realpath(file->path, NULL);

	if (!path)
		return err_set_errno(err, -errno, "cannot open it");
	strv_add(argv, "resize");
	strv_add(argv, "-q");
	strv_add(argv, "-f");
	strv_add(argv, file->image.format);
	strv_take(argv, path);
	strv_addf(argv, "%llu", (unsigned long long)file->image.size);
	return 0;
}

static int start_qemu_img(const struct plan *plan, const struct strv *argv,
			  struct image_job *job, struct err *err)
{
	int r = program_words_open(&job->words, err);
	const struct process_fd fds[] = {
		{ job->words, STDOUT_FILENO },
		{ job->words, STDERR_FILENO },
		{ job->file.fd, QEMU_IMG_FILE },
	};
	const struct process_start start = {
		.path = plan->qemu_img,
		.argv = argv->items,
		.fds = fds,
		.fd_count = job->file.fd < 0 ? 2 : 3,
		.death_signal = SIGKILL,
		/* Ctrl-C ends it by image_maker_done(), in order. */
		.own_group = true,
		.is_stdin_empty = true,
	};

	return r < 0 ? r : process_start(&start, &job->qemu_img, err);
}

static int fill(const struct plan *plan, struct image_job *job, struct err *err)
{
	cleanup_strv struct strv argv = STRV_INIT;

	if (str_eq(job->image->format, "raw"))
		return ftruncate(job->file.fd, (off_t)job->image->size) < 0
			       ? err_set_errno(err, -errno, "its size")
			       : 0;
	strv_add(&argv, plan->qemu_img);
	add_create_args(job->image, &argv);
	return start_qemu_img(plan, &argv, job, err);
}

static int begin(const struct plan *plan, struct image_job *job,
		 struct err *err)
{
	int r = job->to ? new_file_open(job->to->path, &job->file, err)
			: new_file_nameless(job->fd->path, &job->file.fd, err);

	if (r < 0)
		return r;
	r = fill(plan, job, err);
	return r < 0 ? prefix_job(job, err) : 0;
}

/* Why qemu-img failed, in its own words. */
static int judge(const struct image_job *job, int status, struct err *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	cleanup_free char *words = program_words_last(job->words);
	if (words && WIFEXITED(status))
		return err_set(err, -EIO, "%s", words);
	return err_set(err, -EIO, "qemu-img ended with %s %d",
		       WIFSIGNALED(status) ? "signal" : "status",
		       WIFSIGNALED(status) ? WTERMSIG(status)
					   : WEXITSTATUS(status));
}

/* Until it has ended, or a signal asks for the end. */
static int await(struct image_maker *maker, const struct image_job *job,
		 struct err *err)
{
	struct pollfd watch[] = {
		{ .fd = job->qemu_img.pidfd, .events = POLLIN },
		{ .fd = maker->signal_fd, .events = POLLIN },
	};

	while (watch[0].revents == 0) {
		if (poll(watch, ARRAY_SIZE(watch), -1) < 0 && errno != EINTR)
			return err_set_errno(err, -errno, "cannot wait");
		if (watch[1].revents)
			maker->stop_signal =
				supervise_pending_stop(maker->signal_fd);
		if (maker->stop_signal)
			return err_set(err, -EINTR, "told to end");
	}
	return 0;
}

static int finish(struct image_maker *maker, struct image_job *job,
		  struct err *err)
{
	int status = 0;
	int r = 0;

	if (job->qemu_img.pidfd < 0)
		return 0;
	r = await(maker, job, err);
	if (r == 0)
		r = process_wait(&job->qemu_img, &status, err);
	if (r == 0)
		r = judge(job, status, err);
	return r < 0 ? prefix_job(job, err) : 0;
}

/* ---- growth ---- */

static int grow_raw(const struct plan_file *file, struct err *err)
{
	cleanup_close int fd = open(file->path, O_RDWR | O_CLOEXEC);

	if (fd < 0 || ftruncate(fd, (off_t)file->image.size) < 0)
		return err_set_errno(err, -errno, "its size");
	return 0;
}

static int grow(struct image_maker *maker, const struct plan_file *file,
		struct err *err)
{
	cleanup_strv struct strv argv = STRV_INIT;
	struct image_job job = {
		.image = &file->image,
		.to = file,
		.file = NEW_FILE_INIT,
		.qemu_img = PROCESS_INIT,
		.words = -1,
	};

	if (str_eq(file->image.format, "raw")) {
		int r = grow_raw(file, err);
		return r < 0 ? prefix_job(&job, err) : 0;
	}
	strv_add(&argv, maker->plan->qemu_img);
	int r = add_resize_args(file, &argv, err);
	if (r == 0)
		r = start_qemu_img(maker->plan, &argv, &job, err);
	/* A resize that is cut short would damage the image. */
	int status = 0;
	if (r == 0)
		r = process_wait(&job.qemu_img, &status, err);
	if (r == 0)
		r = judge(&job, status, err);
	close_fd(&job.words);
	return r < 0 ? prefix_job(&job, err) : 0;
}

/* ---- all ---- */

static struct image_job *add_job(struct image_maker *maker,
				 const struct plan_image *image)
{
	struct image_job *job = &maker->jobs[maker->count++];

	*job = (struct image_job){
		.image = image,
		.file = NEW_FILE_INIT,
		.qemu_img = PROCESS_INIT,
		.words = -1,
	};
	return job;
}

static void list_jobs(struct image_maker *maker)
{
	const struct plan *plan = maker->plan;

	for (size_t i = 0; i < plan->fd_count; i++)
		if (plan->fds[i].kind == PLAN_FD_IMAGE)
			add_job(maker, &plan->fds[i].image)->fd = &plan->fds[i];
	for (size_t i = 0; i < plan->file_count; i++)
		if (plan->files[i].kind == PLAN_FILE_CREATE_IMAGE)
			add_job(maker, &plan->files[i].image)->to =
				&plan->files[i];
}

int image_maker_begin(struct image_maker *maker, struct err *err)
{
	const struct plan *plan = maker->plan;
	int r = 0;

	maker->jobs = xcalloc(plan->fd_count + plan->file_count,
			      sizeof(*maker->jobs));
	list_jobs(maker);
	for (size_t i = 0; r == 0 && i < maker->count; i++)
		r = begin(plan, &maker->jobs[i], err);
	return r;
}

int image_maker_finish(struct image_maker *maker, int *sources, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < maker->count; i++) {
		struct image_job *job = &maker->jobs[i];

		r = finish(maker, job, err);
		if (r == 0 && job->fd)
			sources[job->fd - maker->plan->fds] =
				take_fd(job->file.fd);
	}
	return r;
}

int image_maker_keep(struct image_maker *maker, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < maker->count; i++) {
		struct image_job *job = &maker->jobs[i];

		if (!job->to)
			continue;
		r = new_file_finish(&job->file, err);
		job->is_named = r == 0;
	}
	return r;
}

int image_maker_grow(struct image_maker *maker, struct err *err)
{
	const struct plan *plan = maker->plan;
	int r = 0;

	for (size_t i = 0; r == 0 && i < plan->file_count; i++)
		if (plan->files[i].kind == PLAN_FILE_GROW_IMAGE)
			r = grow(maker, &plan->files[i], err);
	return r;
}

void image_maker_undo(struct image_maker *maker)
{
	for (size_t i = 0; i < maker->count; i++) {
		const struct image_job *job = &maker->jobs[i];

		/* Another run may have found it as soon as it had a name. The
		 * lock keeps away those that come now. */
		if (job->is_named && image_lock_all(job->file.fd))
			new_file_remove(&job->file);
	}
}

void image_maker_done(struct image_maker *maker)
{
	for (size_t i = 0; i < maker->count; i++) {
		struct image_job *job = &maker->jobs[i];
		struct err ignored;
		int status;

		if (job->qemu_img.pidfd >= 0) {
			process_signal(&job->qemu_img, SIGKILL);
			if (process_wait(&job->qemu_img, &status, &ignored) < 0)
				close_fd(&job->qemu_img.pidfd);
		}
		close_fd(&job->words);
		new_file_done(&job->file);
	}
	free(maker->jobs);
	maker->jobs = NULL;
	maker->count = 0;
}
