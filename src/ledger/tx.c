/* ledger/tx.c - reading an envelope, fees, and the life of a transaction in a ledger. */
#include "ledger/tx.h"

#include "base/failure.h"
#include "ledger/entry.h"
#include "ledger/events.h"
#include "ledger/tx_valid.h"

#define VERSION_NO_INNER_FEE 25u

/* --- reading */

/* SHA-256 of `network ‖ type ‖ value` */
static enum sdex_error tagged_hash(uint8_t hash[32], const struct ledger *ledger,
				   enum sdex_type type, uint32_t tag, const void *value)
{
	size_t size = 0;
	enum sdex_error error = sdex_xdr_size(type, &size, value, NULL);
	if (error)
		return error;
	uint8_t *bytes = sdex_arena_alloc(ledger->arena, size + 36);
	if (!bytes)
		return SDEX_ERR_NOMEM;
	memcpy(bytes, ledger->network_id, 32);
	memcpy(bytes + 32, (const uint8_t[4]){0, 0, 0, (uint8_t)tag}, 4);
	error = sdex_xdr_encode(type, bytes + 36, size, &size, value, NULL);
	if (!error)
		sdex_sha256(hash, bytes, size + 36);
	return error;
}

enum sdex_error xdr_hash(uint8_t hash[32], enum sdex_type type, const void *value,
			 struct sdex_arena *arena)
{
	size_t size = 0;
	enum sdex_error error = sdex_xdr_size(type, &size, value, NULL);
	uint8_t *bytes = error ? NULL : sdex_arena_alloc(arena, size);
	if (!bytes)
		return error ? error : SDEX_ERR_NOMEM;
	error = sdex_xdr_encode(type, bytes, size, &size, value, NULL);
	if (!error)
		sdex_sha256(hash, bytes, size);
	return error;
}

static enum sdex_error read_v0(struct tx *tx, const struct ledger *ledger)
{
	const sdex_TransactionV0 *v0 = &tx->envelope->v0->tx;
	tx->signatures = &tx->envelope->v0->signatures;
	tx->sequence = v0->seqNum;
	tx->source = state_address(ledger->state, v0->sourceAccountEd25519.bytes);
	tx->fee_source = tx->source;
	sdex_Transaction like = {.sourceAccount.type = SDEX_KEY_TYPE_ED25519,
				 .fee = v0->fee,
				 .seqNum = v0->seqNum,
				 .memo = v0->memo,
				 .operations = v0->operations};
	like.sourceAccount.ed25519 = v0->sourceAccountEd25519;
	if (v0->timeBounds) {
		like.cond.type = SDEX_PRECOND_TIME;
		like.cond.timeBounds = *v0->timeBounds;
	}
	enum sdex_error error = tagged_hash(tx->inner_hash, ledger, SDEX_TYPE_Transaction,
					    SDEX_ENVELOPE_TYPE_TX, &like);
	memcpy(tx->contents_hash, tx->inner_hash, 32);
	return error;
}

static enum sdex_error read_inner(struct tx *tx, const struct ledger *ledger,
				  const sdex_TransactionV1Envelope *v1)
{
	tx->inner = &v1->tx;
	tx->signatures = &v1->signatures;
	tx->sequence = v1->tx.seqNum;
	tx->source = state_address(ledger->state, muxed_key(&v1->tx.sourceAccount));
	tx->fee_source = tx->source;
	enum sdex_error error = tagged_hash(tx->inner_hash, ledger, SDEX_TYPE_Transaction,
					    SDEX_ENVELOPE_TYPE_TX, &v1->tx);
	memcpy(tx->contents_hash, tx->inner_hash, 32);
	return error;
}

const sdex_Operation_list *tx_operations(const struct tx *tx)
{
	return tx->inner ? &tx->inner->operations : &tx->envelope->v0->tx.operations;
}

