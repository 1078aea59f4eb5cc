/* xdr/test_strict.c - what is refused, where, and in which words. */
#include "sdex/xdr_types.h"
#include "xdr/test_values.h"

static struct sdex_arena *arena;

static int open_arena(void **state)
{
	(void)state;
	arena = sdex_arena_new(1 << 24);
	return !arena;
}

static int close_arena(void **state)
{
	(void)state;
	sdex_arena_free(arena);
	return 0;
}

static size_t words(uint8_t *out, const uint32_t *in, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < 4; k++)
			out[4 * i + k] = (uint8_t)(in[i] >> (24 - 8 * k));
	return 4 * count;
}

/* Decoding, checking and visiting refuse the words, all in the same way. */
static void refused(enum sdex_type type, const uint32_t *in, size_t count, enum sdex_error code,
		    uint64_t where, const char *text)
{
	uint8_t *data = malloc(4 * count);
	size_t size = words(data, in, count), used = 0;
	struct sdex_failure why = {0}, again = {0};
	void *value = &why;

	sdex_arena_reset(arena);
	assert_int_equal(sdex_xdr_decode(type, &value, arena, data, size, NULL, &why), code);
	assert_ptr_equal(value, &why);
	assert_int_equal(why.code, code);
	assert_int_equal(why.where, where);
	assert_string_equal(why.text, text);

	assert_int_equal(sdex_xdr_check(type, &used, data, size, NULL, &again), code);
	assert_int_equal(again.where, where);
	assert_string_equal(again.text, text);
	assert_int_equal(used, 0);
	assert_int_equal(sdex_xdr_decode(type, &value, arena, data, size, NULL, NULL), code);
	free(data);
}

