/* cmd/sdexd/live.c - wires the engine to the loop, libcurl, the journal's thread, the signer
 * process and the API. */
#include "cmd/sdexd/live.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "api/api.h"
#include "base/check.h"
#include "base/failure.h"
#include "cmd/sdexd/clock.h"
#include "cmd/sdexd/exchange.h"
#include "cmd/sdexd/log.h"
#include "cmd/sdexd/projection.h"
#include "cmd/sdexd/replay.h"
#include "cmd/sdexd/timers.h"
#include "sdex/asset.h"
#include "sign/client.h"
#include "store/journal.h"

/* Bytes that may wait for the disk: orders are refused from half of it on, and the other half
 * has room for the largest result that a transaction can have. */
#define JOURNAL_QUEUE (64u << 20)

#define FILES_OWN 64u /* descriptors that are not clients': half of them are usual */
#define FILES_MAX 65536u
#define CLIENTS_MAX 1024u

/* A refusal of the signer's that cannot wait for the signer: told from a task. */
struct unsigned_task {
	struct live *live;
	struct unsigned_task *next;
	uint64_t token;
	struct loop_task task;
	char text[256];
};

struct live {
	const struct options *options;
	struct loop *loop;
	struct engine *engine;
	struct exchanges *exchanges;
	struct timers timers;
	struct journal *journal;
	struct projection *projection;
	struct signer *signer;
	struct api *api;
	struct unsigned_task *unsigned_tasks;
	struct replay replay;
	struct loop_timer *next_ledger;
	struct sdex_failure *why;
	struct clock clock;
	bool failed;
};

/* ---- in: everything that happens, as events ---- */

