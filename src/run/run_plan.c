/* SPDX-License-Identifier: Apache-2.0 */
#include "run/run_plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "host/process.h"
#include "run/image_maker.h"
#include "run/kernel.h"
#include "run/prepare.h"
#include "run/seed_image.h"
#include "run/seed_server.h"
#include "run/tap_source.h"
#include "run/tpm.h"
#include "run/watch.h"

/* What exists only while the plan is being carried out. */
struct run {
	const struct plan *plan;
	int *sources; /* owned; for each of the plan's descriptors, ours */
	const char *created; /* the nvram file that was created and locked, or
				NULL */
	int lifeline; /* owned; of the taps, -1: there is none */
	struct tap_source source;
	struct tap_request *requests; /* owned */
	struct image_maker images;
	char *kernel_obstacle; /* owned; why the guest unpacks its kernel */
	struct watch watch;
	struct process qemu;
	struct tpm_program tpm;
	int signal_fd; /* owned */
};

/*
 * The taps go before their descriptors close: all at once, where QEMU and then
 * this process would close one after the other, each 20 ms.
 */
static void run_done(struct run *run)
{
	tap_client_release(&run->lifeline);
	for (size_t i = 0; run->sources && i < run->plan->fd_count; i++)
		if (run->plan->fds[i].kind != PLAN_FD_INHERITED)
			close_fd(&run->sources[i]);
	free(run->sources);
	tap_client_end(&run->source.client);
	free(run->requests);
	free(run->kernel_obstacle);
	watch_done(&run->watch);
	close_fd(&run->signal_fd);
}

static void place_taps(struct run *run, struct tap *taps)
{
	for (size_t i = 0; i < run->plan->fd_count; i++) {
		const struct plan_fd *fd = &run->plan->fds[i];

		if (fd->kind == PLAN_FD_TAP)
			run->sources[i] = take_fd(taps[fd->nic].fds[fd->queue]);
	}
}

/* Where the bridge is not here, its name may be wrong, or this place. */
static int prefix_tap(const struct plan_tap *tap, struct err *err)
{
	return err_prefix(err,
			  tap->is_elsewhere
				  ? "%s: there is no bridge '%s' here, and "
				    "where xkvm-net's service runs"
				  : "%s on bridge '%s'",
			  tap->netdev, tap->bridge);
}

/* All taps in one request: all or none. */
static void begin_taps(struct run *run)
{
	const struct plan *plan = run->plan;

	if (plan->tap_count == 0)
		return;
	run->requests = xcalloc(plan->tap_count, sizeof(*run->requests));
	for (size_t i = 0; i < plan->tap_count; i++)
		run->requests[i] = (struct tap_request){
			.bridge = plan->taps[i].bridge,
			.mac = plan->taps[i].mac,
			.vm = plan->guest_name,
			.queues = plan->taps[i].queues,
			.port = &plan->taps[i].port,
		};
	tap_source_begin(plan, run->requests, &run->source);
}

static int finish_taps(struct run *run, struct err *err)
{
	const struct plan *plan = run->plan;
	size_t count = plan->tap_count, failed;
	struct tap *taps;

	if (count == 0)
		return 0;
	int r = tap_source_finish(&run->source, &taps, &failed, err);
	if (r < 0)
		return failed < count ? prefix_tap(&plan->taps[failed], err)
				      : r;
	/* A QEMU that goes on in the background, or in this very process,
	 * keeps its taps by itself. */
	bool is_alone = plan->is_daemonized || plan->is_exec;
	r = tap_client_commit(&run->source.client,
			      is_alone ? NULL : &run->lifeline, err);
	if (r == 0)
		place_taps(run, taps);
	taps_free(taps, count);
	/* QEMU would not know what to do with a child that is not its own. */
	if (plan->is_exec)
		tap_client_end(&run->source.client);
	return r;
}

static int open_vhost_net(int *ret, struct err *err)
{
	*ret = open("/dev/vhost-net", O_RDWR | O_CLOEXEC);
	if (*ret < 0)
		return err_set_errno(err, -errno, "cannot open /dev/vhost-net");
	return 0;
}

