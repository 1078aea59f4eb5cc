/* cmd/sdexd/options.c - reading sdexd's command line. */
#include "cmd/sdexd/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sdex/asset.h"
#include "sdex/strkey.h"
#include "sdex/transaction.h"

#define PAIRS_MAX 1000u
#define ACCOUNTS_MAX 100u
#define BUSIEST_MAX 1000u

static const char help[] =
	"sdexd: a connector to Stellar's decentralised exchange.\n"
	"\n"
	"usage: sdexd --rpc URL --horizon URL --network-passphrase TEXT --data FOLDER\n"
	"             --account KEY=G... --keystore FILE --pair NAME=BASE/COUNTER...\n"
	"       sdexd --replay FILE...\n"
	"\n"
	"Follows the network's ledgers, keeps the books of its pairs order by order, and\n"
	"takes orders over REST (`sdex order buy --help`).  Each order is on disk before\n"
	"anything leaves, and what became of it is proven by the ledger.\n"
	"\n"
	"options:\n"
	"      --rpc URL                 Stellar RPC: ledgers, submission\n"
	"      --horizon URL             Horizon: where the books start from\n"
	"      --network-passphrase TEXT what the network calls itself; RPC must agree (with\n"
	"                                --replay: the public network)\n"
	"      --account [KEY=]G...      an account to trade with, and the name of its key in\n"
	"                                the keystore (its address); many\n"
	"      --keystore FILE           its key (`sdex-signer init`); the signer alone reads it\n"
	"      --passphrase-file FILE    the keystore's passphrase, mode 0600\n"
	"      --signer PROGRAM          (sdex-signer, beside this program)\n"
	"      --pair NAME=BASE/COUNTER  a pair to keep, as XLM-USDC=native/USDC:G...; many\n"
	"      --data FOLDER             the journal; one sdexd at a time\n"
	"      --listen ADDRESS:PORT     the API, loopback only (127.0.0.1:8080; port 0: any)\n"
	"      --max-fee STROOPS         an operation's fee at most (10000)\n"
	"      --replay FILE...          follow recorded ledgers (LedgerCloseMeta, plain or\n"
	"                                gzip) as if they were closing now; no orders\n"
	"      --busiest N               with --replay: keep the N busiest pairs (20)\n"
	"      --close-ms N              with --replay: a ledger every so often (5000)\n"
	"  -h, --help\n"
	"      --version\n"
	"\n"
	"Ends with 0 after SIGINT or SIGTERM, 1 when something stops it, 2 for wrong usage.\n";

struct reading {
	struct options *options;
	struct sdex_arena *arena;
	struct engine_pair pairs[PAIRS_MAX];
	uint32_t pair_count;
	struct engine_account accounts[ACCOUNTS_MAX];
	uint32_t account_count;
};

static bool wrong(const char *format, const char *text)
{
	fprintf(stderr, "sdexd: ");
	fprintf(stderr, format, text); /* NOLINT: formats of this file */
	fprintf(stderr, "\nsee: sdexd --help\n");
	return false;
}

static bool number(uint32_t *value, const char *name, const char *text, unsigned long most)
{
	char *end;
	errno = 0;
	unsigned long n = strtoul(text, &end, 10);
	if (errno || *end || end == text || *text == '-' || n < 1 || n > most) {
		fprintf(stderr, "sdexd: --%s wants a whole number from 1 to %lu, not \"%s\"\n",
			name, most, text);
		return false;
	}
	*value = (uint32_t)n;
	return true;
}

/* A copy of `size` characters, ended by NUL. */
static const char *keep(struct reading *r, const char *text, size_t size)
{
	char *copy = sdex_arena_alloc(r->arena, size + 1);
	if (copy) {
		memcpy(copy, text, size);
		copy[size] = '\0';
	}
	return copy;
}