bool ledger_supports(uint32_t version, struct sdex_failure *why)
{
	if (version >= VERSION_OLDEST && version <= VERSION_NEWEST)
		return true;
	fail(why, SDEX_ERR_UNSUPPORTED, 0,
	     "protocol %u is not one of %u to %u, whose rules these are", version, VERSION_OLDEST,
	     VERSION_NEWEST);
	return false;
}

enum sdex_error tx_look(struct tx *tx, const struct ledger *ledger,
			const sdex_TransactionEnvelope *envelope, struct sdex_failure *why)
{
	struct tx made = {.envelope = envelope};
	enum sdex_error error;
	if (envelope->type == SDEX_ENVELOPE_TYPE_TX_FEE_BUMP) {
		made.bump = &envelope->feeBump->tx;
		made.bump_signatures = &envelope->feeBump->signatures;
		error = read_inner(&made, ledger, made.bump->innerTx.v1);
		if (!error)
			error = tagged_hash(made.contents_hash, ledger,
					    SDEX_TYPE_FeeBumpTransaction,
					    SDEX_ENVELOPE_TYPE_TX_FEE_BUMP, made.bump);
		made.fee_source = state_address(ledger->state, muxed_key(&made.bump->feeSource));
	} else if (envelope->type == SDEX_ENVELOPE_TYPE_TX) {
		error = read_inner(&made, ledger, envelope->v1);
	} else if (envelope->type == SDEX_ENVELOPE_TYPE_TX_V0) {
		error = read_v0(&made, ledger);
	} else {
		return fail(why, SDEX_ERR_KIND, 0, "an envelope of type %d holds no transaction",
			    (int)envelope->type);
	}
	if (!error)
		error = xdr_hash(made.full_hash, SDEX_TYPE_TransactionEnvelope, envelope,
				 ledger->arena);
	if (error || ledger->state->lost)
		return fail(why, error ? error : SDEX_ERR_NOMEM, 0,
			    "the transaction cannot be hashed");
	*tx = made;
	return SDEX_OK;
}

enum sdex_error tx_read(struct tx *tx, const struct ledger *ledger,
			const sdex_TransactionEnvelope *envelope, struct sdex_failure *why)
{
	struct tx made;
	if (!ledger_supports(ledger->state->header.version, why))
		return SDEX_ERR_UNSUPPORTED;
	enum sdex_error error = tx_look(&made, ledger, envelope, why);
	if (error)
		return error;
	const sdex_Operation_list *list = tx_operations(&made);
	for (uint32_t i = 0; i < list->count; i++)
		if (op_is_soroban(&list->items[i]))
			return fail(why, SDEX_ERR_UNSUPPORTED, i,
				    "operation %u runs or keeps a contract (%s)", i,
				    sdex_enum_name(SDEX_TYPE_OperationType,
						   (int32_t)list->items[i].body.type));
	*tx = made;
	return SDEX_OK;
}

uint32_t tx_weight(const struct tx *tx)
{
	return tx_operations(tx)->count + (tx->bump ? 1 : 0);
}

static int64_t inner_fee(const struct tx *tx)
{
	return tx->inner ? tx->inner->fee : tx->envelope->v0->tx.fee;
}

int64_t tx_full_fee(const struct tx *tx)
{
	return tx->bump ? tx->bump->fee : inner_fee(tx);
}

bool tx_has_dex(const struct tx *tx)
{
	const sdex_Operation_list *list = tx_operations(tx);
	for (uint32_t i = 0; i < list->count; i++)
		if (op_is_dex(&list->items[i]))
			return true;
	return false;
}

bool tx_merges(const struct tx *tx)
{
	const sdex_Operation_list *list = tx_operations(tx);
	for (uint32_t i = 0; i < list->count; i++)
		if (list->items[i].body.type == SDEX_ACCOUNT_MERGE)
			return true;
	return false;
}

static int64_t saturating_times(int64_t a, int64_t b)
{
	int64_t product;
	return __builtin_mul_overflow(a, b, &product) ? INT64_MAX : product;
}

