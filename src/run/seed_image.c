/* SPDX-License-Identifier: Apache-2.0 */
#include "run/seed_image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/iso9660.h"
#include "plan/seed_disk.h"
#include "run/prepare.h"

#define SEALS (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)

static char *make_image(const struct seed *seed, size_t *ret_len)
{
	struct iso9660_file files[SEED_FILES_MAX];

	for (size_t i = 0; i < seed->count; i++)
		files[i] = (struct iso9660_file){ seed->files[i].name,
						  seed->files[i].content,
						  seed->files[i].len };
	return iso9660_make(SEED_VOLUME, files, seed->count, ret_len);
}

int seed_image_open(const struct seed *seed, int *ret, struct err *err)
{
	size_t len;
	cleanup_free char *image = make_image(seed, &len);
	cleanup_close int fd =
		memfd_create("xkvm-seed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int r = fd < 0 ? -errno : prepare_write(fd, image, len);

	if (r == 0 && fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		r = -errno;
	if (r < 0)
		return err_set_errno(err, r, "cannot make the seed in memory");
	*ret = take_fd(fd);
	return 0;
}
