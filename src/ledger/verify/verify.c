/* ledger/verify/verify.c - a ledger opened, its transactions in turn, and what it leaves. */
#include "ledger/verify/verify.h"

#include <stdlib.h>
#include <string.h>

#include "base/failure.h"
#include "ledger/entry.h"
#include "ledger/verify/inside.h"

/* More entries, or names, than these are not carried from one ledger to the next: the state
 * begins anew.  They take some 100 MB. */
#define KEYS_CARRIED 200000u

#define SECOND_LEDGER 2u /* the first that closes */

static void add_gap(struct verify_gaps *gaps, const struct asked *asked)
{
	for (uint32_t i = 0; i < gaps->count; i++)
		if (memcmp(&gaps->items[i], asked, sizeof(*asked)) == 0)
			return;
	if (gaps->count < ASKED_MOST)
		gaps->items[gaps->count++] = *asked;
	else
		gaps->more = true;
}

static void was_asked(struct witness *witness, const struct asked *asked)
{
	struct verify *v = (struct verify *)(void *)witness;
	/* a network begins with accounts and nothing else: the rest is what ledgers have shown */
	if (v->whole && (asked->what != ASKED_ENTRY || asked->kind != ENTRY_ACCOUNT))
		return;
	if (asked->what != ASKED_ENTRY)
		add_gap(&v->venues, asked);
	else if (!known_answer(&v->known, asked))
		add_gap(&v->missing, asked);
}

struct verify *verify_new(const uint8_t network_id[32], size_t limit)
{
	struct verify *v = calloc(1, sizeof(*v));
	if (!v)
		return NULL;
	v->witness.asked = was_asked;
	memcpy(v->network, network_id, 32);
	v->tree = sdex_arena_new(limit);
	v->arena = sdex_arena_new(limit);
	v->work = sdex_arena_new(limit);
	if (!v->tree || !v->arena || !v->work) {
		verify_free(v);
		return NULL;
	}
	return v;
}

static void close_state(struct verify *v)
{
	if (v->state) {
		known_free(&v->known);
		state_free(v->state);
	}
	v->state = NULL;
}

void verify_free(struct verify *v)
{
	if (!v)
		return;
	close_state(v);
	table_free(&v->by_hash);
	sdex_arena_free(v->tree);
	sdex_arena_free(v->arena);
	sdex_arena_free(v->work);
	free(v->items);
	free(v);
}

enum sdex_error verify_add(struct verify *v, struct verified item)
{
	if (v->out.count == v->room) {
		uint32_t room = v->room ? 2 * v->room : 256;
		struct verified *items =
			room > v->room ? realloc(v->items, room * sizeof(*items)) : NULL;
		if (!items)
			return SDEX_ERR_NOMEM;
		v->items = items;
		v->room = room;
	}
	v->items[v->out.count++] = item;
	v->out.verdicts[item.verdict]++;
	return SDEX_OK;
}

enum sdex_error verify_keep_words(const char **out, struct verify *v, const struct words *words)
{
	size_t size = words->length < words->room ? words->length : words->room - 1;
	char *text = sdex_arena_alloc(v->arena, size + 1);
	if (!text)
		return SDEX_ERR_NOMEM;
	memcpy(text, words->text, size);
	text[size] = '\0';
	*out = text;
	return SDEX_OK;
}

static enum sdex_error no_memory(struct sdex_failure *why)
{
	return fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
}

/* --- the header */

/* A ledger's header is as its upgrades left it, and they come last. */
static const char *hidden_by_upgrades(const sdex_UpgradeEntryMeta_list *upgrades)
{
	for (uint32_t i = 0; i < upgrades->count; i++) {
		switch (upgrades->items[i].upgrade.type) {
		case SDEX_LEDGER_UPGRADE_VERSION:
			return "the ledger's upgrade hides the protocol version before it";
		case SDEX_LEDGER_UPGRADE_BASE_RESERVE:
			return "the ledger's upgrade hides the base reserve before it";
		case SDEX_LEDGER_UPGRADE_BASE_FEE:
			return "the ledger's upgrade hides the base fee before it";
		case SDEX_LEDGER_UPGRADE_FLAGS:
			return "the ledger's upgrade hides the flags before it";
		case SDEX_LEDGER_UPGRADE_MAX_TX_SET_SIZE:
		case SDEX_LEDGER_UPGRADE_CONFIG:
		case SDEX_LEDGER_UPGRADE_MAX_SOROBAN_TX_SET_SIZE:
			break;
		}
	}
	return NULL;
}

