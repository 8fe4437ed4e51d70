/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/seed.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/json.h"
#include "plan/seed_keys.h"
#include "plan/seed_meta.h"
#include "plan/seed_network.h"
#include "plan/user_data.h"

#define DEFAULT_HOSTNAME "guest"
#define HOSTNAME_MAX 64

/* What a seed is made from. */
struct making {
	const struct run_spec *run;
	const struct cloud_init_spec *spec;
	const struct seed_facts *facts;
	struct strv ssh_keys;
	struct seed seed;
};

void seed_done(struct seed *seed)
{
	for (size_t i = 0; i < seed->count; i++)
		free(seed->files[i].content);
	free(seed->password);
	*seed = (struct seed){ 0 };
}

static void add_file(struct seed *seed, const char *name, char *content_owned,
		     size_t len)
{
	seed->files[seed->count++] =
		(struct seed_file){ name, content_owned, len };
}

static void add_text(struct seed *seed, const char *name, struct strbuf *sb)
{
	size_t len = sb->len;

	add_file(seed, name, strbuf_detach(sb), len);
}

/* ---- the user's files ---- */

/* Those that --cloud-init gives for `word`, which still own what is in them;
 * `ret` has room for all. */
static size_t texts_of(const struct making *m, const char *word,
		       struct seed_text *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < m->facts->text_count; i++)
		if (str_eq(cloud_init_spec_source(m->spec, i).word, word))
			ret[count++] = m->facts->texts[i];
	return count;
}

static const struct seed_text *text_of(const struct making *m, const char *word)
{
	for (size_t i = 0; i < m->facts->text_count; i++)
		if (str_eq(cloud_init_spec_source(m->spec, i).word, word))
			return &m->facts->texts[i];
	return NULL;
}

static int check_read(const struct making *m, const char *word,
		      const struct seed_text *text, struct err *err)
{
	(void)m;
	(void)word;
	if (text->error == EFBIG)
		return err_set(err, -EINVAL,
			       "it is larger than %zu MiB; let the guest fetch "
			       "what is large (#include)",
			       SEED_TEXT_MAX >> 20);
	if (text->error)
		return err_set(err, -EINVAL, "it cannot be read: %s",
			       strerrordesc_np(text->error));
	return 0;
}

static bool is_user_data(const char *word)
{
	return str_eq(word, "user-data") || str_eq(word, "vendor-data");
}

bool seed_is_yaml(const char *word, const char *text, size_t len)
{
	if (str_eq(word, "meta-data") || str_eq(word, "network-config"))
		return true;
	return is_user_data(word) &&
	       user_data_is_yaml(user_data_kind(text, len));
}

static int check_characters(const char *word, const struct seed_text *text,
			    struct err *err)
{
	if (is_user_data(word) &&
	    user_data_kind(text->text, text->len) == USER_DATA_PACKED)
		return 0;
	if (memchr(text->text, '\0', text->len))
		return err_set(err, -EINVAL, "it is no text: it has a byte 0");
	if (!json_is_text(text->text, text->len))
		return err_set(err, -EINVAL,
			       "it is not UTF-8, which cloud-init reads; "
			       "iconv(1) converts it");
	return 0;
}

typedef int check_fn(const struct making *m, const char *word,
		     const struct seed_text *text, struct err *err);

static int check_content(const struct making *m, const char *word,
			 const struct seed_text *text, struct err *err)
{
	int r = check_characters(word, text, err);

	if (r < 0)
		return r;
	if (m->facts->yaml_failure && seed_is_yaml(word, text->text, text->len))
		return err_set(err, -ENOTSUP, "YAML cannot be read here: %s",
			       m->facts->yaml_failure);
	if (str_eq(word, "meta-data"))
		return seed_meta_check(text, m->spec, &m->ssh_keys, err);
	if (str_eq(word, "network-config"))
		return seed_network_check(text, err);
	return is_user_data(word) ? user_data_check(text, err) : 0;
}

/* The message names the file as the user did. */
static int check_all(const struct making *m, check_fn *check, struct err *err)
{
	for (size_t i = 0; i < m->facts->text_count; i++) {
		struct seed_source source = cloud_init_spec_source(m->spec, i);
		bool is_option = str_starts(source.word, "--");
		int r = check(m, source.word, &m->facts->texts[i], err);

		if (r < 0)
			return err_prefix(err, "%s%s=%s",
					  is_option ? "" : "--cloud-init ",
					  source.word, source.path);
	}
	return 0;
}

/* ---- the files of the seed ---- */

static void add_user_data(struct making *m)
{
	cleanup_free struct seed_text *parts =
		xcalloc(m->facts->text_count + 1, sizeof(*parts));
	size_t count = texts_of(m, "user-data", parts);
	char *content;
	size_t len = user_data_join(parts, count, &content);

	add_file(&m->seed, "user-data", content, len);
}

/* Letters and digits that cannot be taken for one another. */
static char *random_password(const unsigned char *secret)
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < SEED_SECRET_SIZE; i++)
		strbuf_addch(&sb, letters[secret[i] % (sizeof(letters) - 1)]);
	return strbuf_detach(&sb);
}

static char *password_config(const char *password)
{
	cleanup_json json_t *json = json_text(password);
	cleanup_free char *quoted = json_dumps(json, JSON_ENCODE_ANY);

	return xasprintf("#cloud-config\n"
			 "password: %s\n"
			 "chpasswd:\n"
			 "  expire: false\n",
			 quoted);
}

