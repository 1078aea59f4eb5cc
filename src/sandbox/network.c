/* sandbox/network.c - see network.h.  What the network takes and in which order is
 * stellar-core's: TransactionQueue.cpp, TxSetUtils.cpp, SurgePricingUtils.cpp. */
#include "sandbox/network.h"

#include <stdlib.h>

#include "base/failure.h"
#include "base/int128.h"
#include "ledger/entry.h"
#include "ledger/rules.h"
#include "sdex/key.h"
#include "sdex/transaction.h"

#define LUMENS INT64_C(1000000000000000000) /* stroops at the beginning */
#define CLOSE_TIME_MULTIPLE 2               /* how far ahead a transaction is looked at */
#define QUEUE_MULTIPLE 2                    /* ledgers' worth that may wait */

const char *submission_name(enum submission submission)
{
	static const char *const names[] = {"PENDING", "DUPLICATE", "TRY_AGAIN_LATER", "ERROR"};
	return names[submission];
}

/* --- the beginning */

static bool make_root(struct network *n)
{
	struct sdex_secret root;
	sdex_secret_from_seed(&root, n->id);
	struct account made = {.entry.sponsor = SLOT_NONE,
			       .address = state_address(n->state, root.public_key),
			       .thresholds = {1},
			       .balance = LUMENS,
			       .inflation_dest = SLOT_NONE};
	sdex_secret_wipe(&root);
	return made.address != SLOT_NONE && state_create(n->state, ENTRY_ACCOUNT, &made);
}

static enum sdex_error hash_header(sdex_LedgerHeaderHistoryEntry *entry)
{
	uint8_t bytes[1024];
	size_t size = 0;
	enum sdex_error error =
		sdex_LedgerHeader_encode(bytes, sizeof(bytes), &size, &entry->header, NULL);
	if (!error)
		sdex_sha256(entry->hash.bytes, bytes, size);
	return error;
}

static bool begin(struct network *n)
{
	const struct network_options *o = &n->options;
	n->state->header = (struct header){.version = o->protocol,
					   .sequence = 1,
					   .close_time = o->genesis,
					   .base_fee = o->base_fee,
					   .base_reserve = o->base_reserve,
					   .max_tx_set_size = o->capacity,
					   .total_coins = LUMENS};
	n->ledger = (struct ledger){
		.state = n->state, .arena = n->scratch, .network_id = n->id, .want_meta = true};
	header_store(&n->last.header, &n->state->header);
	return make_root(n) && hash_header(&n->last) == SDEX_OK;
}

static const char *check_options(const struct network_options *o)
{
	if (o->protocol < 20 || o->protocol > VERSION_NEWEST)
		return "the protocol must be 20 to 28";
	if (o->base_fee < 1 || o->base_reserve < 1 || o->capacity < 1)
		return "base fee, base reserve and capacity must be over 0";
	if (o->base_fee > INT32_MAX || o->base_reserve > INT32_MAX || o->capacity > 1000000)
		return "base fee and base reserve must fit 31 bits, the capacity be 1000000 at "
		       "most";
	if (o->close_s < 1 || o->close_s > 3600)
		return "a ledger must be expected to take 1 to 3600 seconds";
	if (o->history_ledgers < 1 || o->history_ledgers > 10000000)
		return "1 to 10000000 ledgers must be remembered";
	return NULL;
}

struct network *network_new(const struct network_options *options, struct sdex_failure *why)
{
	const char *wrong = check_options(options);
	if (wrong) {
		fail(why, SDEX_ERR_INVALID, 0, "%s", wrong);
		return NULL;
	}
	struct network *n = calloc(1, sizeof(*n));
	size_t length = strlen(options->passphrase);
	char *passphrase = malloc(length + 1);
	if (n && passphrase) {
		memcpy(passphrase, options->passphrase, length + 1);
		n->options = *options;
		n->options.passphrase = passphrase;
		queue_init(&n->queue);
		sdex_sha256(n->id, passphrase, length);
		n->scratch = sdex_arena_new(0);
		n->state = state_new(0);
		if (history_init(&n->history, options->history_ledgers, options->history_bytes) &&
		    n->scratch && n->state && begin(n))
			return n;
		network_free(n);
	} else {
		free(passphrase);
		free(n);
	}
	fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	return NULL;
}