/* Ids of the offers that the ledger makes follow the pool of ids before it. */
static void count_made(uint64_t *made, const sdex_LedgerEntryChanges *changes)
{
	for (uint32_t i = 0; i < changes->count; i++)
		*made += changes->items[i].type == SDEX_LEDGER_ENTRY_CREATED &&
			 changes->items[i].created->data.type == SDEX_OFFER;
}

static uint64_t ids_before(const struct verify *v, uint64_t after)
{
	uint64_t made = 0;
	for (uint32_t i = 0; i < v->parts.applied_count; i++)
		for (uint32_t o = 0; o < v->parts.applied[i].operations; o++)
			count_made(&made, part_changes(&v->parts.applied[i], o));
	return made < after ? after - made : 0;
}

static enum sdex_error open_header(struct verify *v, struct sdex_failure *why)
{
	const sdex_LedgerHeader *after = &v->parts.header->header;
	struct header *header = &v->state->header;
	bool follows = v->followed;
	header_load(header, follows ? &v->last : after);
	header->sequence = after->ledgerSeq;
	header->close_time = after->scpValue.closeTime;
	header->id_pool = ids_before(v, after->idPool);
	v->header_gap = follows ? NULL : hidden_by_upgrades(v->parts.upgrades);
	v->out.sequence = after->ledgerSeq;
	v->out.version = header->version;
	if (header->version < VERIFY_VERSION_OLDEST || header->version > VERSION_NEWEST)
		return fail(why, SDEX_ERR_UNSUPPORTED, 0,
			    "protocol %u is not one of %u to %u, whose rules these are",
			    header->version, VERIFY_VERSION_OLDEST, VERSION_NEWEST);
	return SDEX_OK;
}

/* --- the set */

static uint64_t hash_of(const uint8_t hash[32])
{
	uint64_t first;
	memcpy(&first, hash, sizeof(first));
	return first;
}

static const struct tx *find_tx(const struct verify *v, const uint8_t hash[32])
{
	struct table_walk walk = table_walk(&v->by_hash, hash_of(hash));
	for (uint32_t slot; (slot = table_next(&v->by_hash, &walk)) != SLOT_NONE;)
		if (memcmp(v->txs[slot].contents_hash, hash, 32) == 0)
			return &v->txs[slot];
	return NULL;
}

static enum sdex_error open_set(struct verify *v, struct sdex_failure *why)
{
	bool merge = false;
	v->txs = sdex_arena_alloc(v->arena, ((size_t)v->parts.sent_count + 1) * sizeof(*v->txs));
	if (!v->txs)
		return no_memory(why);
	for (uint32_t i = 0; i < v->parts.sent_count; i++) {
		struct tx *tx = &v->txs[i];
		enum sdex_error error = tx_look(tx, &v->ledger, v->parts.sent[i].envelope, why);
		sdex_arena_reset(v->work);
		if (error)
			return error;
		if (!table_put(&v->by_hash, hash_of(tx->contents_hash), i))
			return no_memory(why);
		merge = merge || tx_merges(tx);
	}
	if (!merge || v->state->header.version < VERSION_SEQUENCE_TIME)
		return SDEX_OK;
	for (uint32_t i = 0; i < v->parts.sent_count; i++) {
		struct address *address = address_at(v->state, v->txs[i].source);
		if (v->txs[i].sequence > address->last_sequence)
			address->last_sequence = v->txs[i].sequence;
	}
	return SDEX_OK;
}

static bool runs_contract(const struct tx *tx)
{
	const sdex_Operation_list *list = tx_operations(tx);
	for (uint32_t i = 0; i < list->count; i++)
		if (op_is_soroban(&list->items[i]))
			return true;
	return false;
}

/* Does all that comes before its operations come before any other contract's as well? */
static bool is_parallel(const struct verify *v, const struct part_applied *part)
{
	const struct tx *tx =
		v->parts.parallel ? find_tx(v, part->result->transactionHash.bytes) : NULL;
	return tx && runs_contract(tx);
}

/* --- the state before */

