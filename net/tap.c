/* SPDX-License-Identifier: Apache-2.0 */
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <unistd.h>

#define TUN_PATH "/dev/net/tun"
/* A random name is taken once in a million million; more is something else. */
#define NAME_TRIES 8

_Static_assert(NET_NAME_MAX + 1 == IFNAMSIZ, "names are the kernel's");

static int open_tun(struct fail *fail)
{
	int fd = open(TUN_PATH, O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	switch (errno) {
	case ENOENT:
		return fail_set(fail, FAIL_SYS,
				"there is no " TUN_PATH "; load its module "
				"('modprobe tun'), or give this container the "
				"device");
	case ENODEV:
	case ENXIO:
		return fail_set(fail, FAIL_SYS,
				TUN_PATH " has no driver; load its module "
					 "('modprobe tun')");
	case EACCES:
	case EPERM:
		return fail_set(fail, FAIL_DENIED,
				"this user may not open " TUN_PATH
				"; 'chmod 0666 " TUN_PATH
				"' is its usual mode, and gives no privilege");
	default:
		return fail_errno(fail, errno, NULL, "cannot open " TUN_PATH);
	}
}

/* EBUSY where the name is taken. */
static int try_name(struct tap *tap, int fd, const char *name, short flags)
{
	/* Without IFF_TUN_EXCL it would take over a tap of that name. */
	struct ifreq request = { .ifr_flags = (short)(flags | IFF_TUN_EXCL) };

	snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
	if (ioctl(fd, TUNSETIFF, &request) < 0)
		return errno == EEXIST ? EBUSY : errno;
	memcpy(tap->name, request.ifr_name, IFNAMSIZ);
	return 0;
}

static int take_unique_name(struct tap *tap, int fd, short flags)
{
	int rc = EBUSY;

	for (int i = 0; i < NAME_TRIES && rc == EBUSY; i++) {
		char name[IFNAMSIZ];
		uint64_t random = 0;

		if (getrandom(&random, 5, 0) != 5)
			return errno;
		snprintf(name, sizeof(name), "xk%010" PRIx64, random);
		rc = try_name(tap, fd, name, flags);
	}
	return rc;
}

static int take_name(struct tap *tap, int fd, const char *name, short flags,
		     struct fail *fail)
{
	int rc = *name ? try_name(tap, fd, name, flags)
		       : take_unique_name(tap, fd, flags);

	if (rc == EBUSY && *name)
		return fail_set(fail, FAIL_EXISTS,
				"the interface '%s' exists; give this NIC "
				"another tap=",
				name);
	if (rc == EBUSY)
		return fail_set(fail, FAIL_EXISTS,
				"each of %d names tried for a tap is taken; "
				"try again",
				NAME_TRIES);
	return rc ? fail_errno(fail, rc, NULL, "cannot make a tap") : 0;
}

static int add_queue(const struct tap *tap, int fd, short flags,
		     struct fail *fail)
{
	struct ifreq request = { .ifr_flags = flags };

	memcpy(request.ifr_name, tap->name, IFNAMSIZ);
	if (ioctl(fd, TUNSETIFF, &request) < 0)
		return fail_errno(fail, errno, NULL,
				  "cannot make queue %u of a tap", tap->n_fds);
	return 0;
}

int tap_open(struct tap *tap, const char *name, unsigned int queues,
	     struct fail *fail)
{
	short flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
	int rc = 0;

	if (queues > 1)
		flags |= IFF_MULTI_QUEUE;
	tap->n_fds = 0;
	for (unsigned int i = 0; i < queues && rc == 0; i++) {
		int fd = open_tun(fail);

		if (fd < 0)
			rc = -1;
		else if (i == 0)
			rc = take_name(tap, fd, name, flags, fail);
		else
			rc = add_queue(tap, fd, flags, fail);
		if (fd >= 0)
			tap->fds[tap->n_fds++] = fd;
	}
	if (rc < 0)
		tap_close(tap);
	return rc;
}

int tap_set_owner(const struct tap *tap, uid_t owner, struct fail *fail)
{
	if (ioctl(tap->fds[0], TUNSETOWNER, (unsigned long)owner) < 0)
		return fail_errno(fail, errno, NULL,
				  "cannot give '%s' to the user %u", tap->name,
				  owner);
	return 0;
}

int tap_set_persistent(const struct tap *tap, bool is_persistent,
		       struct fail *fail)
{
	if (ioctl(tap->fds[0], TUNSETPERSIST, (unsigned long)is_persistent) < 0)
		return fail_errno(fail, errno, NULL,
				  "cannot make '%s' persistent", tap->name);
	return 0;
}

void tap_close(struct tap *tap)
{
	while (tap->n_fds > 0)
		close(tap->fds[--tap->n_fds]);
}
