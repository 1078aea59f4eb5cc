/* fuzz/rpc_answer.c - answers of an RPC server, whatever they hold: read whole or refused
 * with a reason, the same each time; and none of them confirms a transaction. */
#include "answer.h"

#include "chain/answer.h"
#include "chain/rpc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool refused(const struct rpc_error *error)
{
	uint32_t oldest, latest;
	if (error->code == 0)
		return false;
	CHECK(strlen(error->message) <= 1000);
	add_text(error->message);
	rpc_range(error, &oldest, &latest);
	return true;
}

static enum sdex_error read_ledgers(struct sdex_arena *arena, const uint8_t *data, size_t size,
				    struct sdex_failure *why)
{
	struct rpc_ledgers ledgers;
	enum sdex_error error = rpc_read_ledgers(&ledgers, arena, 1, data, size, why);
	for (uint32_t i = 0; !error && !refused(&ledgers.error) && i < ledgers.count; i++) {
		CHECK(i == 0 || ledgers.items[i].sequence == ledgers.items[i - 1].sequence + 1);
		add(ledgers.items[i].hash, 32);
		add(ledgers.items[i].meta.data, ledgers.items[i].meta.size);
	}
	return error;
}

static enum sdex_error read_transaction(struct sdex_arena *arena, const uint8_t *data, size_t size,
					struct sdex_failure *why)
{
	struct rpc_transaction tx;
	enum sdex_error error = rpc_read_transaction(&tx, arena, 1, data, size, why);
	if (error || refused(&tx.error))
		return error;
	CHECK(tx.found <= RPC_NOT_FOUND);
	CHECK(tx.found == RPC_NOT_FOUND || (tx.ledger && tx.order && tx.result.size));
	add(tx.envelope.data, tx.envelope.size);
	add(tx.result.data, tx.result.size);
	add(tx.meta.data, tx.meta.size);
	return SDEX_OK;
}

static enum sdex_error read_entries(struct sdex_arena *arena, const uint8_t *data, size_t size,
				    struct sdex_failure *why)
{
	struct rpc_entries entries;
	enum sdex_error error = rpc_read_entries(&entries, arena, 1, data, size, why);
	for (uint32_t i = 0; !error && !refused(&entries.error) && i < entries.count; i++) {
		add(entries.items[i].key.data, entries.items[i].key.size);
		add(entries.items[i].data.data, entries.items[i].data.size);
	}
	return error;
}

static enum sdex_error read_sent(struct sdex_arena *arena, const uint8_t *data, size_t size,
				 struct sdex_failure *why)
{
	struct rpc_sent sent;
	struct answer answer;
	uint8_t hash[32] = {0};
	enum sdex_error error = rpc_read_sent(&sent, arena, 1, data, size, why);
	if (!error && !refused(&sent.error)) {
		CHECK(sent.status <= RPC_ERROR);
		memcpy(hash, sent.hash, 32);
		add(sent.result.data, sent.result.size);
	}
	answer_rpc(&answer, arena, 200, 1, hash, false, data, size);
	CHECK(answer.kind != ANSWER_CONFIRMED && answer.text[0]);
	CHECK(!error || answer.kind == ANSWER_AMBIGUOUS);
	answer_rpc(&answer, arena, 200, 1, hash, true, data, size);
	CHECK(answer.kind == ANSWER_PENDING || answer.kind == ANSWER_AMBIGUOUS);
	return error;
}

static enum sdex_error read_small(struct sdex_arena *arena, const uint8_t *data, size_t size,
				  struct sdex_failure *why)
{
	struct rpc_health health;
	struct rpc_network network;
	struct rpc_latest_ledger latest;
	struct rpc_fee_stats stats;
	if (!rpc_read_health(&health, arena, 1, data, size, why) && !refused(&health.error))
		add_text(health.status);
	if (!rpc_read_network(&network, arena, 1, data, size, why) && !refused(&network.error))
		add_text(network.passphrase);
	if (!rpc_read_latest_ledger(&latest, arena, 1, data, size, why) && !refused(&latest.error))
		add(latest.hash, 32);
	return rpc_read_fee_stats(&stats, arena, 1, data, size, why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	answer_reader *const readers[] = {read_ledgers, read_transaction, read_entries, read_sent,
					  read_small};
	struct sdex_arena *arena = sdex_arena_new(ANSWER_LIMIT);
	CHECK(arena);
	answer_read_twice(readers, sizeof(readers) / sizeof(readers[0]), arena, data, size);
	sdex_arena_free(arena);
	return 0;
}