void network_free(struct network *n)
{
	if (!n)
		return;
	queue_free(&n->queue);
	history_free(&n->history);
	state_free(n->state);
	sdex_arena_free(n->scratch);
	free((void *)n->options.passphrase);
	free(n);
}

/* --- taking transactions in */

static enum sdex_error refuse(struct submitted *out, struct sdex_arena *arena,
			      sdex_TransactionResultCode code, int64_t charged)
{
	sdex_TransactionResult *result = sdex_arena_alloc(arena, sizeof(*result));
	if (!result)
		return SDEX_ERR_NOMEM;
	*result = (sdex_TransactionResult){.feeCharged = charged, .result.code = code};
	out->status = SUBMISSION_ERROR;
	out->result = result;
	return SDEX_OK;
}

static bool same_transaction(const struct pending *old, const struct pending *new)
{
	if (old->bump == new->bump)
		return memcmp(old->full_hash, new->full_hash, 32) == 0;
	return old->bump && memcmp(old->inner_full_hash, new->full_hash, 32) == 0;
}

/* What a fee bump must offer at least to replace what waits. */
static int64_t replacement_fee(const struct pending *old, const struct pending *new)
{
	uint128 fee = (uint128)(uint64_t)old->fee * new->weight *QUEUE_FEE_MULTIPLIER;
	fee = (fee + old->weight - 1) / old->weight;
	return fee > INT64_MAX ? INT64_MAX : (int64_t)fee;
}

/* Against the one of the same source that waits.  True when that decides. */
static bool meets_waiting(struct submitted *out, enum sdex_error *error, struct sdex_arena *arena,
			  const struct pending *old, const struct pending *new)
{
	*error = SDEX_OK;
	if (same_transaction(old, new)) {
		out->status = SUBMISSION_DUPLICATE;
		return true;
	}
	if (new->sequence < old->sequence) {
		*error = refuse(out, arena, SDEX_txBAD_SEQ, 0);
		return true;
	}
	if (!new->bump || new->sequence != old->sequence) {
		out->status = SUBMISSION_TRY_AGAIN_LATER;
		return true;
	}
	int64_t least = replacement_fee(old, new);
	if (new->fee < least) {
		*error = refuse(out, arena, SDEX_txINSUFFICIENT_FEE, least);
		return true;
	}
	return false;
}

static struct pending *cheapest(const struct queue *queue, const struct pending *but)
{
	struct pending *least = NULL;
	uint32_t at = 0;
	for (struct pending *p; (p = queue_next(queue, &at));) {
		if (p->source == but->source)
			continue;
		int order =
			least ? queue_compare_rates(p->fee, p->weight, least->fee, least->weight)
			      : -1;
		if (order < 0 || (order == 0 && memcmp(p->full_hash, least->full_hash, 32) < 0))
			least = p;
	}
	return least;
}

/* Makes room in a full queue by what offers less.  False when there is not enough of that;
 * *least is then the fee that would have done. */
static bool make_room(struct network *n, int64_t *least, const struct pending *new)
{
	uint64_t room = (uint64_t)n->options.capacity * QUEUE_MULTIPLE;
	const struct pending *old = queue_of(&n->queue, new->source);
	uint64_t freed = old ? old->weight : 0;
	while (n->queue.weight - freed + new->weight > room) {
		struct pending *p = cheapest(&n->queue, new);
		if (!p || queue_compare_rates(p->fee, p->weight, new->fee, new->weight) >= 0) {
			int64_t rate = p ? p->fee / p->weight + 1 : 0;
			*least = rate > INT64_MAX / new->weight ? INT64_MAX : rate *new->weight;
			return false;
		}
		queue_ban(&n->queue, p->full_hash, network_sequence(n) + QUEUE_BAN_LEDGERS);
		queue_drop(&n->queue, p);
	}
	return true;
}

static bool can_pay(const struct network *n, const struct pending *new)
{
	const struct account *payer = state_account(n->state, new->fee_source);
	const struct pending *old = queue_of(&n->queue, new->source);
	int64_t owed = queue_fees(&n->queue, new->fee_source);
	int64_t fee = new->fee;
	if (old && old->fee_source == new->fee_source)
		fee -= old->fee;
	return payer && rules_available(n->state, payer) - fee >= owed;
}