static int choose_password(struct making *m, const char **ret, struct err *err)
{
	*ret = m->spec->password;
	if (m->spec->password_kind != SEED_PASSWORD_RANDOM)
		return 0;
	if (!m->facts->has_secret)
		return err_set(err, -EIO,
			       "--password: this host gives no random numbers; "
			       "choose a password, --password=PASSWORD");
	m->seed.password = random_password(m->facts->secret);
	*ret = m->seed.password;
	return 0;
}

/* Of several parts that say the same the last one counts, so ours comes
 * first. */
static int add_vendor_data(struct making *m, struct err *err)
{
	cleanup_free struct seed_text *parts =
		xcalloc(m->facts->text_count + 1, sizeof(*parts));
	bool has_password = m->spec->password_kind != SEED_PASSWORD_NONE;
	size_t count = texts_of(m, "vendor-data", parts + has_password);
	const char *password;
	char *content;
	int r = choose_password(m, &password, err);

	if (r < 0)
		return r;
	cleanup_free char *config = has_password ? password_config(password)
						 : NULL;
	char name[] = "password";
	if (has_password)
		parts[0] = (struct seed_text){
			.path = name,
			.text = config,
			.len = strlen(config),
		};
	size_t len = user_data_join(parts, count + has_password, &content);
	if (len > 0)
		add_file(&m->seed, "vendor-data", content, len);
	else
		free(content);
	return 0;
}

/* A seed that is read over the network comes too late for that. */
static void add_network(struct making *m, const struct seed_nic *nics,
			size_t nic_count)
{
	const struct seed_text *text = text_of(m, "network-config");
	struct strbuf sb = STRBUF_INIT;

	if (text)
		strbuf_add(&sb, text->text, text->len);
	else if (m->spec->is_network_disabled)
		strbuf_addstr(&sb, "config: disabled\n");
	else if (nic_count > 0 && m->spec->via == SEED_VIA_ISO)
		seed_network_add(&sb, nics, nic_count);
	if (sb.len > 0)
		add_text(&m->seed, "network-config", &sb);
}

/* The guest's name, with '-' for what no host name may have. */
static char *default_hostname(const char *guest_name)
{
	struct strbuf sb = STRBUF_INIT;

	for (const char *c = guest_name ? guest_name : "";
	     *c && sb.len < HOSTNAME_MAX; c++) {
		bool is_plain = (*c >= 'a' && *c <= 'z') ||
				(*c >= 'A' && *c <= 'Z') ||
				(*c >= '0' && *c <= '9');

		if (is_plain || (sb.len > 0 && sb.buf[sb.len - 1] != '-'))
			strbuf_addch(&sb, is_plain ? *c : '-');
	}
	while (sb.len > 0 && sb.buf[sb.len - 1] == '-')
		sb.buf[--sb.len] = '\0';
	if (sb.len == 0)
		strbuf_addstr(&sb, DEFAULT_HOSTNAME);
	return strbuf_detach(&sb);
}

/* All that cloud-init acts on once for each instance: when that changes, it is
 * another one. */
static char *default_instance_id(const struct making *m,
				 const struct seed_text *meta_data,
				 const char *hostname)
{
	struct hash hash = HASH_INIT;

	for (size_t i = 0; i < m->seed.count; i++) {
		const struct seed_file *file = &m->seed.files[i];

		hash_str(&hash, file->name);
		hash_u32(&hash, (uint32_t)file->len);
		hash_bytes(&hash, file->content, file->len);
	}
	if (meta_data)
		hash_bytes(&hash, meta_data->text, meta_data->len);
	hash_str(&hash, hostname);
	for (size_t i = 0; i < m->ssh_keys.count; i++)
		hash_str(&hash, m->ssh_keys.items[i]);
	return xasprintf("iid-%016llx", (unsigned long long)hash_end(&hash));
}

static void add_meta_data(struct making *m)
{
	const struct seed_text *text = text_of(m, "meta-data");
	const char *guest_name = m->run->passthrough.guest_name;
	cleanup_free char *hostname = m->spec->hostname
					      ? xstrdup(m->spec->hostname)
					      : default_hostname(guest_name);
	cleanup_free char *instance_id =
		m->spec->instance_id ? xstrdup(m->spec->instance_id)
				     : default_instance_id(m, text, hostname);
	const struct seed_identity identity = { instance_id, hostname,
						&m->ssh_keys };
	struct strbuf sb = STRBUF_INIT;

	seed_meta_add(&sb, text, &identity);
	add_text(&m->seed, "meta-data", &sb);
}

static int make(struct making *m, const struct seed_nic *nics, size_t nic_count,
		struct err *err)
{
	int r = check_all(m, check_read, err);

	if (r == 0)
		r = seed_keys_collect(m->spec, m->facts, &m->ssh_keys, err);
	if (r == 0)
		r = check_all(m, check_content, err);
	if (r < 0)
		return r;
	add_user_data(m);
	r = add_vendor_data(m, err);
	if (r < 0)
		return r;
	add_network(m, nics, nic_count);
	add_meta_data(m);
	return 0;
}

int seed_make(const struct run_spec *spec, const struct facts *facts,
	      const struct seed_nic *nics, size_t nic_count, struct seed *ret,
	      struct err *err)
{
	struct making m = {
		.run = spec,
		.spec = &spec->cloud_init,
		.facts = &facts->seed,
	};
	int r = make(&m, nics, nic_count, err);

	strv_done(&m.ssh_keys);
	if (r < 0) {
		seed_done(&m.seed);
		return r;
	}
	*ret = m.seed;
	return 0;
}
