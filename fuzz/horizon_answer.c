/* fuzz/horizon_answer.c - answers of Horizon, whatever they hold: what is read is in range,
 * what is refused has a reason, the same each time; headers, too. */
#include "answer.h"

#include "chain/answer.h"
#include "chain/horizon.h"
#include "sdex/asset.h"
#include "sdex/price.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum sdex_error read_offers(struct sdex_arena *arena, const uint8_t *data, size_t size,
				   struct sdex_failure *why)
{
	struct horizon_offers offers;
	char url[HORIZON_URL_MAX];
	enum sdex_error error = horizon_read_offers(&offers, arena, data, size, why);
	for (uint32_t i = 0; !error && i < offers.count; i++) {
		const struct horizon_offer *offer = &offers.items[i];
		CHECK(offer->id > 0 && offer->amount > 0 && sdex_price_valid(offer->price));
		CHECK(sdex_asset_valid(&offer->selling) && sdex_asset_valid(&offer->buying));
		add(&offer->id, sizeof(offer->id));
		/* a server's cursor goes into the next address, or is refused */
		if (!horizon_url_offers(url, sizeof(url), "https://h", &offer->selling,
					&offer->buying, offers.cursor, 200))
			CHECK(strspn(url, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					  "0123456789:/?&=_-") == strlen(url));
	}
	CHECK(error || !offers.count == !offers.cursor);
	return error;
}

static enum sdex_error read_account(struct sdex_arena *arena, const uint8_t *data, size_t size,
				    struct sdex_failure *why)
{
	struct horizon_account account;
	enum sdex_error error = horizon_read_account(&account, arena, data, size, why);
	if (error)
		return error;
	for (uint32_t i = 0; i < account.balance_count; i++) {
		const struct horizon_balance *balance = &account.balances[i];
		CHECK(balance->pool_share || sdex_asset_valid(&balance->asset));
		CHECK(balance->amount >= 0 && balance->limit >= 0 && balance->buying >= 0 &&
		      balance->selling >= 0);
		CHECK(!balance->authorized || balance->maintain);
	}
	for (uint32_t i = 0; i < account.signer_count; i++)
		add_text(account.signers[i].key);
	return SDEX_OK;
}

static enum sdex_error read_transaction(struct sdex_arena *arena, const uint8_t *data, size_t size,
					struct sdex_failure *why)
{
	struct horizon_transaction tx;
	enum sdex_error error = horizon_read_transaction(&tx, arena, data, size, why);
	if (error)
		return error;
	add(tx.envelope.data, tx.envelope.size);
	add(tx.result.data, tx.result.size);
	return SDEX_OK;
}

static enum sdex_error read_small(struct sdex_arena *arena, const uint8_t *data, size_t size,
				  struct sdex_failure *why)
{
	struct horizon_root root;
	struct horizon_fee_stats stats;
	struct horizon_problem problem;
	struct horizon_sent sent;
	if (!horizon_read_root(&root, arena, data, size, why))
		add_text(root.passphrase);
	if (!horizon_read_fee_stats(&stats, arena, data, size, why))
		add(&stats.bid_p90, sizeof(stats.bid_p90));
	if (!horizon_read_problem(&problem, arena, data, size, why)) {
		add_text(problem.type);
		add_text(problem.detail);
		add(problem.result.data, problem.result.size);
	}
	enum sdex_error error = horizon_read_sent(&sent, arena, data, size, why);
	if (!error)
		add(sent.result.data, sent.result.size);
	return error;
}

static void check_answers(struct sdex_arena *arena, const uint8_t *data, size_t size)
{
	static const unsigned statuses[] = {200, 201, 400, 403, 409, 429, 500, 503, 504};
	uint8_t hash[32] = {0xab};
	struct answer answer;
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		answer_horizon_async(&answer, arena, statuses[i], hash, true, data, size);
		CHECK(answer.kind == ANSWER_PENDING || answer.kind == ANSWER_AMBIGUOUS);
		answer_horizon(&answer, arena, statuses[i], hash, true, data, size);
		CHECK(answer.kind == ANSWER_CONFIRMED || answer.kind == ANSWER_AMBIGUOUS);
		CHECK(answer.kind != ANSWER_CONFIRMED || (statuses[i] == 200 && answer.result));
	}
}

static void check_head(const uint8_t *data, size_t size)
{
	struct sdex_failure why;
	uint32_t ledger = 0;
	if (!horizon_latest_ledger(&ledger, (const char *)data, size, &why))
		CHECK(ledger > 0);
	else
		CHECK(why.text[0] && why.where <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	answer_reader *const readers[] = {read_offers, read_account, read_transaction, read_small};
	struct sdex_arena *arena = sdex_arena_new(ANSWER_LIMIT);
	CHECK(arena);
	answer_read_twice(readers, sizeof(readers) / sizeof(readers[0]), arena, data, size);
	check_answers(arena, data, size);
	check_head(data, size);
	sdex_arena_free(arena);
	return 0;
}