static enum sdex_error begin_part(struct verify *v, const struct part_applied *part,
				  struct sdex_failure *why)
{
	enum sdex_error error =
		is_parallel(v, part) ? SDEX_OK : known_begin(&v->known, part->before, why);
	for (uint32_t o = 0; o < part->operations && !error; o++)
		error = known_begin(&v->known, part_changes(part, o), why);
	return error ? error : known_begin(&v->known, part->after, why);
}

/* Begins, or follows, what comes before the operations of all contracts from the first on. */
static enum sdex_error each_before(struct verify *v, uint32_t first,
				   enum sdex_error (*step)(struct known *,
							   const sdex_LedgerEntryChanges *,
							   struct sdex_failure *),
				   struct sdex_failure *why)
{
	enum sdex_error error = SDEX_OK;
	for (uint32_t i = first; i < v->parts.applied_count && !error; i++)
		if (is_parallel(v, &v->parts.applied[i]))
			error = step(&v->known, v->parts.applied[i].before, why);
	return error;
}

static enum sdex_error begin_state(struct verify *v, struct sdex_failure *why)
{
	const struct parts *parts = &v->parts;
	enum sdex_error error = SDEX_OK;
	bool prepared = false;
	for (uint32_t i = 0; i < parts->applied_count && !error; i++)
		error = known_begin(&v->known, parts->applied[i].fees, why);
	for (uint32_t i = 0; i < parts->applied_count && !error; i++) {
		if (!prepared && is_parallel(v, &parts->applied[i])) {
			error = each_before(v, i, known_begin, why);
			prepared = true;
		}
		if (!error)
			error = begin_part(v, &parts->applied[i], why);
	}
	for (uint32_t i = 0; i < parts->applied_count && !error; i++)
		error = known_begin(&v->known, parts->applied[i].refunds, why);
	for (uint32_t i = 0; i < parts->upgrades->count && !error; i++)
		error = known_begin(&v->known, &parts->upgrades->items[i].changes, why);
	return error;
}

/* --- transactions */

static enum sdex_error follow_contract(struct verify *v, const struct part_applied *part,
				       const struct tx *tx, uint32_t number,
				       struct sdex_failure *why)
{
	const sdex_TransactionResult *result = &part->result->result;
	const sdex_Operation_list *list = tx_operations(tx);
	sdex_OperationResult_list results = sdex_result_operations(result);
	enum sdex_error error =
		v->parts.parallel ? SDEX_OK : known_follow(&v->known, part->before, why);
	for (uint32_t o = 0; o < part->operations && !error; o++)
		error = known_follow(&v->known, part_changes(part, o), why);
	if (!error)
		error = known_follow(&v->known, part->after, why);
	for (uint32_t o = 0; o < list->count && !error; o++) {
		const struct sdex_code *inner = sdex_result_inner_code(result);
		struct verified item = {.transaction = number,
					.operation = o + 1,
					.hash = part->result->transactionHash.bytes,
					.type = list->items[o].body.type,
					.code = inner ? inner : sdex_result_code(result),
					.done = sdex_result_ok(result),
					.verdict = VERDICT_SOROBAN};
		if (o < results.count)
			item.code = sdex_op_result_code(&results.items[o]);
		if (verify_add(v, item))
			error = no_memory(why);
	}
	return error;
}

static enum sdex_error verify_one(struct verify *v, uint32_t i, struct sdex_failure *why)
{
	const struct part_applied *part = &v->parts.applied[i];
	const struct tx *tx = find_tx(v, part->result->transactionHash.bytes);
	if (!tx)
		return fail(why, SDEX_ERR_MISSING, 0,
			    "transaction %u is not in the ledger's set; is it of the network with "
			    "this passphrase?",
			    i + 1);
	struct verifying t = {.v = v, .part = part, .tx = tx, .number = i + 1};
	if (runs_contract(tx))
		return follow_contract(v, part, tx, i + 1, why);
	return verify_transaction(&t, why);
}

/* Fees come before all transactions.  Those of contracts have parts of their own, and sets of
 * the first form do not say what an operation costs. */