static enum sdex_error judge(struct network *n, struct submitted *out, struct sdex_arena *arena,
			     const struct tx *tx, const struct pending *new, uint64_t now)
{
	enum sdex_error error;
	const struct pending *old = queue_of(&n->queue, new->source);
	out->status = SUBMISSION_TRY_AGAIN_LATER;
	if (queue_banned(&n->queue, new->full_hash))
		return SDEX_OK;
	if (new->fee < 0)
		return refuse(out, arena, SDEX_txMALFORMED, 0);
	if (old && meets_waiting(out, &error, arena, old, new))
		return error;
	uint64_t last = n->state->header.close_time;
	struct tx_moment moment = {.sequence = network_sequence(n) + 1,
				   .close_time = last,
				   .latest = (uint64_t)n->options.close_s * CLOSE_TIME_MULTIPLE +
					     (now > last ? now - last : 0)};
	sdex_TransactionResult *result = sdex_arena_alloc(arena, sizeof(*result));
	if (!result)
		return SDEX_ERR_NOMEM;
	error = tx_check(result, &n->ledger, tx, moment, 0);
	if (error)
		return error;
	out->result = result;
	out->status = tx_succeeded(result) ? SUBMISSION_PENDING : SUBMISSION_ERROR;
	if (out->status == SUBMISSION_PENDING && !can_pay(n, new))
		return refuse(out, arena, SDEX_txINSUFFICIENT_BALANCE, 0);
	int64_t least = 0;
	if (out->status == SUBMISSION_PENDING && !make_room(n, &least, new)) {
		queue_ban(&n->queue, new->full_hash, network_sequence(n) + QUEUE_BAN_LEDGERS);
		out->status = SUBMISSION_TRY_AGAIN_LATER;
		if (least)
			return refuse(out, arena, SDEX_txINSUFFICIENT_FEE, least);
	}
	return SDEX_OK;
}

/* SHA-256 of the inner transaction's envelope, by which a fee bump's copy is known. */
static enum sdex_error hash_inner(uint8_t hash[32], const sdex_TransactionEnvelope *envelope,
				  struct sdex_arena *arena)
{
	sdex_TransactionEnvelope inner = {.type = SDEX_ENVELOPE_TYPE_TX,
					  .v1 = envelope->feeBump->tx.innerTx.v1};
	size_t size = 0;
	enum sdex_error error = sdex_xdr_size(SDEX_TYPE_TransactionEnvelope, &size, &inner, NULL);
	uint8_t *bytes = error ? NULL : sdex_arena_alloc(arena, size);
	if (!bytes)
		return error ? error : SDEX_ERR_NOMEM;
	error = sdex_TransactionEnvelope_encode(bytes, size, &size, &inner, NULL);
	if (!error)
		sdex_sha256(hash, bytes, size);
	return error;
}

static enum sdex_error describe(struct pending *out, const struct tx *tx, struct sdex_arena *arena)
{
	*out = (struct pending){.source = tx->source,
				.fee_source = tx->fee_source,
				.weight = tx_weight(tx) ? tx_weight(tx) : 1,
				.bump = tx->bump != NULL,
				.sequence = tx->sequence,
				.fee = tx_full_fee(tx)};
	memcpy(out->hash, tx->contents_hash, 32);
	memcpy(out->inner_hash, tx->inner_hash, 32);
	memcpy(out->full_hash, tx->full_hash, 32);
	return out->bump ? hash_inner(out->inner_full_hash, tx->envelope, arena) : SDEX_OK;
}

static enum sdex_error keep(struct network *n, struct pending *new, const uint8_t *envelope,
			    size_t size)
{
	new->size = (uint32_t)size;
	new->envelope = malloc(size);
	if (!new->envelope)
		return SDEX_ERR_NOMEM;
	memcpy(new->envelope, envelope, size);
	if (queue_put(&n->queue, new))
		return SDEX_OK;
	free(new->envelope);
	return SDEX_ERR_NOMEM;
}