static int make_fd(struct run *run, size_t i, struct err *err)
{
	const struct plan_fd *fd = &run->plan->fds[i];
	int *source = &run->sources[i];

	switch (fd->kind) {
	case PLAN_FD_TAP:
		return 0; /* all at once, by finish_taps() */
	case PLAN_FD_VHOST_NET:
		return open_vhost_net(source, err);
	case PLAN_FD_NVRAM:
		return prepare_nvram_memory(fd->path, fd->size, source, err);
	case PLAN_FD_IMAGE: /* by image_maker_finish() */
	case PLAN_FD_LOCK: /* when the file is there, by make_locks() */
		return 0;
	case PLAN_FD_KERNEL:
		return kernel_open(fd->path, fd->cache, source,
				   &run->kernel_obstacle, err);
	case PLAN_FD_QMP:
		return qmp_link_open(&run->watch.link, source, err);
	case PLAN_FD_CONSOLE:
		return console_hub_open(&run->watch.console, source, err);
	case PLAN_FD_AGENT:
		return qga_link_open(&run->watch.reach.agent, source, err);
	case PLAN_FD_CONFIG:
		return prepare_memory_file("xkvm-config", fd->content, source,
					   err);
	case PLAN_FD_TPM:
		return tpm_start(&run->plan->tpm, &run->tpm, source, err);
	case PLAN_FD_SEED:
		return seed_image_open(&run->plan->seed, source, err);
	case PLAN_FD_SEED_SERVER:
		return seed_server_start(&run->plan->seed, source, err);
	case PLAN_FD_CREDENTIAL:
		return prepare_memory_file("xkvm-credential", fd->content,
					   source, err);
	case PLAN_FD_INHERITED:
		*source = fd->number;
		return 0;
	}
	return 0;
}

/* The taps and the disk images take longest; xkvm-net and qemu-img make them
 * meanwhile. */
static int make_fds(struct run *run, struct err *err)
{
	begin_taps(run);
	int r = image_maker_begin(&run->images, err);
	for (size_t i = 0; r == 0 && i < run->plan->fd_count; i++)
		r = make_fd(run, i, err);
	if (r == 0)
		r = finish_taps(run, err);
	return r < 0 ? r : image_maker_finish(&run->images, run->sources, err);
}

static int make_files(struct run *run, struct err *err)
{
	int r = image_maker_keep(&run->images, err);

	for (size_t i = 0; r == 0 && i < run->plan->file_count; i++) {
		const struct plan_file *file = &run->plan->files[i];

		switch (file->kind) {
		case PLAN_FILE_CREATE_NVRAM:
			r = prepare_nvram_file(file->path, file->source,
					       file->size, err);
			break;
		case PLAN_FILE_CREATE_IMAGE:
		case PLAN_FILE_GROW_IMAGE:
			break; /* by image_maker_keep() and _grow() */
		case PLAN_FILE_MARK_RAW:
			prepare_raw_mark(file->path, true);
			break;
		case PLAN_FILE_UNMARK_RAW:
			prepare_raw_mark(file->path, false);
			break;
		}
	}
	return r;
}

static bool is_created(const struct plan *plan, const char *path)
{
	for (size_t i = 0; i < plan->file_count; i++)
		if (plan->files[i].kind == PLAN_FILE_CREATE_NVRAM &&
		    str_eq(plan->files[i].path, path))
			return true;
	return false;
}

/* Only who holds the lock may remove the file again: another run may have found
 * it as soon as it had a name. */
static int make_locks(struct run *run, struct err *err)
{
	for (size_t i = 0; i < run->plan->fd_count; i++) {
		const struct plan_fd *fd = &run->plan->fds[i];

		if (fd->kind != PLAN_FD_LOCK)
			continue;
		int r = prepare_lock(fd->path, fd->is_shared, &run->sources[i],
				     err);
		if (r < 0)
			return err_prefix(err, "--uefi-nvram");
		if (is_created(run->plan, fd->path))
			run->created = fd->path;
	}
	return 0;
}

/* What looks like a descriptor in the user's arguments and is not open may be
 * anything; QEMU knows. */
