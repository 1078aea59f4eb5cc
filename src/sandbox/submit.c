/* sandbox/submit.c - transactions sent to Horizon, and friendbot. */
#include <stdio.h>
#include <stdlib.h>

#include "sandbox/horizon_tx.h"
#include "sandbox/send.h"
#include "sandbox/world.h"
#include "sdex/address.h"
#include "sdex/asset.h"
#include "sdex/operation.h"

#define FRIENDBOT_STROOPS (INT64_C(10000) * 10000000)
#define FRIENDBOT_FEE 1000u
#define SUBMISSION_SECONDS 30u

static const struct problem malformed = {
	"transaction_malformed", "Transaction Malformed", 400,
	"Horizon could not decode the transaction envelope in this request. A transaction should "
	"be an XDR TransactionEnvelope struct encoded using base64.  The envelope read from this "
	"request is echoed in the `extras.envelope_xdr` field of this response for your "
	"convenience."};
static const struct problem timed_out = {
	"transaction_submission_timeout", "Transaction Submission Timeout", 504,
	"Your transaction submission request has timed out. This does not necessarily mean the "
	"submission has failed. Before resubmitting, please use the transaction hash provided in "
	"`extras.hash` to poll the GET /transactions endpoint for sometime and check if it was "
	"included in a ledger."};
static const struct problem not_emulated = {
	"transaction_submission_failed", "Transaction Submission Failed", 500,
	"This sandbox does not run contracts: the `extras.error` field of this response says what "
	"it met."};

/* A copy without line ends, which Go's decoder passes over (encoding/base64), so that Horizon takes
 * a file with one at its end.  NULL when memory is out. */
static const char *without_line_ends(size_t *size, struct call *call, struct text text)
{
	char *copy = sdex_arena_alloc(call->arena, text.size + 1);
	*size = 0;
	for (size_t i = 0; copy && i < text.size; i++)
		if (text.data[i] != '\n' && text.data[i] != '\r')
			copy[(*size)++] = text.data[i];
	return copy;
}

/* Decodes and submits what the form's field `tx` holds.  False: a problem is written. */
static bool submit(struct call *call, struct submitted *out, struct text *envelope)
{
	struct sdex_failure why = {0};
	*envelope = call_parameter(call, "tx");
	size_t size = SDEX_BASE64_SIZE(envelope->size);
	uint8_t *bytes = sdex_arena_alloc(call->arena, size + 1);
	size_t text_size;
	const char *text = without_line_ends(&text_size, call, *envelope);
	enum sdex_error error = bytes && text ? SDEX_OK : SDEX_ERR_NOMEM;
	if (!error)
		error = sdex_base64_decode(bytes, size, &size, text, text_size, &why);
	if (!error)
		error = network_submit(call->network, out, call->arena, bytes, size,
				       call->request->time_s, &why);
	if (!error)
		return true;
	if (error == SDEX_ERR_NOMEM) {
		call_refuse(call, &problem_server_error);
		return false;
	}
	call_refuse_begin(call, error == SDEX_ERR_UNSUPPORTED ? &not_emulated : &malformed);
	put_text_n(&call->w, "envelope_xdr", envelope->data, envelope->size);
	put_text(&call->w, "error", why.text);
	call_refuse_end(call);
	return false;
}

void horizon_submit_async(struct call *call)
{
	static const unsigned statuses[] = {201, 409, 503, 400};
	struct submitted done;
	struct text envelope;
	struct json_writer *w = &call->w;
	if (!submit(call, &done, &envelope))
		return;
	call->answer->status = statuses[done.status];
	json_write_object(w);
	if (done.status == SUBMISSION_ERROR)
		put_xdr(w, "error_result_xdr", SDEX_TYPE_TransactionResult, done.result,
			call->arena);
	put_text(w, "tx_status", submission_name(done.status));
	put_hex(w, "hash", done.hash, 32);
	json_write_object_end(w);
}

/* --- waiting for a ledger */

/* The answer of a transaction that is in a ledger; false when it is in none. */
static bool answer_applied(struct call *call, const uint8_t hash[32], struct text envelope)
{
	const struct history_ledger *ledger;
	const struct history_tx *tx = history_tx(&ledger, &call->network->history, hash);
	if (!tx)
		return false;
	if (tx->success) {
		transaction_write(call, ledger, tx, hash);
		return true;
	}
	struct sdex_bytes bytes = history_bytes(ledger, tx->result);
	sdex_TransactionResult *result;
	if (sdex_TransactionResult_decode(&result, call->arena, bytes.data, bytes.size, NULL))
		call_refuse(call, &problem_server_error);
	else
		transaction_refuse(call, envelope, result,
				   tx->bump && memcmp(hash, tx->inner_hash, 32) == 0);
	return true;
}