static bool asset(struct reading *r, sdex_Asset *out, const char *text, size_t size)
{
	struct sdex_failure why;
	if (!sdex_asset_parse(out, r->arena, text, size, true, &why))
		return true;
	fprintf(stderr, "sdexd: --pair: \"%.*s\": %s\n", (int)size, text, why.text);
	return false;
}

/* NAME=BASE/COUNTER */
static bool pair(struct reading *r, const char *text)
{
	const char *equals = strchr(text, '='), *slash = equals ? strchr(equals, '/') : NULL;
	struct engine_pair *p = &r->pairs[r->pair_count];
	if (!slash || equals == text)
		return wrong("--pair wants NAME=BASE/COUNTER, as XLM-USDC=native/USDC:G..., not "
			     "\"%s\"",
			     text);
	if (r->pair_count == PAIRS_MAX)
		return wrong("--pair may stand 1000 times, \"%s\" is one too many", text);
	if (!asset(r, &p->base, equals + 1, (size_t)(slash - equals - 1)) ||
	    !asset(r, &p->counter, slash + 1, strlen(slash + 1)))
		return false;
	p->name = keep(r, text, (size_t)(equals - text));
	r->pair_count++;
	return p->name != NULL;
}

/* [NAME=]G... */
static bool account(struct reading *r, const char *text)
{
	const char *equals = strchr(text, '=');
	const char *address = equals ? equals + 1 : text;
	struct engine_account *a = &r->accounts[r->account_count];
	struct sdex_failure why;
	if (r->account_count == ACCOUNTS_MAX)
		return wrong("--account may stand 100 times, \"%s\" is one too many", text);
	if (sdex_strkey_decode_key(a->key, SDEX_STRKEY_ACCOUNT, address, strlen(address), &why)) {
		fprintf(stderr, "sdexd: --account: \"%s\": %s\n", address, why.text);
		return false;
	}
	a->name = equals ? keep(r, text, (size_t)(equals - text)) : address;
	a->signer_key = a->name;
	r->account_count++;
	return a->name != NULL;
}

/* ADDRESS:PORT, [ADDRESS]:PORT */
static bool listen_at(struct reading *r, const char *text)
{
	const char *colon = strrchr(text, ':');
	const char *from = text, *to = colon;
	char *end;
	unsigned long port;
	if (!colon)
		return wrong("--listen wants ADDRESS:PORT, as 127.0.0.1:8080, not \"%s\"", text);
	port = strtoul(colon + 1, &end, 10);
	if (end == colon + 1 || *end || port > 65535)
		return wrong("--listen wants a port from 0 to 65535 behind the colon, not \"%s\"",
			     text);
	if (*from == '[' && to > from && to[-1] == ']')
		from++, to--;
	r->options->address = keep(r, from, (size_t)(to - from));
	r->options->port = (uint16_t)port;
	return r->options->address != NULL;
}

enum {
	RPC = 256,
	HORIZON,
	PASSPHRASE,
	ACCOUNT,
	KEYSTORE,
	PASSPHRASE_FILE,
	SIGNER,
	PAIR,
	DATA,
	LISTEN,
	MAX_FEE,
	REPLAY,
	BUSIEST,
	CLOSE_MS,
	VERSION,
};

static const struct option rows[] = {
	{"rpc", required_argument, NULL, RPC},
	{"horizon", required_argument, NULL, HORIZON},
	{"network-passphrase", required_argument, NULL, PASSPHRASE},
	{"account", required_argument, NULL, ACCOUNT},
	{"keystore", required_argument, NULL, KEYSTORE},
	{"passphrase-file", required_argument, NULL, PASSPHRASE_FILE},
	{"signer", required_argument, NULL, SIGNER},
	{"pair", required_argument, NULL, PAIR},
	{"data", required_argument, NULL, DATA},
	{"listen", required_argument, NULL, LISTEN},
	{"max-fee", required_argument, NULL, MAX_FEE},
	{"replay", no_argument, NULL, REPLAY},
	{"busiest", required_argument, NULL, BUSIEST},
	{"close-ms", required_argument, NULL, CLOSE_MS},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, VERSION},
	{NULL, 0, NULL, 0},
};

