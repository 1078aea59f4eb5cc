/* sandbox/network.c - see network.h.  What the network takes and in which order is
 * stellar-core's: TransactionQueue.cpp; what a ledger takes is ledger/propose.h's to say. */
#include "sandbox/network.h"

#include <stdlib.h>

#include "base/failure.h"
#include "base/int128.h"
#include "ledger/entry.h"
#include "ledger/propose.h"
#include "ledger/rules.h"
#include "net/route.h"
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
	n->ledger = (struct ledger){.state = n->state,
				    .arena = n->scratch,
				    .network_id = n->id,
				    .verdicts = n->verdicts,
				    .want_meta = true,
				    .want_events = o->events};
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
	if (!*o->passphrase || !utf8_valid(o->passphrase, strlen(o->passphrase)))
		return "the passphrase must be a text in UTF-8, and not empty";
	if (o->history_ledgers < 1 || o->history_ledgers > 10000000)
		return "1 to 10000000 ledgers must be remembered";
	if (o->dex_capacity > o->capacity)
		return "operations of transactions that trade must be at most the capacity";
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
		n->verdicts = calloc(1, sizeof(*n->verdicts));
		if (history_init(&n->history, options->history_ledgers, options->history_bytes) &&
		    n->scratch && n->state && n->verdicts && begin(n))
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
	free(n->verdicts);
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

/* What fits into a ledger, and what may wait: that many ledgers' worth of operations. */
static struct surge_limits limits_of(const struct network *n, uint64_t ledgers)
{
	uint64_t all = n->state->header.max_tx_set_size, dex = n->options.dex_capacity;
	return (struct surge_limits){
		.dex_lane = dex > 0,
		.lanes = {[SURGE_GENERIC] = {all * ledgers, SURGE_BYTES_MAX * ledgers},
			  [SURGE_DEX] = {dex * ledgers, SURGE_BYTES_MAX * ledgers}}};
}

static struct surge_bid bid_of(const struct pending *p)
{
	return (struct surge_bid){.full_hash = p->full_hash,
				  .fee = p->fee,
				  .operations = p->weight,
				  .bytes = p->bytes,
				  .dex = p->dex};
}

/* Who has to go for a transaction to come in. */
struct squeeze {
	struct surge_limits limits;
	struct pending **waiting;
	struct surge_bid *bids;
	uint32_t *out;
	bool *out_of_lane;
	uint32_t out_count;
};

static enum sdex_error squeeze(enum surge_fit *fit, int64_t *least, struct squeeze *s,
			       struct network *n, struct sdex_arena *arena,
			       const struct pending *new)
{
	uint32_t count = 0, at = 0, replaces = SURGE_NOBODY, all = n->queue.pending.live;
	struct surge_bid bid = bid_of(new);
	*s = (struct squeeze){.limits = limits_of(n, QUEUE_MULTIPLE)};
	s->waiting = sdex_arena_alloc(arena, (all + 1) * sizeof(struct pending *));
	s->bids = sdex_arena_alloc(arena, (all + 1) * sizeof(*s->bids));
	s->out = sdex_arena_alloc(arena, (all + 1) * sizeof(*s->out));
	s->out_of_lane = sdex_arena_alloc(arena, (all + 1) * sizeof(*s->out_of_lane));
	if (!s->waiting || !s->bids || !s->out || !s->out_of_lane)
		return SDEX_ERR_NOMEM;
	for (struct pending *p; (p = queue_next(&n->queue, &at)); count++) {
		if (p->source == new->source)
			replaces = count;
		s->waiting[count] = p;
		s->bids[count] = bid_of(p);
	}
	*fit = surge_fits(s->out, s->out_of_lane, &s->out_count, least, &bid, replaces, s->bids,
			  count, &s->limits, &n->queue.evicted);
	return SDEX_OK;
}

