/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host, written down: what host_gather() would find there, as JSON. All
 * members are optional; those of an ordinary host are in facts/.
 *
 *	{
 *	  "base": "../../facts/host-x86_64.json",
 *	  "machine": "x86_64",            uname -m
 *	  "machine-id": "0123...",
 *	  "uid": 1000,
 *	  "random": 1,
 *	  "stdin-is-tty": true,
 *	  "stdout-is-tty": true,
 *	  "kvm": "usable",                missing, denied, software, broken
 *	  "kvm-error": "EIO",             for broken
 *	  "vhost-net": "ENOENT",          why it does not open; "": it does
 *	  "swtpm": false,                 whether it is installed
 *	  "qemu-img": false, "ssh": false, likewise
 *	  "bridges": {
 *	    "br0": "bridge", "eth0": "ethernet",
 *	    "br1": {
 *	      "kind": "bridge",
 *	      "down": true,
 *	      "lacks-carrier": true,
 *	      "port-delay": 30000,        in milliseconds
 *	      "iptables": true, "ip6tables": true,
 *	      "firewall-hidden": true,
 *	      "droppers": [ "ip filter FORWARD" ]
 *	    }
 *	  },
 *	  "docker": true,
 *	  "ports": {                      of this host that are not free
 *	    "tcp:127.0.0.1:2222": { "error": "EADDRINUSE",
 *	                            "holder": "process 812 (sshd)" }
 *	  },
 *	  "helper": {                     who may make taps; without it, xkvm is
 *	                                  capable
 *	    "capable": true, "no-new-privs": true, "bounded": true,
 *	    "user-namespace": true, "traced": true, "terminal": true,
 *	    "net": {                      xkvm-net; "qemu" and "sudo" are alike,
 *	                                  and there is none where they are not
 *	      "error": "EACCES",          of executing it
 *	      "gives": true,              the privilege, by its file
 *	      "nosuid": true,             on such a file system
 *	      "roots": false              where others than root may write to it
 *	    },
 *	    "socket": "EACCES",           why it cannot be connected to, ENOENT
 *	                                  without it; "": it can
 *	    "group": "xkvm", "member": true
 *	  },
 *	  "files": {
 *	    "disk.img": "qcow2",          a regular file, readable and writable
 *	    "cd.iso": {
 *	      "kind": "regular",          block, char, directory, fifo, socket,
 *	                                  unreachable
 *	      "real-path": "/srv/cd.iso", else the path, below /home/user
 *	      "format": "raw",
 *	      "can-write": false,
 *	      "size": 1048576,
 *	      "owner": 0, "mode": "0644",
 *	      "error": "EACCES",          of reading it
 *	      "was-raw": true,
 *	      "locks": [ "writer", "no-writers", "no-readers" ],
 *	      "holder": { "pid": 7, "program": "qemu", "guest": "web" },
 *	      "backing": "/srv/base.img", of which it is an overlay
 *	      "virtual-size": 1048576,    of the disk in it, else the size
 *	      "nvram-template": "/usr/share/OVMF/OVMF_VARS_4M.fd"
 *	    }
 *	  },
 *	  "seed": {                       what a seed is made of
 *	    "user.yaml": "#cloud-config\\n",   the text of a file; "-" is
 *standard input; what is not here is missing "big": { "error": "EFBIG" },  of
 *reading it
 *	  },
 *	  "texts": { "token": "abc" },    of other files, alike
 *	  "ssh-keys": [ "ssh-ed25519 AAAA... me" ],     that --ssh-key finds
 *	  "yaml": "why there is none",
 *	  "descriptors": {                of firmware, in their order; relative
 *	                                  paths are for --firmware alone
 *	    "/usr/share/qemu/firmware/60-x.json": { "mapping": ... },
 *	    "/etc/qemu/firmware/60-x.json": "",       or any text
 *	    "/etc/qemu/firmware/70-x.json": { "error": "EACCES" }
 *	  },
 *	  "qemu": {
 *	    "base": "../../facts/qemu-7.2-s390x.json",
 *	    "installed": false,
 *	    "failure": "it does not speak QMP"
 *	  }
 *	}
 *
 * An object with a "base" is a merge patch (RFC 7396) on what is in that file,
 * whose name is relative to the file that names it. Any other name that is not
 * above is an error. What "qemu" has besides is written by record.h.
 */
#ifndef XKVM_GOLDEN_HOST_JSON_H
#define XKVM_GOLDEN_HOST_JSON_H

#include <jansson.h>

#include "plan/facts.h"
#include "spec/run_spec.h"

/* Reads a file, and the files that are its bases. *ret is owned by the
 * caller. */
must_check int host_json_load(const char *path, json_t **ret, struct err *err);

/*
 * The facts for this spec: the answers to its questions, as host_gather() would
 * have them, and nothing that was not asked. Fails where the JSON is no host,
 * or where QEMU has a device that was not recorded.
 */
must_check int host_json_answer(const json_t *host, const struct run_spec *spec,
				struct facts *ret, struct err *err);

#endif