/* Holds the request until the transaction is in a ledger, or time is up. */
static void hold_transaction(struct call *call, const uint8_t hash[32], struct text envelope)
{
	struct sandbox_held *held = held_new(call, envelope.size);
	if (held) {
		memcpy(held->hash, hash, 32);
		held->deadline_ms = call->request->now_ms + SUBMISSION_SECONDS * 1000;
		held->envelope = malloc(envelope.size + 1);
		held->envelope_size = envelope.size;
	}
	if (!held || !held->envelope) {
		sandbox_held_free(held);
		call_refuse(call, &problem_over_capacity);
		return;
	}
	if (envelope.size)
		memcpy(held->envelope, envelope.data, envelope.size);
	call->answer->form = SANDBOX_LATER;
	call->answer->held = held;
}

void transaction_turn(struct call *call, struct sandbox_held *held)
{
	struct text envelope = {held->envelope, held->envelope_size};
	if (answer_applied(call, held->hash, envelope))
		return;
	if (call->request->now_ms < held->deadline_ms) {
		call->answer->form = SANDBOX_LATER;
		return;
	}
	call_refuse_begin(call, &timed_out);
	put_text_n(&call->w, "envelope_xdr", envelope.data, envelope.size);
	put_hex(&call->w, "hash", held->hash, 32);
	call_refuse_end(call);
}

void horizon_submit(struct call *call)
{
	struct submitted done;
	struct text envelope;
	if (!submit(call, &done, &envelope))
		return;
	/* One that was applied before is found, whatever the queue says of it now. */
	if (answer_applied(call, done.hash, envelope))
		return;
	if (done.status == SUBMISSION_ERROR)
		transaction_refuse(call, envelope, done.result, false);
	else
		hold_transaction(call, done.hash, envelope);
}

/* --- friendbot */

static const struct problem funded = {"bad_request", "Bad Request", 400,
				      "account already funded to starting balance"};

/* Their keys are known, so a channel may be gone, empty or locked by now, and the next one
 * good; what ails the operation itself ails it everywhere. */
static bool decided(const struct submitted *done)
{
	return done->status == SUBMISSION_PENDING || done->status == SUBMISSION_DUPLICATE ||
	       (done->status == SUBMISSION_ERROR && done->result->result.code == SDEX_txFAILED);
}

static enum sdex_error fund(struct call *call, struct submitted *out, const sdex_AccountID *account)
{
	const struct state *state = call->network->state;
	uint32_t address = state_address_find(state, account->ed25519.bytes);
	const struct account *there = address == SLOT_NONE ? NULL : state_account(state, address);
	struct sdex_secret bot, channel;
	char name[32];
	sdex_Operation operation;
	sdex_Asset native = sdex_asset_native();
	sandbox_key(&bot, "friendbot");
	sdex_AccountID bot_id = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	memcpy(bot_id.ed25519.bytes, bot.public_key, 32);
	sdex_MuxedAccount source = sdex_muxed(&bot_id), to = sdex_muxed(account);
	enum sdex_error error =
		there ? sdex_op_payment(&operation, call->arena, &source, &to, &native,
					(struct sdex_amount){FRIENDBOT_STROOPS - there->balance},
					NULL)
		      : sdex_op_create_account(&operation, call->arena, &source, account,
					       (struct sdex_amount){FRIENDBOT_STROOPS}, NULL);
	out->status = SUBMISSION_TRY_AGAIN_LATER;
	for (uint32_t i = 0; i < FRIENDBOT_CHANNELS && !error && !decided(out); i++) {
		uint32_t number = call->sandbox->friendbot_next++ % FRIENDBOT_CHANNELS;
		(void)snprintf(name, sizeof(name), "friendbot-%u", number);
		sandbox_key(&channel, name);
		struct sending sending = {.source = &channel,
					  .also = &bot,
					  .operations = &operation,
					  .count = 1,
					  .fee = FRIENDBOT_FEE};
		error = send_transaction(call->network, out, call->arena, &sending);
		if (error == SDEX_ERR_MISSING || error == SDEX_ERR_RANGE)
			error = SDEX_OK;
	}
	return error;
}

static const struct account *existing(const struct state *state, const sdex_AccountID *id)
{
	uint32_t address = state_address_find(state, id->ed25519.bytes);
	return address == SLOT_NONE ? NULL : state_account(state, address);
}

void horizon_friendbot(struct call *call)
{
	struct text text = call_parameter(call, "addr");
	struct submitted done;
	sdex_AccountID id;
	if (sdex_account_parse(&id, text.data, text.size, NULL)) {
		call_refuse_field(
			call, "addr",
			"Account ID must start with `G` and contain 56 alphanum characters");
		return;
	}
	const struct account *there = existing(call->network->state, &id);
	if (there && there->balance >= FRIENDBOT_STROOPS) {
		call_refuse(call, &funded);
		return;
	}
	if (fund(call, &done, &id))
		call_refuse(call, &problem_server_error);
	else if (done.status == SUBMISSION_TRY_AGAIN_LATER)
		call_refuse(call, &problem_service_unavailable);
	else if (done.status == SUBMISSION_ERROR)
		transaction_refuse(call, TEXT(""), done.result, false);
	else
		hold_transaction(call, done.hash, TEXT(""));
}
