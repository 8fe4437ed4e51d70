/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where caches are kept (XDG Base Directory Specification), of which there are
 * two: a file for each QEMU program in CACHE_FOLDER, and one for each unpacked
 * kernel in CACHE_KERNELS.
 */
#ifndef XKVM_SPEC_CACHE_HOME_H
#define XKVM_SPEC_CACHE_HOME_H

/* In the user's cache folder. */
#define CACHE_FOLDER "xkvm"
#define CACHE_KERNELS CACHE_FOLDER "/kernels"

/* The user's cache folder, by the values of XDG_CACHE_HOME and HOME, which may
 * be NULL; NULL where neither is an absolute path. Owned by the caller. */
char *cache_home(const char *xdg_cache_home, const char *home);

#endif