static int64_t fee_at(int64_t offered, uint32_t weight, const int64_t *base_fee, bool applying)
{
	if (!base_fee)
		return offered;
	int64_t adjusted = saturating_times(*base_fee, weight ? weight : 1);
	return applying && offered < adjusted ? offered : adjusted;
}

int64_t tx_fee(const struct tx *tx, const int64_t *base_fee, bool applying)
{
	return fee_at(tx_full_fee(tx), tx_weight(tx), base_fee, applying);
}

/* --- results */

static bool begin_results(sdex_OperationResult_list *results, const struct tx *tx,
			  struct sdex_arena *arena)
{
	const sdex_Operation_list *list = tx_operations(tx);
	results->items = sdex_arena_alloc(arena, (list->count + 1) * sizeof(*results->items));
	results->count = list->count;
	for (uint32_t i = 0; results->items && i < list->count; i++)
		if (!op_result(&results->items[i], &list->items[i], arena))
			return false;
	return results->items != NULL;
}

bool tx_begin_result(sdex_TransactionResult *result, const struct tx *tx, int64_t charged,
		     int64_t inner_charged, struct sdex_arena *arena)
{
	sdex_OperationResult_list results = {0};
	if (!begin_results(&results, tx, arena))
		return false;
	*result = (sdex_TransactionResult){.feeCharged = charged};
	if (!tx->bump) {
		result->result.code = SDEX_txSUCCESS;
		result->result.results = results;
		return true;
	}
	sdex_InnerTransactionResultPair *pair = sdex_arena_alloc(arena, sizeof(*pair));
	if (!pair)
		return false;
	*pair = (sdex_InnerTransactionResultPair){.result.feeCharged = inner_charged};
	memcpy(pair->transactionHash.bytes, tx->inner_hash, 32);
	pair->result.result.code = SDEX_txSUCCESS;
	pair->result.result.results = results;
	result->result.code = SDEX_txFEE_BUMP_INNER_SUCCESS;
	result->result.innerResultPair = pair;
	return true;
}

void tx_fail_inner(sdex_TransactionResult *result, sdex_TransactionResultCode code)
{
	if (result->result.code == SDEX_txFEE_BUMP_INNER_SUCCESS ||
	    result->result.code == SDEX_txFEE_BUMP_INNER_FAILED) {
		result->result.innerResultPair->result.result.code = code;
		result->result.code = SDEX_txFEE_BUMP_INNER_FAILED;
	} else {
		result->result.code = code;
	}
}

sdex_OperationResult *tx_op_result(sdex_TransactionResult *result, uint32_t index)
{
	if (result->result.code == SDEX_txFEE_BUMP_INNER_SUCCESS ||
	    result->result.code == SDEX_txFEE_BUMP_INNER_FAILED)
		return &result->result.innerResultPair->result.result.results.items[index];
	return &result->result.results.items[index];
}

bool tx_succeeded(const sdex_TransactionResult *result)
{
	return result->result.code == SDEX_txSUCCESS ||
	       result->result.code == SDEX_txFEE_BUMP_INNER_SUCCESS;
}

/* --- charging */

enum sdex_error tx_charge(sdex_TransactionResult *result, struct tx_meta *meta,
			  struct ledger *ledger, const struct tx *tx, const int64_t *base_fee)
{
	struct state *state = ledger->state;
	struct account *account = state_account(state, tx->fee_source);
	if (!account)
		return SDEX_ERR_INVALID;
	state_begin(state);
	state_touch(state, ENTRY_ACCOUNT, account);
	int64_t fee = tx_fee(tx, base_fee, true);
	if (fee > 0) {
		if (fee > account->balance)
			fee = account->balance;
		account->balance -= fee;
		state_touch_header(state);
		state->header.fee_pool += fee;
	}
	int64_t inner = 0;
	if (tx->bump && state->header.version < VERSION_NO_INNER_FEE)
		inner = fee_at(inner_fee(tx), tx_operations(tx)->count, base_fee, true);
	bool good = tx_begin_result(result, tx, fee, inner, ledger->arena);
	if (good && ledger->want_meta)
		good = meta_changes(&meta->fees, state, ledger->arena);
	state_commit(state);
	return good && !state->lost ? SDEX_OK : SDEX_ERR_NOMEM;
}