/* One option; false when it is not understood, and that was said. */
static bool take(struct reading *r, int option, const char *value)
{
	struct options *o = r->options;
	switch (option) {
	case RPC:
		o->engine.rpc_url = value;
		return true;
	case HORIZON:
		o->engine.horizon_url = value;
		return true;
	case PASSPHRASE:
		o->engine.passphrase = value;
		return true;
	case ACCOUNT:
		return account(r, value);
	case KEYSTORE:
		o->keystore = value;
		return true;
	case PASSPHRASE_FILE:
		o->passphrase_file = value;
		return true;
	case SIGNER:
		o->signer = value;
		return true;
	case PAIR:
		return pair(r, value);
	case DATA:
		o->data = value;
		return true;
	case LISTEN:
		return listen_at(r, value);
	case MAX_FEE:
		return number(&o->engine.max_fee, "max-fee", value, 1000000000);
	case REPLAY:
		o->replaying = true;
		return true;
	case BUSIEST:
		return number(&o->engine.busiest, "busiest", value, BUSIEST_MAX);
	case CLOSE_MS:
		return number(&o->close_ms, "close-ms", value, 3600000);
	default: /* getopt has said it */
		fprintf(stderr, "see: sdexd --help\n");
		return false;
	}
}

/* Is all there that the way to run needs, and nothing that it does not take? */
static bool complete(const struct options *o, uint32_t operands)
{
	if (o->replaying) {
		if (o->engine.rpc_url || o->engine.horizon_url || o->keystore)
			return wrong("--replay follows files, so %s have no place beside it",
				     "--rpc, --horizon and --keystore");
		return operands > 0 || wrong("--replay wants files%s", "");
	}
	const struct {
		const char *name;
		bool there;
	} needed[] = {
		{"--rpc", o->engine.rpc_url},
		{"--horizon", o->engine.horizon_url},
		{"--network-passphrase", o->engine.passphrase},
		{"--data", o->data},
		{"--account", o->engine.account_count},
		{"--keystore", o->keystore},
		{"--pair", o->engine.pair_count},
	};
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (!needed[i].there)
			return wrong("%s is missing", needed[i].name);
	return operands == 0 || wrong("files are for --replay; there is %s", "none of it");
}

enum options_outcome options_read(struct options *options, struct sdex_arena *arena, int argc,
				  char **argv)
{
	int option;
	struct reading *r = sdex_arena_alloc(arena, sizeof *r);
	if (!r) {
		wrong("%s", "memory is out");
		return OPTIONS_WRONG;
	}
	memset(r, 0, sizeof *r);
	r->options = options;
	r->arena = arena;
	*options = (struct options){.address = "127.0.0.1", .port = 8080, .close_ms = 5000};
	options->engine.version = SDEX_VERSION;
	while ((option = getopt_long(argc, argv, "h", rows, NULL)) != -1) {
		if (option == 'h' || option == VERSION) {
			fputs(option == 'h' ? help : "sdexd " SDEX_VERSION "\n", stdout);
			return OPTIONS_DONE;
		}
		if (!take(r, option, optarg))
			return OPTIONS_WRONG;
	}
	options->engine.pairs = r->pairs;
	options->engine.pair_count = r->pair_count;
	options->engine.accounts = r->accounts;
	options->engine.account_count = r->account_count;
	options->replay = (const char *const *)argv + optind;
	options->replay_count = (uint32_t)(argc - optind);
	if (options->replaying && !options->engine.busiest)
		options->engine.busiest = 20;
	if (options->replaying && !options->engine.passphrase)
		options->engine.passphrase = SDEX_PASSPHRASE_PUBLIC;
	return complete(options, options->replay_count) ? OPTIONS_RUN : OPTIONS_WRONG;
}
