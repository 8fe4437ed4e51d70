/* SPDX-License-Identifier: Apache-2.0 */
#include "helper_json.h"

#include <errno.h>

#include "base/json.h"
#include "json_member.h"

static const char *const HELPER_KEYS[] = {
	"capable", "no-new-privs", "bounded", "user-namespace",
	"traced",  "terminal",	   "net",     "qemu",
	"sudo",	   "socket",	   "group",   "member",
};

static const char *const FILE_KEYS[] = { "error", "gives", "nosuid", "roots" };

static int read_file(const json_t *json, const char *path,
		     struct privileged_file *ret, struct err *err)
{
	if (!json)
		return 0;
	ret->path = xstrdup(path);
	ret->gives = json_member_bool(json, "gives", false);
	ret->is_nosuid = json_member_bool(json, "nosuid", false);
	ret->is_roots = json_member_bool(json, "roots", true);
	int r = json_member_check(json, FILE_KEYS, ARRAY_SIZE(FILE_KEYS), err);
	if (r == 0)
		r = json_member_errno(json, "error", &ret->error, err);
	return r;
}

static int read_programs(const json_t *json, struct helper_facts *ret,
			 struct err *err)
{
	int r = read_file(json_object_get(json, "net"),
			  "/usr/libexec/xkvm/xkvm-net", &ret->net, err);

	if (r == 0)
		r = read_file(json_object_get(json, "qemu"),
			      "/usr/lib/qemu/qemu-bridge-helper", &ret->qemu,
			      err);
	if (r == 0)
		r = read_file(json_object_get(json, "sudo"), "/usr/bin/sudo",
			      &ret->sudo, err);
	return r;
}

int helper_json_answer(const json_t *json, const char *socket,
		       struct helper_facts *ret, struct err *err)
{
	const char *group = json_member_text(json, "group");
	int r;

	*ret = (struct helper_facts){
		.is_capable = json_member_bool(json, "capable", !json),
		.has_no_new_privs =
			json_member_bool(json, "no-new-privs", false),
		.is_bounded = json_member_bool(json, "bounded", false),
		.is_in_user_namespace =
			json_member_bool(json, "user-namespace", false),
		.is_traced = json_member_bool(json, "traced", false),
		.has_terminal = json_member_bool(json, "terminal", false),
		.user = xstrdup("alice"),
		.socket = xstrdup(socket),
		.socket_error = ENOENT,
		.group = group ? xstrdup(group) : NULL,
		.is_member = json_member_bool(json, "member", false),
	};
	if (!json) {
		ret->net.path = xstrdup("/usr/libexec/xkvm/xkvm-net");
		return 0;
	}
	r = json_member_check(json, HELPER_KEYS, ARRAY_SIZE(HELPER_KEYS), err);
	if (r == 0 && json_object_get(json, "socket"))
		r = json_member_errno(json, "socket", &ret->socket_error, err);
	if (r == 0)
		r = read_programs(json, ret, err);
	if (r == 0 && !ret->net.path)
		r = err_set(err, -EPROTO, "\"helper\" has no \"net\"");
	return r;
}
