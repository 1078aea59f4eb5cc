/* Journal records: there and back, and nothing else read. */
#include "base/testing.h"
#include "trade/record.h"

static uint8_t bytes[RECORD_SIZE_MAX], again[RECORD_SIZE_MAX];

static void fill_id(uint8_t *id, uint8_t value)
{
	memset(id, value, ORDER_ID_SIZE);
}

static uint32_t sample(struct record *records)
{
	static uint8_t blob[500] = {1, 2, 3};
	uint32_t count = 0;
	struct record *r = &records[count++];
	*r = (struct record){.kind = RECORD_ORDER};
	fill_id(r->order.id, 7);
	strcpy(r->order.client_id, "mm-1");
	strcpy(r->order.pair, "XLM-USDC");
	strcpy(r->order.base, "native");
	strcpy(r->order.counter, "USDC:GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN");
	r->order.side = ORDER_SELL;
	r->order.amount = INT64_MAX;
	r->order.price = (sdex_Price){.n = 1, .d = 10};
	strcpy(r->order.price_text, "0.1");
	r->order.created_ms = 1700000000123;
	r->order.created_ledger = 9;
	r = &records[count++];
	*r = (struct record){.kind = RECORD_TRANSACTION,
			     .transaction = {.sequence = 5,
					     .max_time = 1700000060,
					     .max_ledger = 21,
					     .before = 9,
					     .count = TRANSACTION_OPS_MAX,
					     .envelope = {.data = blob, .size = sizeof blob}}};
	for (uint32_t i = 0; i < TRANSACTION_OPS_MAX; i++) {
		fill_id(r->transaction.ops[i].order, (uint8_t)i);
		r->transaction.ops[i].act = i < 10 ? ACT_DELETE : ACT_PLACE;
	}
	records[count++] = (struct record){.kind = RECORD_SENT, .sent = {.at_ms = 5, .ledger = 6}};
	records[count++] = (struct record){.kind = RECORD_CANCEL, .cancel = {.at_ms = 5}};
	records[count++] = (struct record){.kind = RECORD_OUTCOME,
					   .outcome = {.fate = FATE_FOUND,
						       .proof = PROOF_RESULT,
						       .ledger = 11,
						       .place = 3,
						       .result = {.data = blob, .size = 77}}};
	records[count++] = (struct record){.kind = RECORD_OUTCOME,
					   .outcome = {.fate = FATE_DEAD,
						       .proof = PROOF_BOUND,
						       .ledger = 11,
						       .again = true,
						       .text = "no ledger to 11 holds it"}};
	records[count++] = (struct record){
		.kind = RECORD_FILL,
		.fill = {.fill = {.operation_id = 12345, .maker = true, .base = 1, .counter = 2}}};
	records[count++] = (struct record){.kind = RECORD_RESTING, .resting = {.amount = 1}};
	records[count++] = (struct record){
		.kind = RECORD_END, .end = {.end = END_REVOKED, .text = "authorisation revoked"}};
	records[count++] = (struct record){.kind = RECORD_CURSOR, .cursor = {.ledger = 4}};
	records[count++] = (struct record){.kind = RECORD_NETWORK, .network = {.id = {7, 8}}};
	records[count++] = (struct record){
		.kind = RECORD_RESULT,
		.result = {.offset = 65536, .part = {.data = blob, .size = sizeof blob}}};
	return count;
}

static void test_round_trip(void **state)
{
	(void)state;
	struct record records[16], back;
	uint32_t count = sample(records);
	for (uint32_t i = 0; i < count; i++) {
		struct sdex_failure why;
		size_t size = record_encode(bytes, &records[i]);
		assert_int_equal(record_decode(&back, bytes, size, &why), SDEX_OK);
		assert_int_equal(back.kind, records[i].kind);
		assert_int_equal(record_encode(again, &back), size);
		assert_memory_equal(again, bytes, size);
		/* every cut is noticed, and so is a byte more */
		for (size_t cut = 0; cut < size; cut++)
			assert_int_not_equal(record_decode(&back, bytes, cut, &why), SDEX_OK);
		bytes[size] = 0;
		assert_int_equal(record_decode(&back, bytes, size + 1, &why), SDEX_ERR_TRAILING);
	}
	assert_int_equal(back.kind, RECORD_RESULT);
}

static void test_values(void **state)
{
	(void)state;
	struct record records[16], back;
	(void)sample(records);
	size_t size = record_encode(bytes, &records[0]);
	assert_int_equal(record_decode(&back, bytes, size, NULL), SDEX_OK);
	assert_string_equal(back.order.client_id, "mm-1");
	assert_string_equal(back.order.counter, records[0].order.counter);
	assert_int_equal(back.order.amount, INT64_MAX);
	assert_int_equal(back.order.price.d, 10);
	size = record_encode(bytes, &records[1]);
	assert_int_equal(record_decode(&back, bytes, size, NULL), SDEX_OK);
	assert_int_equal(back.transaction.count, TRANSACTION_OPS_MAX);
	assert_int_equal(back.transaction.ops[9].act, ACT_DELETE);
	assert_int_equal(back.transaction.ops[10].act, ACT_PLACE);
	assert_int_equal(back.transaction.envelope.size, 500);
	assert_memory_equal(back.transaction.envelope.data, "\1\2\3", 4);
}

/* Whatever is read can be written, and gives the same bytes. */
static void test_garbled(void **state)
{
	(void)state;
	struct record records[16], back;
	struct seeded s = {3};
	uint32_t count = sample(records), read = 0;
	for (int round = 0; round < 100000; round++) {
		size_t size = record_encode(bytes, &records[seeded_below(&s, count)]);
		for (uint64_t n = 1 + seeded_below(&s, 3); n > 0; n--)
			bytes[seeded_below(&s, size < 80 ? size : 80)] = (uint8_t)seeded_bits(&s);
		if (record_decode(&back, bytes, size, NULL))
			continue;
		assert_int_equal(record_encode(again, &back), size);
		assert_memory_equal(again, bytes, size);
		read++;
	}
	assert_true(read > 1000);
}

static void test_refusals(void **state)
{
	(void)state;
	struct record back;
	struct sdex_failure why;
	assert_int_equal(record_decode(&back, "\2\1", 2, &why), SDEX_ERR_UNSUPPORTED);
	assert_int_equal(record_decode(&back, "\1\0", 2, &why), SDEX_ERR_DISCRIMINANT);
	assert_int_equal(record_decode(&back, "\1\14", 2, &why), SDEX_ERR_DISCRIMINANT);
	assert_int_equal(record_decode(&back, "", 0, &why), SDEX_ERR_TRUNCATED);
	static uint8_t large[RECORD_SIZE_MAX + 1];
	assert_int_equal(record_decode(&back, large, sizeof large, &why), SDEX_ERR_LENGTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_garbled),
		cmocka_unit_test(test_refusals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
