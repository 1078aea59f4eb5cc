/* engine/config.c - the configuration, copied and checked. */
#include "engine/inside.h"

#include <string.h>

#include "base/failure.h"

#define PAIRS_MAX 1024u
#define ACCOUNTS_MAX 1024u
#define NAME_MAX_SIZE 64u

static const char *copy_text(struct engine *e, const char *text)
{
	return text ? sdex_arena_copy(e->memory, text, strlen(text) + 1) : NULL;
}

static bool copy_asset(struct engine *e, sdex_Asset *to, char text[SDEX_ASSET_ROOM],
		       const sdex_Asset *from)
{
	size_t length;
	struct sdex_failure why;
	return !sdex_asset_print(text, SDEX_ASSET_ROOM, &length, from) &&
	       !sdex_asset_parse(to, e->memory, text, length, false, &why);
}

static bool name_good(const char *name)
{
	size_t length = name ? strnlen(name, NAME_MAX_SIZE + 1) : 0;
	for (size_t i = 0; i < length; i++)
		if (name[i] <= ' ' || name[i] > '~' || name[i] == '"' || name[i] == '\\')
			return false;
	return length > 0 && length <= NAME_MAX_SIZE;
}

/* The pair at the end of the list is whole: its book is kept from now on. */
static bool watch(struct engine *e, struct pair *pair, struct sdex_failure *why)
{
	if (books_watch(e->books, &pair->book, &pair->base, &pair->counter, why))
		return false;
	const struct book_pair *book = books_pair(e->books, pair->book);
	pair->turned = sdex_asset_compare(&book->base, &pair->base) != 0;
	e->pair_count++;
	return true;
}

bool config_pair(struct engine *e, const char *name, const char *base, const char *counter)
{
	struct sdex_failure why;
	for (uint32_t i = 0; i < e->pair_count; i++)
		if (strcmp(e->pairs[i].base_text, base) == 0 &&
		    strcmp(e->pairs[i].counter_text, counter) == 0)
			return true;
	if (e->pair_count == e->pair_room) {
		uint32_t room = 2 * e->pair_room + 8;
		struct pair *pairs = sdex_arena_alloc(e->memory, room * sizeof *pairs);
		if (!pairs)
			return false;
		memcpy(pairs, e->pairs, e->pair_count * sizeof *pairs);
		e->pairs = pairs;
		e->pair_room = room;
	}
	struct pair *pair = &e->pairs[e->pair_count];
	*pair = (struct pair){.name = copy_text(e, name)};
	memcpy(pair->base_text, base, strnlen(base, SDEX_ASSET_ROOM - 1));
	memcpy(pair->counter_text, counter, strnlen(counter, SDEX_ASSET_ROOM - 1));
	return pair->name &&
	       !sdex_asset_parse(&pair->base, e->memory, base, strlen(base), false, &why) &&
	       !sdex_asset_parse(&pair->counter, e->memory, counter, strlen(counter), false,
				 &why) &&
	       watch(e, pair, &why);
}

struct pair *pair_named(const struct engine *e, const char *name)
{
	for (uint32_t i = 0; i < e->pair_count && name[0]; i++)
		if (strcmp(e->pairs[i].name, name) == 0)
			return &e->pairs[i];
	return NULL;
}

uint32_t account_named(const struct engine *e, const char *name)
{
	for (uint32_t i = 0; i < e->account_count; i++)
		if (strcmp(e->accounts[i].name, name) == 0 ||
		    strcmp(e->accounts[i].address, name) == 0)
			return i;
	return NONE;
}

uint32_t account_keyed(const struct engine *e, const uint8_t key[32])
{
	for (uint32_t i = 0; i < e->account_count; i++)
		if (memcmp(e->accounts[i].key, key, 32) == 0)
			return i;
	return NONE;
}

static bool take_pair(struct engine *e, const struct engine_pair *from, struct sdex_failure *why)
{
	struct pair *pair = &e->pairs[e->pair_count];
	memset(pair, 0, sizeof *pair);
	if (!name_good(from->name))
		return !fail(why, SDEX_ERR_INVALID, e->pair_count,
			     "expected a pair's name of 1 to %u printable characters",
			     NAME_MAX_SIZE);
	for (uint32_t i = 0; i < e->pair_count; i++)
		if (strcmp(e->pairs[i].name, from->name) == 0)
			return !fail(why, SDEX_ERR_DUPLICATE, e->pair_count,
				     "the pair %s is there twice: rename one", from->name);
	if (!sdex_asset_valid(&from->base) || !sdex_asset_valid(&from->counter) ||
	    sdex_asset_compare(&from->base, &from->counter) == 0)
		return !fail(why, SDEX_ERR_INVALID, e->pair_count,
			     "the pair %s has to be of two valid assets that differ", from->name);
	pair->name = copy_text(e, from->name);
	if (!pair->name || !copy_asset(e, &pair->base, pair->base_text, &from->base) ||
	    !copy_asset(e, &pair->counter, pair->counter_text, &from->counter))
		return !fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	return watch(e, pair, why);
}