/* --- applying */

/* A signer that was this transaction's hash has served. */
static bool drop_one_time_signer(struct state *state, uint32_t address, const uint8_t hash[32])
{
	struct signer key = {.type = SDEX_SIGNER_KEY_TYPE_PRE_AUTH_TX};
	struct account *account = state_account(state, address);
	bool found = false;
	memcpy(key.key, hash, 32);
	uint32_t at = account ? signer_find(&found, account, &key) : 0;
	if (!found)
		return true;
	state_touch(state, ENTRY_ACCOUNT, account);
	return sponsor_remove_signer(state, account, at);
}

static bool drop_one_time_signers(struct state *state, const struct tx *tx)
{
	const sdex_Operation_list *list = tx_operations(tx);
	bool good = drop_one_time_signer(state, tx->source, tx->inner_hash);
	for (uint32_t i = 0; i < list->count; i++)
		if (list->items[i].sourceAccount)
			good = drop_one_time_signer(state, tx_op_source(state, tx, i),
						    tx->inner_hash) &&
			       good;
	return good;
}

static void advance_sequence(struct state *state, const struct tx *tx)
{
	struct account *account = state_account(state, tx->source);
	state_touch(state, ENTRY_ACCOUNT, account);
	account->sequence = tx->sequence;
	if (state->header.version < VERSION_SEQUENCE_TIME)
		return;
	account->entry.level = 3;
	account->sequence_ledger = state->header.sequence;
	account->sequence_time = state->header.close_time;
}

/* Sequence number and signatures; says whether the operations may run. */
static bool prepare(sdex_TransactionResult *result, struct ledger *ledger, const struct tx *tx)
{
	struct state *state = ledger->state;
	struct signing signing;
	signing_init(&signing, tx->signatures, tx->inner_hash, state->header.version,
		     ledger->trust_signatures, ledger->verdicts);
	struct validity v = {.ledger = ledger,
			     .tx = tx,
			     .signing = &signing,
			     .result = result,
			     .applying = true,
			     .moment = {.sequence = state->header.sequence,
					.close_time = state->header.close_time}};
	enum stage stage = tx_common_valid(&v);
	if (stage >= STAGE_SEQUENCE)
		advance_sequence(state, tx);
	bool good = stage == STAGE_VALID;
	bool operations_signed = !good || tx_operations_signed(&v);
	if (!drop_one_time_signers(state, tx)) {
		tx_fail_inner(result, SDEX_txINTERNAL_ERROR);
		return false;
	}
	if (!operations_signed)
		tx_fail_inner(result, SDEX_txFAILED);
	else if (good && !signing_all_used(&signing))
		tx_fail_inner(result, SDEX_txBAD_AUTH_EXTRA);
	return good && tx_succeeded(result);
}

bool tx_run_operation(sdex_OperationResult *result, struct ledger *ledger, const struct tx *tx,
		      uint32_t index)
{
	struct op op = tx_op(ledger, tx, index);
	op.result = result;
	if (!op_supported(&op))
		return false;
	if (!state_account(op.state, op.source))
		return op_outer(&op, SDEX_opNO_ACCOUNT);
	return op_valid(&op) && op_apply(&op);
}