/* An envelope of the old form goes on as what it stands for (convertForV13). */
static enum sdex_error renew(sdex_TransactionEnvelope *tree, const uint8_t **envelope, size_t *size,
			     struct sdex_arena *arena)
{
	sdex_TransactionEnvelope made;
	if (tree->type != SDEX_ENVELOPE_TYPE_TX_V0)
		return SDEX_OK;
	enum sdex_error error = sdex_tx_to_v1(&made, arena, tree);
	if (!error)
		error = sdex_xdr_size(SDEX_TYPE_TransactionEnvelope, size, &made, NULL);
	uint8_t *bytes = error ? NULL : sdex_arena_alloc(arena, *size);
	if (!bytes)
		return error ? error : SDEX_ERR_NOMEM;
	error = sdex_TransactionEnvelope_encode(bytes, *size, size, &made, NULL);
	*envelope = bytes;
	*tree = made;
	return error;
}

enum sdex_error network_submit(struct network *n, struct submitted *out, struct sdex_arena *arena,
			       const uint8_t *envelope, size_t size, uint64_t now,
			       struct sdex_failure *why)
{
	sdex_TransactionEnvelope *tree = NULL;
	struct submitted made = {0};
	struct pending new;
	struct tx tx;
	if (size > NETWORK_ENVELOPE_MAX)
		return fail(why, SDEX_ERR_LENGTH, 0,
			    "a transaction of %zu bytes; at most %u are taken", size,
			    NETWORK_ENVELOPE_MAX);
	if (network_lost(n))
		return fail(why, SDEX_ERR_NOMEM, 0, "memory is out, the network has stopped");
	enum sdex_error error = sdex_TransactionEnvelope_decode(&tree, arena, envelope, size, why);
	if (!error)
		error = renew(tree, &envelope, &size, arena);
	if (error)
		return error;
	n->ledger.arena = arena;
	error = tx_read(&tx, &n->ledger, tree, why);
	if (!error)
		error = describe(&new, &tx, arena);
	if (error)
		return error;
	memcpy(made.hash, new.hash, 32);
	memcpy(made.inner_hash, new.inner_hash, 32);
	made.bump = new.bump;
	/* Names are never forgotten: a flood of made-up ones must end somewhere. */
	if (n->state->addresses.used + n->state->assets.used > n->options.names)
		made.status = SUBMISSION_TRY_AGAIN_LATER;
	else
		error = judge(n, &made, arena, &tx, &new, now);
	if (!error && made.status == SUBMISSION_PENDING)
		error = keep(n, &new, envelope, size);
	if (error)
		return fail(why, error, 0, "memory is out");
	*out = made;
	return SDEX_OK;
}

/* --- closing */

/* What waits, as it is when a ledger closes. */
struct candidate {
	struct pending *pending;
	sdex_TransactionEnvelope *envelope;
	struct tx tx;
	bool valid;
	bool chosen;
};

struct closing {
	struct network *n;
	struct candidate *all;
	uint32_t count;
	struct close_tx *chosen;
	uint32_t chosen_count;
	int64_t base_fee;
};

static int by_rate(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;
	int order = queue_compare_rates(b->pending->fee, b->pending->weight, a->pending->fee,
					a->pending->weight);
	return order ? order : memcmp(a->pending->full_hash, b->pending->full_hash, 32);
}

static enum sdex_error gather(struct closing *c)
{
	struct network *n = c->n;
	uint32_t at = 0;
	c->all = sdex_arena_alloc(n->scratch, (n->queue.pending.live + 1) * sizeof(*c->all));
	c->chosen = sdex_arena_alloc(n->scratch, (n->queue.pending.live + 1) * sizeof(*c->chosen));
	if (!c->all || !c->chosen)
		return SDEX_ERR_NOMEM;
	for (struct pending *p; (p = queue_next(&n->queue, &at));) {
		struct candidate *to = &c->all[c->count++];
		*to = (struct candidate){.pending = p};
		enum sdex_error error = sdex_TransactionEnvelope_decode(&to->envelope, n->scratch,
									p->envelope, p->size, NULL);
		if (!error)
			error = tx_read(&to->tx, &n->ledger, to->envelope, NULL);
		if (error)
			return error;
	}
	qsort(c->all, c->count, sizeof(*c->all), by_rate);
	return SDEX_OK;
}