#define REFUSED(type, code, where, text, ...)                      \
	refused(SDEX_TYPE_##type, (const uint32_t[]){__VA_ARGS__}, \
		sizeof((const uint32_t[]){__VA_ARGS__}) / 4, SDEX_ERR_##code, where, text)

static void padding(void **state)
{
	(void)state;
	REFUSED(Memo, PADDING, 11, "Memo.text: padding byte is 0x01, must be 0", 1, 1, 0x61000001);
	REFUSED(Memo, PADDING, 9, "Memo.text: padding byte is 0xff, must be 0", 1, 1, 0x61ff0000);
	REFUSED(SCVal, PADDING, 10, "SCVal.bytes: padding byte is 0x80, must be 0", 13, 2,
		0x61628000);
	REFUSED(DataValue, PADDING, 7, "DataValue: padding byte is 0x09, must be 0", 3, 0x61626309);
}

static void booleans(void **state)
{
	(void)state;
	REFUSED(SCVal, BOOLEAN, 4, "SCVal.b: a boolean must be 0 or 1, found 2", 0, 2);
	REFUSED(EvictionIterator, BOOLEAN, 4,
		"EvictionIterator.isCurrBucket: a boolean must be 0 or 1, found 4294967295", 0,
		0xffffffff, 0, 0);
	REFUSED(SponsorshipDescriptor, BOOLEAN, 0,
		"SponsorshipDescriptor: the flag of an optional must be 0 or 1, found 2", 2);
	REFUSED(Operation, BOOLEAN, 0,
		"Operation.sourceAccount: the flag of an optional must be 0 or 1, found 256", 256,
		9);
}

static void discriminants(void **state)
{
	(void)state;
	REFUSED(Asset, DISCRIMINANT, 0, "Asset.type: Asset has no case 9", 9);
	/* An enumerator, but the union has no arm for it. */
	REFUSED(AssetCode, DISCRIMINANT, 0, "AssetCode.type: AssetCode has no case 0", 0);
	REFUSED(MuxedAccount, DISCRIMINANT, 0, "MuxedAccount.type: MuxedAccount has no case 1", 1);
	REFUSED(TransactionExt, DISCRIMINANT, 0, "TransactionExt.v: TransactionExt has no case 2",
		2);
	REFUSED(ExtensionPoint, DISCRIMINANT, 0, "ExtensionPoint.v: ExtensionPoint has no case -1",
		0xffffffff);
	REFUSED(EnvelopeType, DISCRIMINANT, 0, "EnvelopeType: 99 is no EnvelopeType", 99);
	REFUSED(SCVal, DISCRIMINANT, 8, "SCVal.error.code: 10 is no SCErrorCode", 2, 9, 10);
	REFUSED(OperationResult, DISCRIMINANT, 4,
		"OperationResult.tr.type: OperationResultTr has no case 27", 0, 27);
}

static void lengths(void **state)
{
	(void)state;
	REFUSED(Memo, LENGTH, 4, "Memo.text: length 29 is over the maximum of 28", 1, 29);
	REFUSED(Signature, LENGTH, 0, "Signature: length 65 is over the maximum of 64", 65);
	REFUSED(SCSymbol, LENGTH, 0, "SCSymbol: length 4294967295 is over the maximum of 32",
		0xffffffff);
	REFUSED(ClaimPredicate, LENGTH, 4,
		"ClaimPredicate.andPredicates: length 3 is over the maximum of 2", 1, 3, 0, 0, 0);
}

/* A count that the bytes cannot hold is refused before memory is taken for it. */
static void hostile_counts(void **state)
{
	(void)state;
	REFUSED(SCVal, TRUNCATED, 12,
		"SCVal.vec: 4294967295 elements of 4 bytes or more are announced, 8 bytes are left",
		16, 1, 0xffffffff, 1, 1);
	REFUSED(LedgerEntryChanges, TRUNCATED, 4,
		"LedgerEntryChanges: 268435456 elements of 12 bytes or more are announced, 4 bytes "
		"are "
		"left",
		0x10000000, 0);
	REFUSED(UpgradeType, LENGTH, 0, "UpgradeType: length 129 is over the maximum of 128", 129);
	REFUSED(Value, TRUNCATED, 4,
		"Value: the input ends: 4294967296 bytes are needed, 0 are left", 0xffffffff);
	assert_true(sdex_arena_held(arena) < 10000);
}

static void ends(void **state)
{
	(void)state;
	REFUSED(Price, TRUNCATED, 4, "Price.d: the input ends: 4 bytes are needed, 0 are left", 1);
	static const uint8_t data[8];
	void *value;
	struct sdex_failure why = {0};
	assert_int_equal(
		sdex_xdr_decode(SDEX_TYPE_ExtensionPoint, &value, arena, data, 8, NULL, &why),
		SDEX_ERR_TRAILING);
	assert_int_equal(why.where, 4);
	assert_string_equal(why.text, "ExtensionPoint ends after 4 bytes, 4 more follow");
}

static void paths_show_the_way(void **state)
{
	(void)state;
	/* A map of two entries; the second's value is a vec of which the third element is bad. */
	REFUSED(SCVal, DISCRIMINANT, 44, "SCVal.map[1].val.vec[2].type: SCVal has no case 23", 17,
		1, 2, 1, 1, 1, 16, 1, 3, 1, 1, 23);
}

/* `count` levels of nesting, then what ends them. */
static uint8_t *nest(size_t *size, const uint32_t *level, size_t level_words, const uint32_t *end,
		     size_t end_words, uint32_t count)
{
	uint8_t *data = malloc(4 * (level_words * count + end_words)), *p = data;
	for (uint32_t i = 0; i < count; i++)
		p += words(p, level, level_words);
	p += words(p, end, end_words);
	*size = (size_t)(p - data);
	return data;
}

static enum sdex_error decode_nest(enum sdex_type type, const uint32_t *level, size_t level_words,
				   const uint32_t *end, size_t end_words, uint32_t count,
				   uint32_t limit, struct sdex_failure *why)
{
	size_t size = 0, used = 0;
	void *value = NULL;
	struct sdex_xdr_limits limits = {limit};
	uint8_t *data = nest(&size, level, level_words, end, end_words, count);
	sdex_arena_reset(arena);
	enum sdex_error error = sdex_xdr_decode(type, &value, arena, data, size, &limits, why);
	assert_int_equal(sdex_xdr_check(type, &used, data, size, &limits, NULL), error);

	struct sdex_visit_plan plan;
	enum sdex_type nothing = SDEX_TYPE_LedgerCloseMeta;
	assert_int_equal(sdex_visit_plan_init(&plan, &nothing, 1), SDEX_OK);
	assert_int_equal(sdex_xdr_visit(type, &plan, NULL, NULL, data, size, &limits, NULL), error);
	if (!error) {
		uint8_t *again = malloc(size);
		assert_int_equal(sdex_xdr_encode(type, again, size, &used, value, NULL), SDEX_OK);
		assert_memory_equal(again, data, size);
		assert_true(sdex_xdr_equal(type, value, value));
		free(again);
	}
	free(data);
	return error;
}

#define COUNT(...) (sizeof((const uint32_t[]){__VA_ARGS__}) / 4)
#define LEVEL(...) (const uint32_t[]){__VA_ARGS__}, COUNT(__VA_ARGS__)

static void deep(enum sdex_type type, const uint32_t *level, size_t level_words,
		 const uint32_t *end, size_t end_words)
{
	struct sdex_failure why = {0};
#define NEST(count, limit) decode_nest(type, level, level_words, end, end_words, count, limit, &why)
	assert_int_equal(NEST(SDEX_XDR_DEPTH, 0), SDEX_OK);
	assert_int_equal(NEST(SDEX_XDR_DEPTH + 1, 0), SDEX_ERR_DEPTH);
	assert_non_null(strstr(why.text, "nested deeper than 500 levels"));
	assert_non_null(strstr(why.text, "..."));
	assert_memory_equal(why.text, sdex_type_name(type), strlen(sdex_type_name(type)));
	assert_int_equal(NEST(7, 7), SDEX_OK);
	assert_int_equal(NEST(8, 7), SDEX_ERR_DEPTH);
	assert_int_equal(NEST(SDEX_XDR_DEPTH_MAX, SDEX_XDR_DEPTH_MAX), SDEX_OK);
	assert_int_equal(NEST(SDEX_XDR_DEPTH_MAX + 1, SDEX_XDR_DEPTH_MAX), SDEX_ERR_DEPTH);
	assert_int_equal(NEST(100000, 0), SDEX_ERR_DEPTH);
#undef NEST
}

static void nesting_is_bounded(void **state)
{
	(void)state;
	deep(SDEX_TYPE_SCVal, LEVEL(16, 1, 1), LEVEL(1));       /* vec */
	deep(SDEX_TYPE_SCVal, LEVEL(17, 1, 1, 1), LEVEL(1));    /* map */
	deep(SDEX_TYPE_SCVal, LEVEL(19, 1, 1, 1, 1), LEVEL(1)); /* contract instance */
	deep(SDEX_TYPE_ClaimPredicate, LEVEL(1, 1), LEVEL(0));  /* and */
	deep(SDEX_TYPE_ClaimPredicate, LEVEL(2, 1), LEVEL(0));  /* or */
	deep(SDEX_TYPE_ClaimPredicate, LEVEL(3, 1), LEVEL(0));  /* not */
	deep(SDEX_TYPE_SCPQuorumSet, LEVEL(1, 0, 1), LEVEL(0, 0, 0));
	deep(SDEX_TYPE_SCSpecTypeDef, LEVEL(1000), LEVEL(0));    /* option */
	deep(SDEX_TYPE_SCSpecTypeDef, LEVEL(1001, 1), LEVEL(0)); /* result */
	deep(SDEX_TYPE_SCSpecTypeDef, LEVEL(1002), LEVEL(0));    /* vec */
	deep(SDEX_TYPE_SCSpecTypeDef, LEVEL(1004, 1), LEVEL(0)); /* map */
	deep(SDEX_TYPE_SCSpecTypeDef, LEVEL(1005, 1), LEVEL(0)); /* tuple */
	deep(SDEX_TYPE_SorobanAuthorizedInvocation, LEVEL(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
	     LEVEL(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
	deep(SDEX_TYPE_SorobanDelegateSignature, LEVEL(1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1),
	     LEVEL(1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0));
}

/* Leaves cost no level. */
static void depth_counts_containers(void **state)
{
	(void)state;
	struct sdex_failure why;
	for (uint32_t depth = 1; depth < 4; depth++) {
		assert_int_equal(decode_nest(SDEX_TYPE_SCVal, LEVEL(16, 1, 1), LEVEL(3, 7), depth,
					     depth, &why),
				 SDEX_OK);
		assert_int_equal(decode_nest(SDEX_TYPE_SCMapEntry, LEVEL(1, 17, 1, 1), LEVEL(1, 1),
					     depth, depth, &why),
				 SDEX_OK);
	}
}

static void arguments_out_of_range(void **state)
{
	(void)state;
	static const uint8_t data[4];
	void *value = NULL;
	size_t size = 0;
	uint8_t out[4];
	struct sdex_failure why = {0};
	struct sdex_visit_plan plan;
	struct sdex_xdr_limits limits = {SDEX_XDR_DEPTH_MAX + 1};
	enum sdex_type none = (enum sdex_type)SDEX_TYPE_COUNT;
	assert_int_equal(sdex_xdr_decode(none, &value, arena, data, 4, NULL, &why),
			 SDEX_ERR_INVALID);
	assert_string_equal(why.text, "type 473 is none of the schema's 473");
	assert_int_equal(sdex_xdr_check(none, &size, data, 4, NULL, NULL), SDEX_ERR_INVALID);
	assert_int_equal(sdex_xdr_encode(none, out, 4, &size, data, NULL), SDEX_ERR_INVALID);
	assert_int_equal(sdex_xdr_size(none, &size, data, NULL), SDEX_ERR_INVALID);
	assert_int_equal(sdex_visit_plan_init(&plan, &none, 1), SDEX_ERR_INVALID);
	none = SDEX_TYPE_int32;
	assert_int_equal(sdex_visit_plan_init(&plan, &none, 0), SDEX_OK);
	none = (enum sdex_type) - 1;
	assert_int_equal(sdex_xdr_visit(none, &plan, NULL, NULL, data, 4, NULL, NULL),
			 SDEX_ERR_INVALID);
	assert_int_equal(sdex_xdr_decode(SDEX_TYPE_int32, &value, arena, data, 4, &limits, &why),
			 SDEX_ERR_INVALID);
	assert_string_equal(why.text, "the depth limit must be at most 2000, found 2001");
	assert_int_equal(sdex_xdr_check(SDEX_TYPE_int32, &size, data, 4, &limits, NULL),
			 SDEX_ERR_INVALID);
	assert_int_equal(sdex_xdr_visit(SDEX_TYPE_int32, &plan, NULL, NULL, data, 4, &limits, NULL),
			 SDEX_ERR_INVALID);
}

static void empty_input(void **state)
{
	(void)state;
	void *value;
	size_t used;
	struct sdex_failure why = {0};
	assert_int_equal(sdex_xdr_decode(SDEX_TYPE_Memo, &value, arena, NULL, 0, NULL, &why),
			 SDEX_ERR_TRUNCATED);
	assert_string_equal(why.text, "Memo.type: the input ends: 4 bytes are needed, 0 are left");
	assert_int_equal(sdex_xdr_check(SDEX_TYPE_Memo, &used, NULL, 0, NULL, NULL),
			 SDEX_ERR_TRUNCATED);
}

/* -- values that stand for no bytes */

static void not_encoded(enum sdex_type type, const void *value, enum sdex_error code,
			uint64_t where, const char *text)
{
	uint8_t out[4096];
	size_t size = 5;
	struct sdex_failure why = {0}, again = {0};
	assert_int_equal(sdex_xdr_encode(type, out, sizeof out, &size, value, &why), code);
	assert_string_equal(why.text, text);
	assert_int_equal(why.where, where);
	assert_int_equal(sdex_xdr_size(type, &size, value, &again), code);
	assert_string_equal(again.text, text);
	assert_int_equal(size, 5);
}

static void values_out_of_the_schema(void **state)
{
	(void)state;
	sdex_Memo memo = {.type = (sdex_MemoType)17};
	not_encoded(SDEX_TYPE_Memo, &memo, SDEX_ERR_DISCRIMINANT, 0, "Memo: Memo has no case 17");
	memo = (sdex_Memo){.type = SDEX_MEMO_TEXT, .text = {(const uint8_t *)"", 29}};
	not_encoded(SDEX_TYPE_Memo, &memo, SDEX_ERR_LENGTH, 4,
		    "Memo.text: length 29 is over the maximum of 28");
	memo.text = (struct sdex_bytes){NULL, 3};
	not_encoded(SDEX_TYPE_Memo, &memo, SDEX_ERR_MISSING, 4,
		    "Memo.text: the length is 3, but the pointer is NULL");

	sdex_SCError error = {.type = SDEX_SCE_AUTH, .code = (sdex_SCErrorCode)99};
	not_encoded(SDEX_TYPE_SCError, &error, SDEX_ERR_DISCRIMINANT, 4,
		    "SCError.code: 99 is no SCErrorCode");
	sdex_SCVal val = {.type = SDEX_SCV_ADDRESS, .address = NULL};
	not_encoded(SDEX_TYPE_SCVal, &val, SDEX_ERR_MISSING, 4,
		    "SCVal.address: the pointer of a chosen arm is NULL");
	sdex_LedgerEntryChanges changes = {NULL, 2};
	not_encoded(SDEX_TYPE_LedgerEntryChanges, &changes, SDEX_ERR_MISSING, 0,
		    "LedgerEntryChanges: the length is 2, but the pointer is NULL");

	/* A value that contains itself. */
	sdex_ClaimPredicate endless = {.type = SDEX_CLAIM_PREDICATE_NOT, .notPredicate = &endless};
	size_t size = 0, room = 1 << 20;
	uint8_t *out = malloc(room);
	struct sdex_failure why = {0};
	assert_int_equal(sdex_ClaimPredicate_encode(out, room, &size, &endless, &why),
			 SDEX_ERR_DEPTH);
	assert_non_null(strstr(why.text, "nested deeper than 2000 levels"));
	free(out);
}

static void no_room(void **state)
{
	(void)state;
	uint8_t out[8];
	size_t size = 0;
	sdex_Price price = {1, 2};
	struct sdex_failure why = {0};
	assert_int_equal(sdex_Price_encode(out, 7, &size, &price, &why), SDEX_ERR_SPACE);
	assert_string_equal(why.text, "room: expected at least 8 bytes, found 7");
	assert_int_equal(why.where, 8);
}

/* Text, value, and the same text again; in no room but one that holds it with its NUL. */
static void base64_is_read_and_written(void **state)
{
	(void)state;
	static const enum sdex_type types[] = {SDEX_TYPE_TransactionResult, SDEX_TYPE_SCVal,
					       SDEX_TYPE_OperationMeta};
	static const char *const texts[] = {
		"AAAAAAAAAGT////7AAAAAA==", /* a fee of 100, txBAD_SEQ */
		"AAAADwAAAAh0cmFuc2Zlcg==", /* the symbol "transfer" */
		"AAAAAA==",                 /* no changes */
	};
	for (size_t i = 0; i < 3; i++) {
		char text[64];
		size_t length = strlen(texts[i]), found = 0;
		void *value = NULL;
		struct sdex_failure why = {0};
		assert_int_equal(
			sdex_xdr_from_base64(types[i], &value, arena, texts[i], length, NULL, NULL),
			SDEX_OK);
		for (size_t room = 0; room <= length; room++) {
			memset(text, 'x', sizeof text);
			assert_int_equal(
				sdex_xdr_to_base64(types[i], text, room, &found, value, &why),
				SDEX_ERR_SPACE);
			assert_int_equal(why.where, length + 1);
			assert_int_equal(found, 0);
			assert_int_equal(text[0], 'x');
		}
		assert_int_equal(
			sdex_xdr_to_base64(types[i], text, length + 1, &found, value, NULL),
			SDEX_OK);
		assert_string_equal(text, texts[i]);
		assert_int_equal(found, length);
	}
}

static void base64_is_strict(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum sdex_error error;
	} wrong[] = {
		{"AAAAAAA=", SDEX_ERR_TRAILING}, {"AAAA", SDEX_ERR_TRUNCATED},
		{"AAAAAB==", SDEX_ERR_SYNTAX},   {"AAA AA==", SDEX_ERR_CHARACTER},
		{"AAAAAA=", SDEX_ERR_LENGTH},    {"", SDEX_ERR_TRUNCATED},
	};
	struct sdex_failure why;
	void *value = NULL;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_int_equal(sdex_xdr_from_base64(SDEX_TYPE_OperationMeta, &value, arena,
						      wrong[i].text, strlen(wrong[i].text), NULL,
						      &why),
				 wrong[i].error);
		assert_int_equal(why.code, wrong[i].error);
	}
	assert_int_equal(sdex_xdr_from_base64((enum sdex_type)SDEX_TYPE_COUNT, &value, arena,
					      "AAAAAA==", 8, NULL, &why),
			 SDEX_ERR_INVALID);
	struct sdex_arena *small = sdex_arena_new(1);
	assert_int_equal(sdex_xdr_from_base64(SDEX_TYPE_OperationMeta, &value, small, "AAAAAA==", 8,
					      NULL, &why),
			 SDEX_ERR_NOMEM);
	sdex_arena_free(small);
	assert_null(value);
	assert_int_equal(
		sdex_xdr_to_base64((enum sdex_type)SDEX_TYPE_COUNT, NULL, 0, NULL, "", &why),
		SDEX_ERR_INVALID);
	sdex_SCVal none = {.type = (sdex_SCValType)99};
	assert_int_equal(sdex_xdr_to_base64(SDEX_TYPE_SCVal, NULL, 0, NULL, &none, &why),
			 SDEX_ERR_DISCRIMINANT);
}

/* The bytes lie at the end of the text's own room while the text is written over them. */
static void base64_of_any_size_is_made_in_place(void **state)
{
	(void)state;
	uint8_t data[600];
	char text[900];
	struct seeded random = {6};
	seeded_fill(&random, data, sizeof data);
	for (uint32_t n = 0; n <= sizeof data; n++) {
		sdex_SCVal value = {.type = SDEX_SCV_BYTES, .bytes = {data, n}};
		size_t length = 0;
		void *read = NULL;
		sdex_arena_reset(arena);
		assert_int_equal(sdex_xdr_to_base64(SDEX_TYPE_SCVal, text, sizeof text, &length,
						    &value, NULL),
				 SDEX_OK);
		assert_int_equal(sdex_xdr_from_base64(SDEX_TYPE_SCVal, &read, arena, text, length,
						      NULL, NULL),
				 SDEX_OK);
		assert_true(sdex_SCVal_equal(read, &value));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(padding),
		cmocka_unit_test(booleans),
		cmocka_unit_test(discriminants),
		cmocka_unit_test(lengths),
		cmocka_unit_test(hostile_counts),
		cmocka_unit_test(ends),
		cmocka_unit_test(paths_show_the_way),
		cmocka_unit_test(nesting_is_bounded),
		cmocka_unit_test(depth_counts_containers),
		cmocka_unit_test(arguments_out_of_range),
		cmocka_unit_test(empty_input),
		cmocka_unit_test(values_out_of_the_schema),
		cmocka_unit_test(no_room),
		cmocka_unit_test(base64_is_read_and_written),
		cmocka_unit_test(base64_is_strict),
		cmocka_unit_test(base64_of_any_size_is_made_in_place),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