static int64_t read_clock(clockid_t id)
{
	struct timespec now;
	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t now_ms(struct live *live)
{
	return clock_tell(&live->clock, read_clock(CLOCK_REALTIME), read_clock(CLOCK_BOOTTIME));
}

static void deliver(void *arg, struct event *event)
{
	struct live *live = arg;
	event->now_ms = now_ms(live);
	engine_on(live->engine, event);
}

static void on_timer(void *arg, uint64_t token)
{
	deliver(arg, &(struct event){.kind = EVENT_TIMER, .token = token});
}

static void on_command(void *arg, uint64_t token, const void *json, size_t size)
{
	struct event event = {.kind = EVENT_COMMAND, .token = token, .data = json, .size = size};
	deliver(arg, &event);
}

static void on_record(void *arg, const struct journal_record *record)
{
	struct event event = {.kind = EVENT_RECORD, .data = record->data, .size = record->size};
	deliver(arg, &event);
}

static void on_synced(void *arg, uint64_t token, int status, const char *why)
{
	struct event event = {.kind = EVENT_SYNCED, .token = token, .status = status, .data = why};
	event.size = why ? strlen(why) : 0;
	deliver(arg, &event);
}

static void on_signer_answer(void *arg, const struct signer_answer *answer)
{
	struct event event = {.kind = EVENT_NOT_SIGNED, .token = answer->token};
	char text[512];
	switch (answer->outcome) {
	case SIGNER_SIGNED:
		event.kind = EVENT_SIGNED;
		event.data = answer->envelope;
		event.size = answer->size;
		deliver(arg, &event);
		return;
	case SIGNER_REFUSED:
		event.status = ENV_REFUSED;
		break;
	case SIGNER_GONE:
		event.status = ENV_NO_SIGNER;
		break;
	}
	snprintf(text, sizeof text, "%s%s%s", answer->rule, *answer->rule ? ": " : "",
		 answer->text);
	event.data = text;
	event.size = strlen(text);
	deliver(arg, &event);
}

/* ---- out: what the engine asks for ---- */

static uint64_t env_random(void *world)
{
	uint64_t number;
	(void)world;
	CHECK(getrandom(&number, sizeof number, 0) == sizeof number);
	return number;
}

static void env_http(void *world, uint64_t token, const struct env_request *request)
{
	exchange_start(((struct live *)world)->exchanges, token, request);
}

static void env_append(void *world, const void *record, size_t size)
{
	struct live *live = world;
	if (live->journal)
		journal_append(live->journal, record, size);
}

static bool env_busy(void *world)
{
	const struct live *live = world;
	return live->journal && journal_busy(live->journal);
}

static void env_sync(void *world, uint64_t token)
{
	struct live *live = world;
	CHECK(live->journal); /* a replay decides nothing that has to be kept */
	journal_sync(live->journal, token);
}

static void tell_unsigned(void *arg)
{
	struct unsigned_task *t = arg;
	struct event event = {.kind = EVENT_NOT_SIGNED,
			      .token = t->token,
			      .status = ENV_NO_SIGNER,
			      .data = t->text};
	struct unsigned_task **link = &t->live->unsigned_tasks;
	while (*link != t)
		link = &(*link)->next;
	*link = t->next;
	event.size = strlen(t->text);
	deliver(t->live, &event);
	free(t);
}

static void env_sign(void *world, uint64_t token, const char *key, const void *envelope,
		     size_t size, bool replace)
{
	struct live *live = world;
	enum sdex_error error = signer_sign(live->signer, token, key, envelope, size, replace);
	if (!error)
		return;
	struct unsigned_task *t = calloc(1, sizeof *t);
	CHECK(t);
	*t = (struct unsigned_task){.live = live, .next = live->unsigned_tasks, .token = token};
	t->task = (struct loop_task){.run = tell_unsigned, .arg = t};
	snprintf(t->text, sizeof t->text, "the signer was not asked: %s", sdex_error_text(error));
	live->unsigned_tasks = t;
	loop_defer(live->loop, &t->task);
}

static void env_timer(void *world, uint64_t token, uint32_t delay_ms)
{
	timer_start(&((struct live *)world)->timers, token, delay_ms);
}

static void env_reply(void *world, uint64_t token, unsigned status, const void *json, size_t size)
{
	api_reply(((struct live *)world)->api, token, status, json, size);
}

static void env_publish(void *world, const char *topic, const void *json, size_t size)
{
	struct live *live = world;
	if (live->projection) /* not there while the journal is read */
		projection_put(live->projection, topic, json, size);
}

static void env_log(void *world, enum env_level level, const char *event_id, const char *text)
{
	log_line(now_ms(world), level, event_id, text);
}

static struct env make_env(struct live *live)
{
	return (struct env){
		.world = live,
		.random = env_random,
		.http = env_http,
		.append = env_append,
		.busy = env_busy,
		.sync = env_sync,
		.sign = env_sign,
		.timer = env_timer,
		.reply = env_reply,
		.publish = env_publish,
		.log = env_log,
	};
}

/* ---- questions that the store answers ---- */

static void ask_store(void *arg, uint64_t token, const struct store_question *question)
{
	struct live *live = arg;
	static const char none[] = "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\","
				   "\"status\":503,\"code\":\"no_store\",\"detail\":\"a replay "
				   "keeps no store\"}";
	if (live->projection)
		projection_ask(live->projection, token, question);
	else
		api_reply(live->api, token, 503, none, sizeof none - 1);
}

static void on_store_answer(void *arg, uint64_t token, enum store_outcome outcome, const char *json,
			    size_t size)
{
	struct live *live = arg;
	static const char unknown[] =
		"{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,\"code\":"
		"\"bad_query\",\"field\":\"cursor\",\"detail\":\"expected a cursor that an "
		"earlier answer gave\"}";
	static const char failed[] =
		"{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,"
		"\"code\":\"store_failed\",\"detail\":\"the database did not answer; the log says "
		"why, and orders go on\"}";
	switch (outcome) {
	case STORE_ANSWER:
		api_reply(live->api, token, 200, json, size);
		break;
	case STORE_UNKNOWN:
		api_reply(live->api, token, 400, unknown, sizeof unknown - 1);
		break;
	case STORE_FAILED:
		api_reply(live->api, token, 503, failed, sizeof failed - 1);
		break;
	}
}

/* ---- replayed ledgers ---- */

static void stop_with(struct live *live, const struct sdex_failure *why)
{
	*live->why = *why;
	live->failed = true;
	loop_stop(live->loop);
}

static void on_next_ledger(void *arg)
{
	struct live *live = arg;
	struct event event = {.kind = EVENT_LEDGER};
	struct sdex_failure why;
	const uint8_t *ledger;
	enum sdex_error error = replay_next(&live->replay, &ledger, &event.size, &why);
	if (error == SDEX_ERR_MISSING) {
		env_log(live, ENV_INFO, "replay.end",
			"all recorded ledgers are read; their books are served until Ctrl-C");
		return;
	}
	if (error) {
		stop_with(live, &why);
		return;
	}
	event.data = ledger;
	deliver(live, &event);
	loop_timer_start(live->next_ledger, live->options->close_ms);
}

/* ---- life ---- */

static void on_signal(void *arg, int signal)
{
	struct live *live = arg;
	if (signal == SIGHUP)
		return;
	deliver(live, &(struct event){.kind = EVENT_STOP});
	loop_stop(live->loop);
}

static void on_note(void *arg, const char *text)
{
	env_log(arg, ENV_WARNING, "journal.note", text);
}

static void on_store_note(void *arg, const char *text)
{
	env_log(arg, ENV_WARNING, "store.note", text);
}

static void on_signer_state(void *arg, enum signer_state state, const char *text)
{
	env_log(arg, state == SIGNER_READY ? ENV_INFO : ENV_WARNING,
		state == SIGNER_READY ? "signer.ready" : "signer.down", text);
}

/* A file's path in the data folder, or one behind the program's own folder. */
static bool path_in(char *path, size_t room, const char *folder, const char *name,
		    struct sdex_failure *why)
{
	int n = snprintf(path, room, "%s/%s", folder, name);
	if (n > 0 && (size_t)n < room)
		return true;
	fail(why, SDEX_ERR_LENGTH, 0, "%s/%s: the path is too long", folder, name);
	return false;
}

static bool open_journal(struct live *live)
{
	char folder[4096];
	struct journal_options journal = {
		.folder = folder,
		.queue_size = JOURNAL_QUEUE,
		.on_record = on_record,
		.on_synced = on_synced,
		.on_note = on_note,
		.arg = live,
	};
	if (mkdir(live->options->data, 0700) && errno != EEXIST) {
		fail(live->why, SDEX_ERR_UNSUPPORTED, 0, "--data %s: cannot be made: %s",
		     live->options->data, strerror(errno));
		return false;
	}
	if (!path_in(folder, sizeof folder, live->options->data, "journal", live->why))
		return false;
	live->journal = journal_open(live->loop, &journal, live->why);
	return live->journal != NULL;
}

/* The signer's program: as said, or beside this one, as it is installed or built. */
static bool find_signer(char *path, size_t room, struct live *live)
{
	static const char *const beside[] = {"sdex-signer", "../sdex-signer/sdex-signer"};
	char folder[3072];
	ssize_t n = readlink("/proc/self/exe", folder, sizeof folder - 1);
	if (live->options->signer)
		return path_in(path, room, *live->options->signer == '/' ? "" : ".",
			       live->options->signer, live->why);
	folder[n > 0 ? n : 0] = '\0';
	if (strrchr(folder, '/'))
		*strrchr(folder, '/') = '\0';
	for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
		if (!path_in(path, room, folder, beside[i], live->why))
			return false;
		else if (access(path, X_OK) == 0)
			return true;
	fail(live->why, SDEX_ERR_MISSING, 0,
	     "there is no sdex-signer beside sdexd in %s; say --signer PROGRAM", folder);
	return false;
}

/* The assets of all pairs, each once, as options of the signer's: it signs for no others.
 * NULL when memory is out. */
static const char **policy_of(const struct engine_config *config, struct sdex_arena *arena)
{
	size_t room = (size_t)config->pair_count * 4 + 1, count = 0;
	const char **words = sdex_arena_alloc(arena, room * sizeof *words);
	for (uint32_t i = 0; words && i < 2 * config->pair_count; i++) {
		const struct engine_pair *pair = &config->pairs[i / 2];
		char *text = sdex_arena_alloc(arena, SDEX_ASSET_ROOM);
		bool known = false;
		if (!text || sdex_asset_print(text, SDEX_ASSET_ROOM, NULL,
					      i % 2 ? &pair->counter : &pair->base))
			return NULL;
		for (size_t w = 1; w < count; w += 2)
			known |= strcmp(words[w], text) == 0;
		if (known)
			continue;
		words[count++] = "--asset";
		words[count++] = text;
	}
	if (words)
		words[count] = NULL;
	return words;
}

static bool start_signer(struct live *live)
{
	char audit[4096], program[4096];
	struct sdex_arena *arena = sdex_arena_new(0);
	const char **policy = arena ? policy_of(&live->options->engine, arena) : NULL;
	struct signer_options signer = {
		.program = program,
		.network_passphrase = live->options->engine.passphrase,
		.keystores = &live->options->keystore,
		.keystore_count = 1,
		.audit = audit,
		.passphrase_file = live->options->passphrase_file,
		.policy = policy,
		.answer = on_signer_answer,
		.state = on_signer_state,
		.arg = live,
	};
	if (!policy)
		fail(live->why, SDEX_ERR_NOMEM, 0, "memory is out");
	else if (find_signer(program, sizeof program, live) &&
		 path_in(audit, sizeof audit, live->options->data, "audit", live->why))
		live->signer = signer_start(live->loop, &signer, live->why);
	sdex_arena_free(arena); /* the signer's client has copied what it wants */
	return live->signer != NULL;
}

static bool open_store(struct live *live)
{
	char place[4096];
	struct projection_options options = {
		.place = place,
		.engine = live->engine,
		.on_answer = on_store_answer,
		.on_note = on_store_note,
		.arg = live,
	};
	if (!path_in(place, sizeof place, live->options->data, "store.sqlite", live->why))
		return false;
	live->projection = projection_new(live->loop, &options, live->why);
	return live->projection != NULL;
}

/* Takes all descriptors that the system lets us have.  How many of them clients may hold, so
 * that always some are left for journal, servers and signer; 0, with `why`: too few. */
static unsigned spare_files(struct sdex_failure *why)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit))
		limit.rlim_cur = limit.rlim_max = 1024;
	rlim_t most = limit.rlim_max < FILES_MAX ? limit.rlim_max : FILES_MAX;
	struct rlimit wanted = {.rlim_cur = most, .rlim_max = limit.rlim_max};
	if (limit.rlim_cur < most && setrlimit(RLIMIT_NOFILE, &wanted) == 0)
		limit.rlim_cur = most;
	if (limit.rlim_cur < 2 * FILES_OWN) {
		fail(why, SDEX_ERR_UNSUPPORTED, 0,
		     "the system lets this process open %llu files, it takes %u: raise the limit "
		     "(ulimit -n)",
		     (unsigned long long)limit.rlim_cur, 2 * FILES_OWN);
		return 0;
	}
	return limit.rlim_cur - FILES_OWN < CLIENTS_MAX ? (unsigned)limit.rlim_cur - FILES_OWN
							: CLIENTS_MAX;
}

