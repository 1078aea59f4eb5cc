/* cmd/sdex-signer/serve.c - sdex-signer serve */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/failure.h"
#include "cmd/sdex-signer/signer.h"
#include "policy/rate.h"
#include "sdex/asset.h"
#include "sdex/strkey.h"
#include "sign/confine.h"
#include "sign/server.h"

#define SOCKET 3         /* the connector's */
#define ASSETS_MAX 2048u /* two for each pair that sdexd takes */
#define SOURCES_MAX 1024u
#define POLICY_LINE_MAX 4096u /* of a policy that is told on stderr, too */

static const char help[] =
	"sdex-signer serve: sign for the connector that has started it\n\n"
	"usage: sdex-signer serve --network-passphrase TEXT --keystore FILE... --audit FILE\n"
	"                         [OPTION...]\n\n"
	"Answers requests on descriptor 3, a socket, until its other end closes.  sdexd starts\n"
	"it so; there is no other way to talk to it.\n\n"
	"options:\n"
	"  --network-passphrase T  the one network whose transactions are signed\n"
	"  --keystore FILE         a key; many times for many keys of one passphrase\n"
	"  --audit FILE            the log; made when it is not there\n"
	"  --asset ASSET           native or CODE:ISSUER, many times: these alone are traded\n"
	"                          and trusted; without it any may be traded, none be newly\n"
	"                          trusted\n"
	"  --source NAME=G...      an account for which the key NAME signs besides its own\n"
	"  --max-fee STROOPS       for each operation, at most (100000)\n"
	"  --max-time SECONDS      how far ahead maxTime may be, at most (600)\n"
	"  --rate N                requests a second, at most (50)\n"
	"  --strict                end unless all that guards the process is on\n"
	"  --passphrase-file FILE  the passphrase in a file that only you can read\n"
	"  --passphrase-fd N       the passphrase on an open descriptor\n\n" PASSPHRASE_HELP;

struct serve {
	const char *network, *audit;
	const char *keystores[DESK_KEYS_MAX];
	uint32_t keystore_count;
	sdex_Asset assets[ASSETS_MAX];
	uint32_t asset_count;
	const char *sources[SOURCES_MAX];
	uint32_t source_count;
	struct passphrase passphrase;
	uint64_t fee, time_ahead_s, rate;
	bool strict;
	struct sdex_arena *arena;

	struct confined confined;
	struct sdex_secret *secrets[DESK_KEYS_MAX];
	struct desk_key keys[DESK_KEYS_MAX];
	struct desk *desk;
};

/* ---- options ---- */

static bool add_asset(struct serve *s, const char *text)
{
	struct sdex_failure why;
	if (s->asset_count == ASSETS_MAX) {
		say_usage("more than %u assets", ASSETS_MAX);
		return false;
	}
	if (sdex_asset_parse(&s->assets[s->asset_count], s->arena, text, strlen(text), true,
			     &why)) {
		say_usage("--asset %s: %s", text, why.text);
		return false;
	}
	s->asset_count++;
	return true;
}

static bool add_word(const char **words, uint32_t *count, uint32_t most, const char *name,
		     const char *word)
{
	if (*count < most) {
		words[(*count)++] = word;
		return true;
	}
	say_usage("--%s stands there more than %u times", name, most);
	return false;
}

enum {
	OPTION_NETWORK = 256,
	OPTION_KEYSTORE,
	OPTION_AUDIT,
	OPTION_ASSET,
	OPTION_SOURCE,
	OPTION_FEE,
	OPTION_TIME,
	OPTION_RATE,
	OPTION_STRICT,
};

static const struct option option_table[] = {
	{"network-passphrase", required_argument, NULL, OPTION_NETWORK},
	{"keystore", required_argument, NULL, OPTION_KEYSTORE},
	{"audit", required_argument, NULL, OPTION_AUDIT},
	{"asset", required_argument, NULL, OPTION_ASSET},
	{"source", required_argument, NULL, OPTION_SOURCE},
	{"max-fee", required_argument, NULL, OPTION_FEE},
	{"max-time", required_argument, NULL, OPTION_TIME},
	{"rate", required_argument, NULL, OPTION_RATE},
	{"strict", no_argument, NULL, OPTION_STRICT},
	{"help", no_argument, NULL, 'h'},
	PASSPHRASE_OPTIONS,
	{0},
};

static bool take_option(struct serve *s, int option, const char *value)
{
	switch (option) {
	case OPTION_NETWORK:
		s->network = value;
		return true;
	case OPTION_KEYSTORE:
		return add_word(s->keystores, &s->keystore_count, DESK_KEYS_MAX, "keystore", value);
	case OPTION_AUDIT:
		s->audit = value;
		return true;
	case OPTION_ASSET:
		return add_asset(s, value);
	case OPTION_SOURCE:
		return add_word(s->sources, &s->source_count, SOURCES_MAX, "source", value);
	case OPTION_FEE:
		return read_number("max-fee", value, &s->fee, 100, POLICY_FEE_MOST);
	case OPTION_TIME:
		return read_number("max-time", value, &s->time_ahead_s, 1,
				   POLICY_TIME_AHEAD_MOST_S);
	case OPTION_RATE:
		return read_number("rate", value, &s->rate, 1, RATE_PER_SECOND_MOST);
	case OPTION_STRICT:
		s->strict = true;
		return true;
	}
	return option != '?' && passphrase_option(&s->passphrase, option, value);
}

