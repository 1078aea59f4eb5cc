/* The book against a sorted list, the table against a plain array, and levels that nest. */
#include "base/testing.h"

#include "ledger/state.h"

#define MANY 4000

static int by_key(const void *left, const void *right)
{
	const struct book_key *a = left, *b = right;
	if (a->pair != b->pair)
		return a->pair < b->pair ? -1 : 1;
	if (a->price != b->price)
		return a->price < b->price ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

static void same_as_list(const struct book *book, struct book_key *list, uint32_t count)
{
	qsort(list, count, sizeof(*list), by_key);
	uint32_t at = 0;
	for (uint32_t pair = 0; pair < 5; pair++) {
		struct book_place place = book_begin(book, pair);
		uint32_t slot;
		assert_int_equal(book_best(book, pair),
				 at < count && list[at].pair == pair ? list[at].slot : SLOT_NONE);
		while ((slot = book_next(book, &place, pair)) != SLOT_NONE) {
			assert_true(at < count);
			assert_int_equal(list[at].pair, pair);
			assert_int_equal(list[at].slot, slot);
			at++;
		}
	}
	assert_int_equal(at, count);
}

static void the_book_is_a_sorted_list(void **state)
{
	(void)state;
	static struct book_key list[MANY];
	for (uint64_t number = 1; number <= 6; number++) {
		struct seeded seed = {number};
		struct book book;
		uint32_t count = 0;
		book_init(&book);
		for (int64_t i = 0; i < 3 * MANY; i++) {
			/* grows, then shrinks; in odd worlds prices rise */
			bool grow = seeded_below(&seed, 8) < (i < 2 * MANY ? 6u : 1u);
			if (grow && count < MANY) {
				uint64_t price = number % 2 ? (uint64_t)i : seeded_below(&seed, 50);
				list[count] =
					(struct book_key){.pair = (uint32_t)seeded_below(&seed, 5),
							  .price = price,
							  .id = i + 1,
							  .slot = (uint32_t)i};
				assert_true(book_put(&book, list[count++]));
			} else if (count > 0) {
				uint32_t at = (uint32_t)seeded_below(&seed, count);
				book_remove(&book, list[at]);
				list[at] = list[--count];
			}
			if (i % 997 == 0)
				same_as_list(&book, list, count);
		}
		same_as_list(&book, list, count);
		while (count > 0)
			book_remove(&book, list[--count]);
		assert_int_equal(book.nodes.live, 0);
		book_free(&book);
	}
}

static void prices_order_as_the_network_s_doubles(void **state)
{
	(void)state;
	/* 1/3 and 333333333/1000000000 differ; so do neighbours at the end of the range */
	assert_true(book_price((struct price){333333333, 1000000000}) <
		    book_price((struct price){1, 3}));
	assert_true(book_price((struct price){1, INT32_MAX}) <
		    book_price((struct price){1, INT32_MAX - 1}));
	assert_int_equal(book_price((struct price){2, 4}), book_price((struct price){1, 2}));
}

static void the_table_finds_what_it_holds(void **state)
{
	(void)state;
	static uint64_t hashes[MANY];
	static bool in[MANY];
	struct seeded seed = {3};
	struct table table = {0};
	for (uint32_t i = 0; i < MANY; i++)
		hashes[i] = seeded_next(&seed) & 0xff00000000u; /* they collide */
	for (int round = 0; round < 4 * MANY; round++) {
		uint32_t i = (uint32_t)seeded_below(&seed, MANY);
		if (in[i])
			table_remove(&table, hashes[i], i);
		else
			assert_true(table_put(&table, hashes[i], i));
		in[i] = !in[i];
	}
	for (uint32_t i = 0; i < MANY; i++) {
		struct table_walk walk = table_walk(&table, hashes[i]);
		bool found = false;
		for (uint32_t slot; (slot = table_next(&table, &walk)) != SLOT_NONE;)
			found = found || slot == i;
		assert_int_equal(found, in[i]);
	}
	table_free(&table);
}

static void levels_nest(void **state)
{
	(void)state;
	uint8_t key[32] = {1};
	struct state *s = state_new(1);
	assert_non_null(s);
	struct account made = {.entry.sponsor = SLOT_NONE,
			       .address = state_address(s, key),
			       .balance = 1,
			       .inflation_dest = SLOT_NONE};
	struct account *account = state_create(s, ENTRY_ACCOUNT, &made);
	state_begin(s);
	state_touch(s, ENTRY_ACCOUNT, account);
	account->balance = 2;
	state_begin(s);
	state_touch(s, ENTRY_ACCOUNT, account);
	account->balance = 3;
	state_erase(s, ENTRY_ACCOUNT, account);
	assert_null(state_account(s, made.address));
	state_rollback(s);
	assert_ptr_equal(state_account(s, made.address), account);
	assert_int_equal(account->balance, 2);
	/* serial numbers run out: nothing is lost */
	s->undo.serial = UINT32_MAX;
	state_begin(s);
	state_touch(s, ENTRY_ACCOUNT, account);
	account->balance = 4;
	state_commit(s);
	assert_int_equal(account->balance, 4);
	state_rollback(s);
	assert_int_equal(account->balance, 1);
	state_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_book_is_a_sorted_list),
		cmocka_unit_test(prices_order_as_the_network_s_doubles),
		cmocka_unit_test(the_table_finds_what_it_holds),
		cmocka_unit_test(levels_nest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