static size_t list_fds(const struct run *run, struct process_fd *fds)
{
	size_t count = 0;

	for (size_t i = 0; i < run->plan->fd_count; i++) {
		const struct plan_fd *fd = &run->plan->fds[i];

		if (fd->kind == PLAN_FD_INHERITED &&
		    fcntl(fd->number, F_GETFD) < 0)
			continue;
		fds[count++] =
			(struct process_fd){ run->sources[i], fd->number };
	}
	return count;
}

static int start_qemu(struct run *run, struct err *err)
{
	const struct plan *plan = run->plan;
	cleanup_free struct process_fd *fds =
		xcalloc(plan->fd_count, sizeof(*fds));
	size_t fd_count = list_fds(run, fds);
	const struct process_start start = {
		.path = plan->program,
		.argv = plan->argv.items,
		.fds = fds,
		.fd_count = fd_count,
		/* SIGTERM, not SIGKILL: QEMU then flushes its disks. */
		.death_signal = SIGTERM,
		.own_group = !plan->owns_terminal,
		.is_stdin_empty = plan->is_stdin_empty,
	};

	return plan->is_exec ? process_become(&start, err)
			     : process_start(&start, &run->qemu, err);
}

/*
 * Sockets live as long as their last descriptor: none may stay here when QEMU
 * has its own. Those of taps stay, where a lifeline says how long the taps
 * live, so that QEMU's end need not wait until each is gone.
 */
static void drop_fds(struct run *run)
{
	for (size_t i = 0; i < run->plan->fd_count; i++) {
		enum plan_fd_kind kind = run->plan->fds[i].kind;

		if (kind != PLAN_FD_INHERITED &&
		    (kind != PLAN_FD_TAP || run->lifeline < 0))
			close_fd(&run->sources[i]);
	}
}

/* Without a QEMU that has it, a new file was made for nothing. */
static void undo_files(struct run *run)
{
	image_maker_undo(&run->images);
	/* Until here its lock is held. */
	if (run->created)
		unlink(run->created);
}

static int start_all(struct run *run, struct outcome *ret, struct err *err)
{
	int r = make_fds(run, err);

	if (r == 0)
		r = make_files(run, err);
	if (r == 0)
		r = make_locks(run, err);
	if (r == 0)
		r = image_maker_grow(&run->images, err);
	if (r == 0)
		r = console_hub_open_places(&run->watch.console,
					    &run->plan->console, err);
	ret->stop_signal = run->images.stop_signal;
	if (!ret->stop_signal)
		ret->stop_signal = supervise_pending_stop(run->signal_fd);
	if (ret->stop_signal)
		r = 0; /* what failed had been told to end as well */
	else if (r == 0)
		r = start_qemu(run, err);
	/* While QEMU starts, what made the taps ends. */
	tap_client_end(&run->source.client);
	if (run->qemu.pidfd < 0)
		undo_files(run);
	image_maker_done(&run->images);
	drop_fds(run);
	return r;
}

int run_plan(const struct plan *plan, const struct run_report *report,
	     struct outcome *ret, struct err *err)
{
	struct outcome outcome = { 0 };
	struct run run = {
		.plan = plan,
		.sources = xcalloc(plan->fd_count, sizeof(*run.sources)),
		.lifeline = -1,
		.source = TAP_SOURCE_INIT,
		.qemu = PROCESS_INIT,
		.tpm = TPM_PROGRAM_INIT,
		.images = { .plan = plan },
		.signal_fd = -1,
	};

	for (size_t i = 0; i < plan->fd_count; i++)
		run.sources[i] = -1;
	watch_init(&run.watch, plan, report);
	int r = supervise_signals(&run.signal_fd, err);
	run.images.signal_fd = run.signal_fd;
	if (r == 0)
		r = start_all(&run, &outcome, err);
	bool is_started = r == 0 && run.qemu.pidfd >= 0;
	if (is_started)
		r = watch_qemu(&run.watch, &run.qemu, run.signal_fd, &outcome,
			       err);
	outcome.kernel_obstacle = take_ptr(run.kernel_obstacle);
	/* A QEMU that goes on as a daemon keeps its TPM. */
	if (!plan->is_daemonized || !is_started || outcome.wait_status != 0)
		outcome.tpm_signal = tpm_end(&run.tpm);
	run_done(&run);
	if (r == 0)
		*ret = outcome;
	else
		outcome_done(&outcome);
	return r;
}
