/* cmd/sdex-sandbox/main.c - a Stellar network in one process: Horizon's interface on one
 * port, RPC's on another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/serve.h"

enum { STATUS_REFUSED = 1, STATUS_USAGE = 2 };

static const char help[] =
	"sdex-sandbox: a Stellar network in one process, behind the interfaces of Horizon and RPC\n"
	"\n"
	"usage: sdex-sandbox [OPTION...]\n"
	"\n"
	"options:\n"
	"      --horizon-port N   where Horizon's interface is (8000; 0: any free port)\n"
	"      --rpc-port N       where RPC's interface is (8001; 0: any free port)\n"
	"      --address IP       where both listen (127.0.0.1)\n"
	"      --close-ms N       time between ledgers, 10 to 3600000 (5000); under 1000 the\n"
	"                         ledgers of a second share its time\n"
	"      --seed N           of the traders: the same seed trades the same (1)\n"
	"      --start SECONDS    ledgers' times begin there (since 1970) and do not follow the "
	"clock;\n"
	"                         with the same seed they are the same ledgers\n"
	"      --passphrase TEXT  of the network (" SANDBOX_PASSPHRASE ")\n"
	"      --operations N     operations that fit into a ledger (1000)\n"
	"      --dex-operations N of them, in transactions that trade: these have a lane and a\n"
	"                         base fee of their own (as many as there are)\n"
	"      --ledgers N        how many ledgers are remembered (17280)\n"
	"      --events           meta has events of classic operations and fees (CAP-67)\n"
	"      --no-traders       a world in which nobody acts\n"
	"      --empty            no world: friendbot is all there is\n"
	"  -h, --help             this text\n"
	"      --version          the version\n"
	"\n"
	"Prints a line for each interface once it is there.  Accounts and assets of the world "
	"have\n"
	"the same keys everywhere and are worth nothing anywhere.\n"
	"\n"
	"exit status: 0 ended by a signal; 1 it cannot start, or had to stop; 2 wrong usage\n";

static int misuse(const char *format, const char *a, const char *b)
{
	fprintf(stderr, "sdex-sandbox: ");
	fprintf(stderr, format, a, b);
	fprintf(stderr, "; `sdex-sandbox --help` tells what there is\n");
	return STATUS_USAGE;
}

struct option {
	const char *name;
	enum { FLAG, NUMBER, TEXT_VALUE } kind;
	uint64_t least, most;
	void *to; /* bool, uint64_t, const char * */
};

static bool read_number(uint64_t *to, const char *text, uint64_t least, uint64_t most)
{
	uint64_t value = 0;
	if (!*text)
		return false;
	for (const char *c = text; *c; c++)
		if (*c < '0' || *c > '9' || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*c - '0'), &value))
			return false;
	if (value < least || value > most)
		return false;
	*to = value;
	return true;
}

static int set(const struct option *o, const char *value)
{
	char expected[96];
	switch (o->kind) {
	case FLAG:
		*(bool *)o->to = true;
		return 0;
	case NUMBER:
		if (read_number(o->to, value, o->least, o->most))
			return 0;
		snprintf(expected, sizeof(expected), "a number from %llu to %llu",
			 (unsigned long long)o->least, (unsigned long long)o->most);
		fprintf(stderr, "sdex-sandbox: --%s takes %s, not \"%.80s\"\n", o->name, expected,
			value);
		return STATUS_USAGE;
	case TEXT_VALUE:
		*(const char **)o->to = value;
		return 0;
	}
	return STATUS_USAGE;
}

static int read_options(const struct option *options, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		if (strncmp(word, "--", 2) != 0)
			return misuse("\"%.80s\" is no option%s", word, "");
		word += 2;
		size_t length = strcspn(word, "=");
		const struct option *o = options;
		while (o->name &&
		       (strlen(o->name) != length || strncmp(o->name, word, length) != 0))
			o++;
		if (!o->name)
			return misuse("\"%.80s\" is no option%s", argv[i], "");
		const char *value = word[length] ? word + length + 1 : NULL;
		if (o->kind == FLAG && value)
			return misuse("--%s takes no value%s", o->name, "");
		if (o->kind != FLAG && !value && !(value = argv[++i]))
			return misuse("--%s needs a value%s", o->name, "");
		int status = set(o, value);
		if (status)
			return status;
	}
	return 0;
}

