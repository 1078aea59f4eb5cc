/* Random worlds (testing/wild.h): all laws after each of many transactions over all operations, and
 * scripts that once failed.  A world that fails is shrunk and printed as C. */
#include "base/testing.h"

#include "base/check.h"
#include "ledger/testing/wild_op.h"
#include "sdex/xdr.h"

enum { WORLDS = 500, LENGTH = 100 };

/* A kind's number in scripts. */
static uint8_t number_of(sdex_OperationType type)
{
	for (int kind = 0; kind < 256; kind++)
		if (wild_kind(&(struct wild_op){.kind = (uint8_t)kind}) == type)
			return (uint8_t)kind;
	fail_msg("no such operation in scripts");
	return 0;
}

/* Mostly what can be done: traders, small amounts, near prices; now and then anything. */
static void tame(struct wild_op *op, struct seeded *seed, uint8_t source)
{
	bool odd = seeded_below(seed, 6) == 0;
	for (int k = 0; k < 2 && !odd; k++)
		op->amount[k] = (uint8_t)(1 + seeded_below(seed, 16));
	if (!odd) {
		op->n = (uint8_t)seeded_below(seed, 8);
		op->d = (uint8_t)seeded_below(seed, 8);
		op->asset[1] = (uint8_t)(op->asset[0] + 1 + seeded_below(seed, 3));
	}
	if (seeded_below(seed, 4))
		op->kind = (uint8_t)seeded_below(seed, 20); /* no births, merges, sequences */
	op->pick = (uint8_t)seeded_below(seed, 4);
	op->to = (uint8_t)seeded_below(seed, 8);
	op->source = seeded_below(seed, 4) ? source : (uint8_t)seeded_below(seed, 6);
	sdex_OperationType type = wild_kind(op);
	if (type == SDEX_SET_TRUST_LINE_FLAGS || type == SDEX_ALLOW_TRUST ||
	    type == SDEX_CLAWBACK || type == SDEX_CLAWBACK_CLAIMABLE_BALANCE) {
		op->asset[0] = 1;
		op->source = 0; /* who issues it */
		op->to = (uint8_t)(2 + seeded_below(seed, 4));
	} else if (type == SDEX_CREATE_ACCOUNT) {
		op->to = (uint8_t)(6 + seeded_below(seed, 2));
		op->amount[0] = (uint8_t)(14 + seeded_below(seed, 3));
	} else if (type == SDEX_ACCOUNT_MERGE && seeded_below(seed, 4)) {
		op->source = (uint8_t)(6 + seeded_below(seed, 2));
	} else if (seeded_below(seed, 2)) {
		/* the pair that has a pool */
		op->asset[0] = (uint8_t)seeded_below(seed, 2);
		op->asset[1] = 1 - op->asset[0];
		op->source = (uint8_t)(2 + seeded_below(seed, 3));
	}
}

/* One account pays the reserves of what another does. */
static void sponsor(struct wild_tx *tx, struct seeded *seed)
{
	uint8_t who = (uint8_t)(2 + seeded_below(seed, 4));
	who = who == tx->source ? (uint8_t)(who - 1) : who;
	tx->count = (uint8_t)(2 + seeded_below(seed, 2));
	for (uint32_t i = 1; i < tx->count; i++)
		tx->ops[i].source = who;
	tx->ops[0].kind = number_of(SDEX_BEGIN_SPONSORING_FUTURE_RESERVES);
	tx->ops[0].source = tx->source;
	tx->ops[0].to = who;
	tx->ops[tx->count].kind = number_of(SDEX_END_SPONSORING_FUTURE_RESERVES);
	tx->ops[tx->count].source = who;
}

static void fill(struct wild_script *script, uint64_t number, uint32_t length)
{
	struct seeded seed = {number};
	memset(script, 0, sizeof(*script));
	script->version = (uint8_t)seeded_below(&seed, 10);
	for (script->count = 0; script->count < length; script->count++) {
		struct wild_tx *tx = &script->txs[script->count];
		seeded_fill(&seed, tx, sizeof(*tx));
		tx->source = (uint8_t)seeded_below(&seed, 6);
		tx->count = (uint8_t)(seeded_below(&seed, 3) ? 0 : seeded_below(&seed, WILD_OPS));
		tx->form = seeded_below(&seed, 4) ? 0 : tx->form;
		for (uint32_t i = 0; i < WILD_OPS; i++)
			tame(&tx->ops[i], &seed, tx->source);
		if (seeded_below(&seed, 6) == 0)
			sponsor(tx, &seed);
	}
}