static bool read_options(struct serve *s, int argc, char **argv, enum status *status)
{
	int option;
	*status = STATUS_USAGE;
	while ((option = getopt_long(argc, argv, "h", option_table, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			*status = STATUS_OK;
			return false;
		}
		if (!take_option(s, option, optarg))
			return false;
	}
	if (optind < argc)
		say_usage("serve takes options only, and nothing like \"%s\"", argv[optind]);
	else if (s->passphrase.fd == SOCKET)
		say_usage("descriptor %u is the connector's socket, not a passphrase's", SOCKET);
	else if (!s->network || !*s->network || !s->keystore_count || !s->audit)
		say_usage("--%s is missing", !s->network || !*s->network ? "network-passphrase"
					     : !s->keystore_count        ? "keystore"
									 : "audit");
	else
		return true;
	return false;
}

/* ---- keys ---- */

/* What a guess of the passphrase costs is for its owner to choose, and to know of. */
static void weigh_derivation(const struct serve *s, const struct keystore *keystore)
{
	if (strcmp(s->network, SDEX_PASSPHRASE_PUBLIC) == 0 &&
	    (uint64_t)keystore->memory * keystore->passes <
		    (uint64_t)KEYSTORE_MEMORY * KEYSTORE_PASSES)
		say_note("the keystore of %s makes a guess of its passphrase cheap (%u passes over "
			 "%zu MiB): for the public network make it anew with init --seed and "
			 "--kdf-memory %zuM",
			 keystore->name, keystore->passes, keystore->memory >> 20,
			 KEYSTORE_MEMORY >> 20);
}

static enum sdex_error load_keys(struct serve *s, struct sdex_failure *why)
{
	struct secret_text passphrase;
	struct keystore keystore;
	enum sdex_error error = SDEX_OK;
	if (!passphrase_read(&passphrase, &s->passphrase, why))
		return SDEX_ERR_MISSING;
	if (s->passphrase.from_environment && strcmp(s->network, SDEX_PASSPHRASE_PUBLIC) == 0)
		error = fail(why, SDEX_ERR_INVALID, 0,
			     "a passphrase in the environment is not for the public network: use "
			     "--passphrase-file or a credential");
	s->confined.locked = secret_is_locked(passphrase.text, SECRET_ROOM);
	for (uint32_t i = 0; i < s->keystore_count && !error; i++) {
		error = keystore_load(&keystore, s->keystores[i], why);
		if (error)
			break;
		s->secrets[i] = secret_new();
		if (!s->secrets[i]) {
			error = fail(why, SDEX_ERR_NOMEM, 0, "memory that can be locked is out");
			break;
		}
		error = keystore_open(&keystore, s->secrets[i], passphrase.text, passphrase.size,
				      why);
		if (!error)
			weigh_derivation(s, &keystore);
		memcpy(s->keys[i].name, keystore.name, sizeof keystore.name);
		s->keys[i].secret = s->secrets[i];
		s->confined.locked &= secret_is_locked(s->secrets[i], sizeof *s->secrets[i]);
	}
	secret_free(&passphrase);
	if (s->passphrase.fd > SOCKET)
		close(s->passphrase.fd);
	return error;
}

/* "NAME=G..." for this key? */
static bool is_for(const char *source, const char *name)
{
	size_t size = strlen(name);
	return strncmp(source, name, size) == 0 && source[size] == '=';
}

static enum sdex_error make_policy(struct serve *s, uint32_t i, struct sdex_failure *why)
{
	struct policy *policy = &s->keys[i].policy;
	sdex_AccountID *sources =
		sdex_arena_alloc(s->arena, (s->source_count + 1) * sizeof *sources);
	if (!sources)
		return fail(why, SDEX_ERR_NOMEM, 0, "memory for the policy is out");
	*policy = (struct policy){.sources = sources,
				  .source_count = 1,
				  .assets = s->assets,
				  .asset_count = s->asset_count,
				  .fee = (uint32_t)s->fee,
				  .time_ahead_s = (uint32_t)s->time_ahead_s};
	memset(sources, 0, (s->source_count + 1) * sizeof *sources);
	memcpy(sources[0].ed25519.bytes, s->secrets[i]->public_key, 32);
	for (uint32_t j = 0; j < s->source_count; j++) {
		if (!is_for(s->sources[j], s->keys[i].name))
			continue;
		const char *address = s->sources[j] + strlen(s->keys[i].name) + 1;
		struct sdex_failure inner;
		sdex_AccountID *to = &sources[policy->source_count++];
		if (sdex_strkey_decode_key(to->ed25519.bytes, SDEX_STRKEY_ACCOUNT, address,
					   strlen(address), &inner))
			return fail(why, SDEX_ERR_INVALID, 0, "--source %.80s: %.140s",
				    s->sources[j], inner.text);
	}
	return SDEX_OK;
}

static enum sdex_error make_policies(struct serve *s, struct sdex_failure *why)
{
	enum sdex_error error = SDEX_OK;
	for (uint32_t i = 0; i < s->keystore_count && !error; i++)
		error = make_policy(s, i, why);
	for (uint32_t j = 0; j < s->source_count && !error; j++) {
		bool known = false;
		for (uint32_t i = 0; i < s->keystore_count; i++)
			known = known || is_for(s->sources[j], s->keys[i].name);
		if (!known)
			error = fail(
				why, SDEX_ERR_INVALID, 0,
				"--source %.100s: expected NAME=G... with the name of a key in "
				"one of the keystores",
				s->sources[j]);
	}
	return error;
}

/* ---- serving ---- */

/* Blocks the signals that end us and gives a descriptor that tells of them.  A socket that is
 * gone and a file that may not grow are errors of the write. */
static int hold_signals(void)
{
	sigset_t set;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static enum sdex_error confine(struct serve *s, char text[256], struct sdex_failure *why)
{
	enum sdex_error error = confine_serving(&s->confined, why);
	confine_text(text, 256, &s->confined);
	if (!error && s->strict && !confine_is_whole(&s->confined))
		error = fail(why, SDEX_ERR_UNSUPPORTED, 0,
			     "--strict wants all of it, and there is: %s; memory is locked when "
			     "RLIMIT_MEMLOCK allows it, the rest is the kernel's",
			     text);
	return error;
}

/* Has the connector gone while the keys were opened, which takes its time?  Then there is
 * nothing to be logged either. */
static bool is_alone(void)
{
	struct pollfd socket = {.fd = SOCKET};
	return poll(&socket, 1, 0) == 1 && socket.revents & (POLLHUP | POLLERR);
}

static enum sdex_error serve(struct serve *s, struct sdex_failure *why)
{
	char text[256];
	const struct desk_time now = server_time();
	int signals = hold_signals();
	enum sdex_error error = load_keys(s, why);
	if (!error && is_alone())
		error = fail(why, SDEX_ERR_INVALID, 0,
			     "the connector has gone before the keys were open");
	if (!error)
		error = make_policies(s, why);
	const struct desk_options options = {
		.network_passphrase = s->network,
		.keys = s->keys,
		.key_count = s->keystore_count,
		.per_second = (uint32_t)s->rate,
		.audit = s->audit,
	};
	if (!error)
		error = desk_open(&s->desk, &options, &now, why);
	if (!error)
		error = confine(s, text, why);
	if (error)
		return error;
	if (audit_sum(desk_audit(s->desk))->records == 1)
		say_note("the audit log %s is new: nothing is known of what these keys have signed "
			 "before",
			 s->audit);
	if (!s->asset_count)
		say_note("no --asset is given: any asset may be traded");
	const char *policy = desk_policy(s->desk);
	say_note("serving %u key%s; %s; policy %s", s->keystore_count,
		 s->keystore_count == 1 ? "" : "s", text,
		 strlen(policy) <= POLICY_LINE_MAX ? policy
						   : "as the audit log has it, which is long");
	const struct server_options server = {
		.socket = SOCKET,
		.signals = signals,
		.text = text,
		.keys = s->keys,
		.key_count = s->keystore_count,
	};
	return server_run(s->desk, &server, why);
}

static bool has_socket(void)
{
	struct stat st;
	if (fstat(SOCKET, &st) == 0 && S_ISSOCK(st.st_mode))
		return true;
	say_refused("descriptor 3 is not a socket: sdexd starts this verb, and gives it one");
	return false;
}

static enum status run(struct serve *s)
{
	struct sdex_failure why = {0};
	const int keep[] = {SOCKET, s->passphrase.fd};
	if (!has_socket())
		return STATUS_REFUSED;
	enum sdex_error error = confine_descriptors(keep, s->passphrase.fd > SOCKET ? 2 : 1, &why);
	if (!error)
		error = serve(s, &why);
	desk_close(s->desk, server_time().now_ms);
	if (!error)
		return STATUS_OK;
	server_say_stopped(SOCKET, why.text);
	return say_refused("%s", why.text);
}

enum status verb_serve(int argc, char **argv)
{
	enum status status = STATUS_REFUSED;
	struct serve *s = calloc(1, sizeof *s);
	if (!s || !(s->arena = sdex_arena_new((size_t)1 << 20))) {
		free(s);
		return say_refused("memory is out");
	}
	s->passphrase.fd = -1;
	s->fee = POLICY_FEE_USUAL;
	s->time_ahead_s = POLICY_TIME_AHEAD_S;
	s->rate = RATE_PER_SECOND;
	confine_early(&s->confined);
	if (passphrase_begin(&s->passphrase) && read_options(s, argc, argv, &status))
		status = run(s);
	passphrase_end(&s->passphrase);
	for (uint32_t i = 0; i < DESK_KEYS_MAX; i++)
		secret_wipe(s->secrets[i]);
	sdex_arena_free(s->arena);
	free(s);
	return status;
}