static void on_signal(void *arg, int signal)
{
	(void)signal;
	loop_stop(arg);
}

static int run(const struct serve_options *options)
{
	struct sdex_failure why = {0};
	struct loop *loop = loop_new();
	if (!loop) {
		fprintf(stderr, "sdex-sandbox: memory or descriptors are out\n");
		return STATUS_REFUSED;
	}
	int status = STATUS_REFUSED;
	struct serve *serve = serve_new(loop, options, &why);
	if (!serve || !loop_signals(loop, on_signal, loop)) {
		fprintf(stderr, "sdex-sandbox: %s\n",
			why.text[0] ? why.text : "signals cannot be caught");
	} else {
		const char *address = options->address ? options->address : "127.0.0.1";
		printf("horizon http://%s:%u\n", address, serve_horizon_port(serve));
		printf("rpc     http://%s:%u\n", address, serve_rpc_port(serve));
		fflush(stdout);
		loop_run(loop);
		status = serve_trouble(serve) ? STATUS_REFUSED : 0;
		if (status)
			fprintf(stderr, "sdex-sandbox: %s\n", serve_trouble(serve));
	}
	serve_free(serve);
	loop_free(loop);
	return status;
}

int main(int argc, char **argv)
{
	struct serve_options options = {0};
	uint64_t horizon_port = 8000, rpc_port = 8001, close_ms = 5000, seed = 1, ledgers = 0;
	uint64_t operations = 0, dex_operations = 0;
	bool wants_help = false, wants_version = false;
	const struct option table[] = {
		{"horizon-port", NUMBER, 0, 65535, &horizon_port},
		{"rpc-port", NUMBER, 0, 65535, &rpc_port},
		{"address", TEXT_VALUE, 0, 0, &options.address},
		{"close-ms", NUMBER, 10, 3600000, &close_ms},
		{"seed", NUMBER, 0, UINT64_MAX, &seed},
		{"start", NUMBER, 100000, 4000000000, &options.start_s},
		{"passphrase", TEXT_VALUE, 0, 0, &options.sandbox.passphrase},
		{"operations", NUMBER, 1, 1000000, &operations},
		{"dex-operations", NUMBER, 1, 1000000, &dex_operations},
		{"ledgers", NUMBER, 1, 10000000, &ledgers},
		{"events", FLAG, 0, 0, &options.sandbox.events},
		{"no-traders", FLAG, 0, 0, &options.sandbox.quiet},
		{"empty", FLAG, 0, 0, &options.sandbox.empty},
		{"help", FLAG, 0, 0, &wants_help},
		{"version", FLAG, 0, 0, &wants_version},
		{NULL, FLAG, 0, 0, NULL},
	};
	if (argc == 2 && strcmp(argv[1], "-h") == 0) {
		fputs(help, stdout);
		return 0;
	}
	int status = read_options(table, argc, argv);
	if (status)
		return status;
	if (wants_help || wants_version) {
		fputs(wants_help ? help : "sdex-sandbox " SDEX_VERSION "\n", stdout);
		return 0;
	}
	options.horizon_port = (uint16_t)horizon_port;
	options.rpc_port = (uint16_t)rpc_port;
	options.close_ms = (uint32_t)close_ms;
	options.sandbox.seed = seed;
	options.sandbox.capacity = (uint32_t)operations;
	options.sandbox.dex_capacity = (uint32_t)dex_operations;
	options.sandbox.ledgers = (uint32_t)ledgers;
	options.sandbox.close_s = close_ms < 1000 ? 1 : (uint32_t)(close_ms / 1000);
	return run(&options);
}
