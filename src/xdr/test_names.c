/* xdr/test_names.c - types and enumerators by name, and records of a stream. */
#include "sdex/xdr_types.h"
#include "xdr/describe.h"
#include "xdr/test_values.h"

static void each_type_by_its_name(void **state)
{
	(void)state;
	for (int i = 0; i < SDEX_TYPE_COUNT; i++) {
		enum sdex_type found = SDEX_TYPE_int32;
		assert_int_equal(sdex_type_by_name(&found, sdex_type_name((enum sdex_type)i)),
				 SDEX_OK);
		assert_int_equal(found, i);
	}
	assert_string_equal(sdex_type_name(SDEX_TYPE_TransactionEnvelope), "TransactionEnvelope");
	assert_string_equal(sdex_type_name((enum sdex_type)SDEX_TYPE_COUNT), "?");
	assert_string_equal(sdex_type_name((enum sdex_type) - 1), "?");
}

static void no_type_by_another_name(void **state)
{
	(void)state;
	static const char *const names[] = {"",    "Transactio", "TransactionX",
					    "zzz", "AAA",        "asset"};
	enum sdex_type untouched = SDEX_TYPE_Memo;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_int_equal(sdex_type_by_name(&untouched, names[i]), SDEX_ERR_UNKNOWN);
	assert_int_equal(untouched, SDEX_TYPE_Memo);
}

static void enumerators(void **state)
{
	(void)state;
	int32_t value = 5;
	assert_string_equal(sdex_enum_name(SDEX_TYPE_TransactionResultCode, SDEX_txBAD_SEQ),
			    "txBAD_SEQ");
	assert_int_equal(sdex_enum_by_name(&value, SDEX_TYPE_TransactionResultCode,
					   "txFEE_BUMP_INNER_FAILED"),
			 SDEX_OK);
	assert_int_equal(value, -13);
	assert_null(sdex_enum_name(SDEX_TYPE_TransactionResultCode, 99));
	assert_null(sdex_enum_name(SDEX_TYPE_TransactionResultCode, INT32_MIN));
	assert_null(sdex_enum_name(SDEX_TYPE_Transaction, 0));
	assert_null(sdex_enum_name((enum sdex_type)SDEX_TYPE_COUNT, 0));
	assert_int_equal(sdex_enum_by_name(&value, SDEX_TYPE_AssetType, "txBAD_SEQ"),
			 SDEX_ERR_UNKNOWN);
	assert_int_equal(sdex_enum_by_name(&value, SDEX_TYPE_Transaction, "x"), SDEX_ERR_UNKNOWN);
	assert_int_equal(sdex_enum_by_name(&value, (enum sdex_type)SDEX_TYPE_COUNT, "x"),
			 SDEX_ERR_UNKNOWN);
	assert_int_equal(value, -13);
}

static void every_enumerator_both_ways(void **state)
{
	(void)state;
	for (int i = 0; i < SDEX_TYPE_COUNT; i++) {
		const struct describe_type *type = &describe_types[i];
		if (type->kind != DESCRIBE_ENUM)
			continue;
		for (uint16_t k = 0; k < type->count; k++) {
			const struct describe_value *v = &describe_values[type->first + k];
			const char *name = sdex_enum_name((enum sdex_type)i, v->value);
			int32_t value = 0;
			assert_string_equal(name, describe_name(v->name));
			assert_int_equal(sdex_enum_by_name(&value, (enum sdex_type)i, name),
					 SDEX_OK);
			assert_int_equal(value, v->value);
			assert_true(!k || v[-1].value < v->value);
		}
	}
}

/* Sizes that the generator reckons with, against those of the compiler. */
static void sizes_in_memory(void **state)
{
	(void)state;
	assert_int_equal(describe_types[SDEX_TYPE_Hash].size, 32);
	assert_int_equal(describe_types[SDEX_TYPE_Price].size, sizeof(sdex_Price));
	if (sizeof(void *) == 8) {
		assert_int_equal(sizeof(sdex_SCVal), 40);
		assert_int_equal(sizeof(sdex_Asset), 48);
	}
	for (size_t i = 0; i < SDEX_TYPE_COUNT; i++) {
		const struct describe_type *type = &describe_types[i];
		assert_true(type->least >= 4 && type->least % 4 == 0);
		assert_true(!type->fixed || type->fixed == type->least);
	}
}

static void records(void **state)
{
	(void)state;
	static const uint8_t stream[] = {0x80, 0, 0,    2, 'a', 'b', 0x80, 0,
					 0,    0, 0x80, 0, 0,   1,   'c'};
	const uint8_t *data = stream, *record = NULL;
	size_t left = sizeof stream, size = 9;
	assert_int_equal(sdex_xdr_frame_next(&record, &size, &data, &left), SDEX_OK);
	assert_ptr_equal(record, stream + 4);
	assert_int_equal(size, 2);
	assert_int_equal(sdex_xdr_frame_next(&record, &size, &data, &left), SDEX_OK);
	assert_int_equal(size, 0);
	assert_int_equal(sdex_xdr_frame_next(&record, &size, &data, &left), SDEX_OK);
	assert_memory_equal(record, "c", 1);
	assert_int_equal(left, 0);
	assert_int_equal(sdex_xdr_frame_next(&record, &size, &data, &left), SDEX_ERR_MISSING);
}

static void broken_records(void **state)
{
	(void)state;
	static const uint8_t stream[] = {0x80, 0, 0, 3, 'a', 'b', 'c'};
	const uint8_t *record = NULL;
	size_t size = 9;
	for (size_t i = 1; i < sizeof stream; i++) {
		const uint8_t *data = stream;
		size_t left = i;
		assert_int_equal(sdex_xdr_frame_next(&record, &size, &data, &left),
				 SDEX_ERR_TRUNCATED);
		assert_int_equal(left, i);
		assert_ptr_equal(data, stream);
	}
	static const uint8_t fragment[] = {0, 0, 0, 1, 'a'};
	const uint8_t *data = fragment;
	size_t left = sizeof fragment;
	assert_int_equal(sdex_xdr_frame_next(&record, &size, &data, &left), SDEX_ERR_UNSUPPORTED);
	static const uint8_t huge[] = {0xff, 0xff, 0xff, 0xff, 'a'};
	data = huge;
	assert_int_equal(sdex_xdr_frame_next(&record, &size, &data, &left), SDEX_ERR_TRUNCATED);
	assert_int_equal(size, 9);
	assert_null(record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_type_by_its_name),
		cmocka_unit_test(no_type_by_another_name),
		cmocka_unit_test(enumerators),
		cmocka_unit_test(every_enumerator_both_ways),
		cmocka_unit_test(sizes_in_memory),
		cmocka_unit_test(records),
		cmocka_unit_test(broken_records),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