/* All or none; the level that is open takes what succeeds. */
static bool run(sdex_TransactionResult *result, struct tx_meta *meta, struct ledger *ledger,
		const struct tx *tx)
{
	struct state *state = ledger->state;
	uint32_t count = tx_operations(tx)->count;
	bool success = true;
	if (ledger->want_meta) {
		meta->operations =
			sdex_arena_alloc(ledger->arena, (count + 1) * sizeof(*meta->operations));
		if (!meta->operations)
			return state->lost = true, false;
		memset(meta->operations, 0, (count + 1) * sizeof(*meta->operations));
	}
	for (uint32_t i = 0; i < count && !state->fault && !state->lost; i++) {
		state_begin(state);
		bool done = tx_run_operation(tx_op_result(result, i), ledger, tx, i);
		success = success && done;
		if (success && ledger->want_meta &&
		    !meta_changes(&meta->operations[i], state, ledger->arena))
			state->lost = true;
		if (done)
			state_commit(state);
		else
			state_rollback(state);
	}
	if (state->fault)
		tx_fail_inner(result, SDEX_txINTERNAL_ERROR);
	else if (!success)
		tx_fail_inner(result, SDEX_txFAILED);
	else if (state->header.open_sponsorships > 0)
		tx_fail_inner(result, SDEX_txBAD_SPONSORSHIP);
	state->fault = NULL;
	return tx_succeeded(result);
}

enum sdex_error tx_prepare(bool *may_run, sdex_TransactionResult *result, struct tx_meta *meta,
			   struct ledger *ledger, const struct tx *tx)
{
	struct state *state = ledger->state;
	bool good = true;
	if (tx->bump) {
		state_begin(state);
		struct account *payer = state_account(state, tx->fee_source);
		if (payer)
			state_touch(state, ENTRY_ACCOUNT, payer);
		drop_one_time_signer(state, tx->fee_source, tx->contents_hash);
		if (ledger->want_meta)
			good = meta_changes(&meta->before, state, ledger->arena);
		state_commit(state);
	}
	state_begin(state);
	*may_run = prepare(result, ledger, tx);
	if (ledger->want_meta)
		good = meta_changes(&meta->before, state, ledger->arena) && good;
	state_commit(state);
	state->fault = NULL;
	return good && !state->lost ? SDEX_OK : SDEX_ERR_NOMEM;
}

enum sdex_error tx_apply(sdex_TransactionResult *result, struct tx_meta *meta,
			 struct ledger *ledger, const struct tx *tx)
{
	struct state *state = ledger->state;
	bool may_run;
	enum sdex_error error = tx_prepare(&may_run, result, meta, ledger, tx);
	if (may_run) {
		state_begin(state);
		if (run(result, meta, ledger, tx)) {
			meta->operation_count = tx_operations(tx)->count;
			state_commit(state);
		} else {
			state_rollback(state);
		}
	}
	return state->lost ? SDEX_ERR_NOMEM : error;
}

/* --- events */

enum sdex_error tx_events(struct tx_meta *meta, const struct ledger *ledger, const struct tx *tx,
			  const sdex_TransactionResult *result)
{
	const sdex_OperationResult_list *results =
		tx->bump ? &result->result.innerResultPair->result.result.results
			 : &result->result.results;
	uint32_t count = meta->operation_count;
	struct done_operation done = {.tx_sequence = tx->sequence};
	enum sdex_error error =
		events_of_fee(&meta->fee_events, address_at(ledger->state, tx->fee_source)->key,
			      result->feeCharged, ledger->network_id, ledger->arena);
	meta->with_events = true;
	meta->events = sdex_arena_alloc(ledger->arena, (count + 1) * sizeof(*meta->events));
	if (!meta->events)
		return SDEX_ERR_NOMEM;
	if (count) { /* it was done, and so is of the new form */
		done.tx_source = &tx->inner->sourceAccount;
		done.memo = &tx->inner->memo;
	}
	for (uint32_t i = 0; i < count && !error; i++) {
		done.operation = &tx_operations(tx)->items[i];
		done.result = &results->items[i];
		done.changes = &meta->operations[i];
		done.index = i;
		error = events_of_operation(&meta->events[i], &done, ledger->network_id,
					    ledger->arena);
	}
	return error;
}