static enum sdex_error fee_of_one(struct verify *v, uint32_t i, struct sdex_failure *why)
{
	const struct part_applied *part = &v->parts.applied[i];
	const struct tx *tx = find_tx(v, part->result->transactionHash.bytes);
	if (!tx || runs_contract(tx) || !v->parts.says_base_fees)
		return known_follow(&v->known, part->fees, why);
	struct verifying t = {.v = v, .part = part, .tx = tx, .number = i + 1};
	return verify_fee(&t, v->parts.sent[tx - v->txs].base_fee, why);
}

static enum sdex_error verify_all(struct verify *v, struct sdex_failure *why)
{
	enum sdex_error error = SDEX_OK;
	bool prepared = false;
	for (uint32_t i = 0; i < v->parts.applied_count && !error; i++) {
		error = fee_of_one(v, i, why);
		sdex_arena_reset(v->work);
	}
	for (uint32_t i = 0; i < v->parts.applied_count && !error; i++) {
		if (!prepared && is_parallel(v, &v->parts.applied[i])) {
			error = each_before(v, i, known_follow, why);
			prepared = true;
		}
		if (!error)
			error = verify_one(v, i, why);
		sdex_arena_reset(v->work);
	}
	return error;
}

/* What the last ledger left, when this one follows on it; else an empty one. */
static enum sdex_error open_state(struct verify *v, struct sdex_failure *why)
{
	const sdex_LedgerHeader *header = &v->parts.header->header;
	v->followed = v->state && v->last.ledgerSeq == header->ledgerSeq - 1 &&
		      memcmp(v->last_hash, header->previousLedgerHash.bytes, 32) == 0 &&
		      v->known.keys.live <= KEYS_CARRIED &&
		      v->state->addresses.used <= KEYS_CARRIED;
	if (v->followed) {
		known_next(&v->known);
		for (uint32_t i = 0; i < v->state->addresses.used; i++)
			address_at(v->state, i)->last_sequence = 0;
		return SDEX_OK;
	}
	close_state(v);
	v->whole = header->ledgerSeq == SECOND_LEDGER;
	v->state = state_new(hash_of(v->parts.header->hash.bytes));
	if (!v->state)
		return no_memory(why);
	known_init(&v->known, v->state);
	return SDEX_OK;
}

static enum sdex_error end_ledger(struct verify *v, struct sdex_failure *why)
{
	enum sdex_error error = SDEX_OK;
	for (uint32_t i = 0; i < v->parts.applied_count && !error; i++)
		error = known_follow(&v->known, v->parts.applied[i].refunds, why);
	for (uint32_t i = 0; i < v->parts.upgrades->count && !error; i++)
		error = known_follow(&v->known, &v->parts.upgrades->items[i].changes, why);
	v->last = v->parts.header->header;
	memcpy(v->last_hash, v->parts.header->hash.bytes, 32);
	return error;
}

static enum sdex_error verify_open(struct verify *v, const void *data, size_t size,
				   struct sdex_failure *why)
{
	sdex_LedgerCloseMeta *meta;
	enum sdex_error error = sdex_LedgerCloseMeta_decode(&meta, v->tree, data, size, why);
	if (!error)
		error = parts_read(&v->parts, meta, v->arena, why);
	if (error)
		return error;
	error = open_state(v, why);
	if (error)
		return error;
	v->ledger = (struct ledger){.state = v->state,
				    .arena = v->work,
				    .network_id = v->network,
				    .trust_signatures = true,
				    .want_meta = true};
	error = open_header(v, why);
	if (!error)
		error = open_set(v, why);
	if (!error)
		error = begin_state(v, why);
	if (!error && frozen_read(&v->ledger.frozen, v->state, v->arena))
		error = no_memory(why);
	return error;
}

enum sdex_error verify_ledger(const struct verified_ledger **out, struct verify *v,
			      const void *data, size_t size, struct sdex_failure *why)
{
	v->out = (struct verified_ledger){0};
	sdex_arena_reset(v->tree);
	sdex_arena_reset(v->arena);
	sdex_arena_reset(v->work);
	enum sdex_error error = verify_open(v, data, size, why);
	if (!error)
		error = verify_all(v, why);
	if (!error)
		error = end_ledger(v, why);
	table_free(&v->by_hash);
	if (error) {
		close_state(v);
		return error;
	}
	v->out.transactions = v->parts.applied_count;
	v->out.items = v->items;
	*out = &v->out;
	return SDEX_OK;
}