static void throw_out(struct network *n, const struct squeeze *s)
{
	for (uint32_t i = 0; i < s->out_count; i++) {
		struct pending *p = s->waiting[s->out[i]];
		surge_note_evicted(&n->queue.evicted, &s->limits, &s->bids[s->out[i]],
				   s->out_of_lane[i]);
		queue_ban(&n->queue, p->full_hash, network_sequence(n) + QUEUE_BAN_LEDGERS);
		queue_drop(&n->queue, p);
	}
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
	/* room comes before validity */
	struct squeeze room;
	enum surge_fit fit;
	int64_t least = 0;
	error = squeeze(&fit, &least, &room, n, arena, new);
	if (error)
		return error;
	if (fit != SURGE_FITS) {
		queue_ban(&n->queue, new->full_hash, network_sequence(n) + QUEUE_BAN_LEDGERS);
		return fit == SURGE_CHEAP ? refuse(out, arena, SDEX_txINSUFFICIENT_FEE, least)
					  : SDEX_OK;
	}
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
	if (out->status == SUBMISSION_PENDING)
		throw_out(n, &room);
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
	struct surge_bid bid = tx_bid(tx);
	*out = (struct pending){.source = tx->source,
				.fee_source = tx->fee_source,
				.weight = bid.operations,
				.bytes = bid.bytes,
				.dex = bid.dex,
				.bump = tx->bump != NULL,
				.sequence = tx->sequence,
				.fee = bid.fee};
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

static enum sdex_error take(struct network *n, struct submitted *made, struct sdex_arena *arena,
			    const sdex_TransactionEnvelope *tree, struct sdex_bytes envelope,
			    uint64_t now, struct sdex_failure *why)
{
	struct pending new;
	struct tx tx;
	enum sdex_error error = tx_read(&tx, &n->ledger, tree, why);
	if (!error)
		error = describe(&new, &tx, arena);
	if (error)
		return error;
	memcpy(made->hash, new.hash, 32);
	memcpy(made->inner_hash, new.inner_hash, 32);
	made->bump = new.bump;
	/* Names of what was taken are never forgotten: a flood of them must end somewhere. */
	if (n->state->addresses.used + n->state->assets.used > n->options.names)
		made->status = SUBMISSION_TRY_AGAIN_LATER;
	else
		error = judge(n, made, arena, &tx, &new, now);
	if (!error && made->status == SUBMISSION_PENDING)
		error = keep(n, &new, envelope.data, envelope.size);
	return error ? fail(why, error, 0, "memory is out") : SDEX_OK;
}

enum sdex_error network_submit(struct network *n, struct submitted *out, struct sdex_arena *arena,
			       const uint8_t *envelope, size_t size, uint64_t now,
			       struct sdex_failure *why)
{
	sdex_TransactionEnvelope *tree = NULL;
	struct submitted made = {0};
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
	const struct state_names names = state_names(n->state);
	error = take(n, &made, arena, tree, (struct sdex_bytes){envelope, (uint32_t)size}, now,
		     why);
	/* What is not taken leaves no name behind. */
	if (error || made.status != SUBMISSION_PENDING)
		state_forget_names(n->state, names);
	if (!error)
		*out = made;
	return error;
}

/* --- closing */

/* What waits, as it is when a ledger closes. */
struct closing {
	struct network *n;
	struct pending **pending; /* of each candidate */
	struct candidate *candidates;
	uint32_t count;
	struct proposal proposal;
};

static enum sdex_error gather(struct closing *c)
{
	struct network *n = c->n;
	uint32_t at = 0, all = n->queue.pending.live;
	c->pending = sdex_arena_alloc(n->scratch, (all + 1) * sizeof(struct pending *));
	c->candidates = sdex_arena_alloc(n->scratch, (all + 1) * sizeof(*c->candidates));
	if (!c->pending || !c->candidates)
		return SDEX_ERR_NOMEM;
	for (struct pending *p; (p = queue_next(&n->queue, &at));) {
		struct candidate *to = &c->candidates[c->count];
		sdex_TransactionEnvelope *envelope = NULL;
		enum sdex_error error = sdex_TransactionEnvelope_decode(&envelope, n->scratch,
									p->envelope, p->size, NULL);
		if (!error)
			error = tx_read(&to->tx, &n->ledger, envelope, NULL);
		if (error)
			return error;
		to->envelope = envelope;
		c->pending[c->count++] = p;
	}
	return SDEX_OK;
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
		struct pending *p = c->pending[i];
		bool chosen = c->candidates[i].fate == CANDIDATE_CHOSEN;
		if (c->candidates[i].fate == CANDIDATE_WAITS)
			continue;
		queue_ban(&n->queue, p->full_hash, sequence + QUEUE_BAN_LEDGERS - (chosen ? 1 : 0));
		queue_drop(&n->queue, p);
	}
	queue_shift(&n->queue, sequence);
}

static enum sdex_error close_now(struct closing *c, uint64_t close_time, struct sdex_failure *why)
{
	struct network *n = c->n;
	struct closed closed;
	struct surge_limits limits = limits_of(n, 1);
	enum sdex_error error = gather(c);
	if (!error)
		error = propose_ledger(&c->proposal, &n->ledger, c->candidates, c->count,
				       close_time, &limits);
	if (error)
		return error;
	struct close_request request = {.previous = &n->last.header,
					.close_time = close_time,
					.txs = c->proposal.txs,
					.count = c->proposal.count};
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
		close_time = n->state->header.close_time + !n->options.shares_seconds;
	sdex_arena_reset(n->scratch);
	n->ledger.arena = n->scratch;
	enum sdex_error error = close_now(&c, close_time, why);
	if (!error)
		return SDEX_OK;
	n->lost = true;
	return fail(why, error, 0, "ledger %u did not close: %s", network_sequence(n) + 1,
		    sdex_error_text(error));
}