static enum sdex_error check_all(struct closing *c, uint64_t close_time)
{
	struct tx_moment moment = {.sequence = network_sequence(c->n) + 1,
				   .close_time = close_time};
	for (uint32_t i = 0; i < c->count; i++) {
		sdex_TransactionResult result;
		enum sdex_error error = tx_check(&result, &c->n->ledger, &c->all[i].tx, moment, 0);
		if (error)
			return error;
		c->all[i].valid = tx_succeeded(&result);
	}
	return SDEX_OK;
}

/* A payer that cannot pay for all of its transactions pays for none. */
static void check_payers(struct closing *c)
{
	for (uint32_t i = 0; i < c->count; i++) {
		const struct pending *p = c->all[i].pending;
		const struct account *payer = state_account(c->n->state, p->fee_source);
		if (!payer ||
		    rules_available(c->n->state, payer) < queue_fees(&c->n->queue, p->fee_source))
			c->all[i].valid = false;
	}
}

/* The best offers first, as many as fit; when not all do, what the least of them offers for
 * an operation is what all of them pay. */
static void choose(struct closing *c)
{
	uint64_t left = c->n->options.capacity;
	int64_t lowest = INT64_MAX;
	bool full = false;
	c->base_fee = c->n->state->header.base_fee;
	for (uint32_t i = 0; i < c->count; i++) {
		const struct pending *p = c->all[i].pending;
		if (!c->all[i].valid)
			continue;
		if (p->weight > left) {
			full = true;
			continue;
		}
		left -= p->weight;
		if (p->fee / p->weight < lowest)
			lowest = p->fee / p->weight;
		c->all[i].chosen = true;
		c->chosen[c->chosen_count++] =
			(struct close_tx){.envelope = c->all[i].envelope, .base_fee = &c->base_fee};
	}
	if (full && c->chosen_count && lowest > c->base_fee)
		c->base_fee = lowest;
}

/* The hash of all state, in its place: a chain of what led to it. */
static void state_hash(uint8_t hash[32], const sdex_LedgerHeader *previous)
{
	uint8_t bytes[64];
	memcpy(bytes, previous->bucketListHash.bytes, 32);
	memcpy(bytes + 32, previous->txSetResultHash.bytes, 32);
	sdex_sha256(hash, bytes, sizeof(bytes));
}

static void settle_queue(struct closing *c)
{
	struct network *n = c->n;
	uint32_t sequence = network_sequence(n);
	for (uint32_t i = 0; i < c->count; i++) {
		struct pending *p = c->all[i].pending;
		if (!c->all[i].chosen && c->all[i].valid)
			continue;
		queue_ban(&n->queue, p->full_hash,
			  sequence + QUEUE_BAN_LEDGERS - (c->all[i].chosen ? 1 : 0));
		queue_drop(&n->queue, p);
	}
	queue_shift(&n->queue, sequence);
}

static enum sdex_error close_now(struct closing *c, uint64_t close_time, struct sdex_failure *why)
{
	struct network *n = c->n;
	struct closed closed;
	enum sdex_error error = gather(c);
	if (!error)
		error = check_all(c, close_time);
	if (error)
		return error;
	check_payers(c);
	choose(c);
	struct close_request request = {.previous = &n->last.header,
					.close_time = close_time,
					.txs = c->chosen,
					.count = c->chosen_count};
	state_hash(request.bucket_list_hash, &n->last.header);
	error = close_ledger(&closed, &n->ledger, &request, why);
	if (!error)
		error = history_add(&n->history, &closed, n->state, n->id, n->scratch);
	if (error)
		return error;
	n->last = closed.header;
	settle_queue(c);
	return SDEX_OK;
}

enum sdex_error network_close(struct network *n, uint64_t close_time, struct sdex_failure *why)
{
	struct closing c = {.n = n};
	if (network_lost(n))
		return fail(why, SDEX_ERR_NOMEM, 0, "memory is out, the network has stopped");
	if (close_time <= n->state->header.close_time)
		close_time = n->state->header.close_time + 1;
	sdex_arena_reset(n->scratch);
	n->ledger.arena = n->scratch;
	enum sdex_error error = close_now(&c, close_time, why);
	if (!error)
		return SDEX_OK;
	n->lost = true;
	return fail(why, error, 0, "ledger %u did not close: %s", network_sequence(n) + 1,
		    sdex_error_text(error));
}