static void must_hold(struct wild_script *script, struct wild_counts *counts, uint64_t number)
{
	char text[WILD_TEXT_ROOM];
	if (wild_run(text, counts, script, NULL))
		return;
	wild_shrink(script, NULL);
	CHECK(!wild_run(text, NULL, script, NULL));
	print_message("world %llu: %s; it shrinks to\n", (unsigned long long)number, text);
	wild_print(script);
	fail_msg("%s", text);
}

static void wild_worlds_keep_the_laws(void **state)
{
	(void)state;
	static struct wild_script script;
	struct wild_counts counts = {0};
	for (uint64_t number = 1; number <= WORLDS; number += seed_step()) {
		fill(&script, number, LENGTH);
		must_hold(&script, &counts, number);
	}
	print_message("%llu transactions, %llu of them done\n",
		      (unsigned long long)counts.transactions, (unsigned long long)counts.done);
	if (seed_step() > 1)
		return;
	/* every operation was done, but for the one that protocols no longer do */
	for (int kind = 0; kind < SDEX_INVOKE_HOST_FUNCTION; kind++) {
		print_message("%8u %s\n", counts.kinds[kind],
			      sdex_enum_name(SDEX_TYPE_OperationType, kind));
		assert_true(kind == SDEX_INFLATION || counts.kinds[kind] > 9);
	}
}

static const char *nobody_keeps_data(const struct state *state)
{
	return state->entries[ENTRY_DATA].live ? "somebody keeps data" : NULL;
}

static const char *nobody_sells_for_less(const struct state *state)
{
	for (uint32_t i = 0; i < state->pairs.used; i++) {
		const struct pair *pair = pair_at(state, i);
		const struct offer *best = state_best_offer(state, pair->selling, pair->buying);
		if (best && best->price.n < best->price.d)
			return "somebody sells for less than one";
	}
	return NULL;
}

/* A law that does not hold: what is left is what it takes to break it. */
static void what_fails_is_shrunk(void **state)
{
	(void)state;
	static struct wild_script script;
	char text[WILD_TEXT_ROOM];
	int shrunk = 0;
	for (uint64_t number = 1; number <= 40 && shrunk < 2; number++) {
		fill(&script, number, LENGTH);
		if (wild_run(text, NULL, &script, nobody_keeps_data))
			continue;
		assert_non_null(strstr(text, "somebody keeps data"));
		wild_shrink(&script, nobody_keeps_data);
		assert_false(wild_run(text, NULL, &script, nobody_keeps_data));
		assert_int_equal(script.count, 1);
		assert_int_equal(script.txs[0].count, 0);
		assert_int_equal(script.txs[0].ops[0].source, 0);
		assert_int_equal(script.txs[0].ops[0].flags, 1);
		assert_int_equal(script.version, 0);
		shrunk++;
	}
	assert_int_equal(shrunk, 2);
	for (uint64_t number = 1; shrunk < 3; number++) {
		assert_true(number < 200);
		fill(&script, number, LENGTH);
		if (wild_run(text, NULL, &script, nobody_sells_for_less))
			continue;
		wild_shrink(&script, nobody_sells_for_less);
		assert_int_equal(script.count, 1);
		shrunk++;
	}
}

static void scripts_are_bytes(void **state)
{
	(void)state;
	static struct wild_script script, back;
	static uint8_t bytes[1 << 16], again[1 << 16];
	for (uint64_t number = 1; number <= 20; number++) {
		fill(&script, number, LENGTH);
		size_t size = wild_write(bytes, sizeof(bytes), &script);
		wild_read(&back, bytes, size);
		assert_int_equal(back.count, script.count);
		assert_int_equal(wild_write(again, sizeof(again), &back), size);
		assert_memory_equal(bytes, again, size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scripts_are_bytes),
		cmocka_unit_test(wild_worlds_keep_the_laws),
		cmocka_unit_test(what_fails_is_shrunk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