static bool take_account(struct engine *e, const struct engine_account *from,
			 struct sdex_failure *why)
{
	struct account *account = &e->accounts[e->account_count];
	*account = (struct account){.flight = NONE};
	memcpy(account->key, from->key, 32);
	sdex_AccountID id = sdex_account_of_key(from->key);
	sdex_account_print(account->address, &id);
	for (uint32_t i = 0; i < e->account_count; i++)
		if (memcmp(e->accounts[i].key, from->key, 32) == 0)
			return !fail(why, SDEX_ERR_DUPLICATE, e->account_count,
				     "the account %s is there twice: leave one out",
				     account->address);
	account->name = copy_text(e, from->name ? from->name : account->address);
	account->signer_key = from->signer_key ? copy_text(e, from->signer_key) : account->address;
	if (!account->name || !account->signer_key)
		return !fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	if (!name_good(account->name))
		return !fail(why, SDEX_ERR_INVALID, e->account_count,
			     "expected an account's name of 1 to %u printable characters",
			     NAME_MAX_SIZE);
	for (uint32_t i = 0; i < e->account_count; i++)
		if (strcmp(e->accounts[i].name, account->name) == 0 ||
		    strcmp(e->accounts[i].name, account->address) == 0 ||
		    strcmp(e->accounts[i].address, account->name) == 0)
			return !fail(why, SDEX_ERR_DUPLICATE, e->account_count,
				     "two accounts answer to %s: rename one", account->name);
	e->account_count++;
	return true;
}

static void put_defaults(struct engine_config *c)
{
	struct {
		uint32_t *at, value;
	} table[] = {
		{&c->poll_ms, 500},      {&c->request_ms, 10000},        {&c->stale_ms, 60000},
		{&c->ledgers_ahead, 12}, {&c->seconds_ahead, 60},        {&c->max_fee, 10000},
		{&c->batch, 20},         {&c->order_timeout_ms, 180000}, {&c->orders_max, 1000000},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (*table[i].at == 0)
			*table[i].at = table[i].value;
}

bool config_take(struct engine *e, const struct engine_config *config, struct sdex_failure *why)
{
	struct engine_config *own = &e->config;
	*own = *config;
	put_defaults(own);
	if (!config->passphrase || (config->rpc_url && !config->horizon_url))
		return !fail(why, SDEX_ERR_MISSING, 0,
			     "a passphrase, and with an RPC also a Horizon, have to be configured");
	if (config->pair_count > PAIRS_MAX || config->account_count > ACCOUNTS_MAX ||
	    config->busiest > PAIRS_MAX || own->batch > 100)
		return !fail(why, SDEX_ERR_INVALID, 0,
			     "expected at most %u pairs, %u accounts, 100 operations in a batch",
			     PAIRS_MAX, ACCOUNTS_MAX);
	own->passphrase = copy_text(e, config->passphrase);
	own->rpc_url = copy_text(e, config->rpc_url);
	own->horizon_url = copy_text(e, config->horizon_url);
	own->version = copy_text(e, config->version ? config->version : "");
	own->pairs = NULL;
	own->accounts = NULL;
	e->pair_room = config->pair_count + config->busiest + 1;
	e->pairs = sdex_arena_alloc(e->memory, e->pair_room * sizeof *e->pairs);
	e->accounts =
		sdex_arena_alloc(e->memory, (config->account_count + 1) * sizeof *e->accounts);
	if (!own->passphrase || !own->version || !e->pairs || !e->accounts ||
	    (config->rpc_url && (!own->rpc_url || !own->horizon_url)))
		return !fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	for (uint32_t i = 0; i < config->pair_count; i++)
		if (!take_pair(e, &config->pairs[i], why))
			return false;
	for (uint32_t i = 0; i < config->account_count; i++)
		if (!take_account(e, &config->accounts[i], why))
			return false;
	return true;
}