static bool start(struct live *live)
{
	struct env env = make_env(live);
	unsigned connections = spare_files(live->why);
	struct api_options api = {
		.address = live->options->address,
		.port = live->options->port,
		.connections = connections,
		.command = on_command,
		.ask = ask_store,
		.arg = live,
	};
	char text[160];
	if (!connections)
		return false;
	live->engine = engine_new(&env, &live->options->engine, live->why);
	if (!live->engine)
		return false;
	live->exchanges = exchanges_new(live->loop, deliver, live, live->why);
	if (!live->exchanges)
		return false;
	if (!live->options->replaying &&
	    (!open_journal(live) || !open_store(live) || !start_signer(live)))
		return false;
	api.engine = live->engine;
	live->api = api_new(live->loop, &api, live->why);
	if (!live->api)
		return false;
	snprintf(text, sizeof text, "the API is at http://%s:%u", live->options->address,
		 api_port(live->api));
	env_log(live, ENV_INFO, "api.listening", text);
	deliver(live, &(struct event){.kind = EVENT_START});
	if (live->options->replaying)
		loop_timer_start(live->next_ledger, 0);
	return true;
}

static void end(struct live *live)
{
	signer_stop(live->signer);
	api_free(live->api);
	exchanges_free(live->exchanges);
	journal_close(live->journal);
	projection_free(live->projection);
	timers_free(&live->timers);
	loop_timer_free(live->next_ledger);
	while (live->unsigned_tasks) {
		struct unsigned_task *t = live->unsigned_tasks;
		live->unsigned_tasks = t->next;
		loop_undefer(live->loop, &t->task);
		free(t);
	}
	engine_free(live->engine);
	replay_free(&live->replay);
	loop_free(live->loop);
}

int live_run(const struct options *options, struct sdex_failure *why)
{
	struct live live = {
		.options = options,
		.why = why,
		.replay = {.files = options->replay, .count = options->replay_count},
	};
	live.loop = loop_new();
	if (!live.loop) {
		fail(why, SDEX_ERR_NOMEM, 0, "memory or descriptors are out");
		return 1;
	}
	live.timers = (struct timers){.loop = live.loop, .ran_out = on_timer, .arg = &live};
	live.next_ledger = loop_timer_new(live.loop, on_next_ledger, &live);
	if (!live.next_ledger || !loop_signals(live.loop, on_signal, &live)) {
		fail(why, SDEX_ERR_UNSUPPORTED, 0, "signals cannot be taken, or memory is out");
		live.failed = true;
	} else if (!start(&live)) {
		live.failed = true;
	} else {
		loop_run(live.loop);
	}
	end(&live);
	return live.failed ? 1 : 0;
}
