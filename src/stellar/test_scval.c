/* stellar/test_scval.c - wide numbers, names, and the host's order. */
#include "base/testing.h"
#include "sdex/scval.h"
#include "stellar/sampling.h"

static struct sdex_failure why;

static sdex_SCVal number(sdex_SCValType type, const char *text)
{
	sdex_SCVal value = {.type = SDEX_SCV_VOID};
	if (sdex_scval_number(&value, type, text, strlen(text), &why))
		fail_msg("%s: %s", text, why.text);
	assert_int_equal(value.type, type);
	return value;
}

static void refused(enum sdex_error error, sdex_SCValType type, const char *text)
{
	sdex_SCVal value = {.type = SDEX_SCV_VOID};
	assert_int_equal(sdex_scval_number(&value, type, text, strlen(text), &why), error);
	assert_int_equal(value.type, SDEX_SCV_VOID);
	assert_int_equal(why.code, error);
}

static void numbers_of_all_widths(void **state)
{
	(void)state;
	assert_int_equal(number(SDEX_SCV_U32, "4294967295").u32, UINT32_MAX);
	assert_int_equal(number(SDEX_SCV_I32, "-2147483648").i32, INT32_MIN);
	assert_int_equal(number(SDEX_SCV_U64, "18446744073709551615").u64, UINT64_MAX);
	assert_int_equal(number(SDEX_SCV_I64, "-9223372036854775808").i64, INT64_MIN);
	assert_int_equal(number(SDEX_SCV_TIMEPOINT, "5").timepoint, 5);
	assert_int_equal(number(SDEX_SCV_DURATION, "6").duration, 6);
	sdex_SCVal v = number(SDEX_SCV_I128, "-1");
	assert_int_equal(v.i128.hi, -1);
	assert_int_equal(v.i128.lo, UINT64_MAX);
	sdex_SCVal same = sdex_scval_i128(-1);
	assert_int_equal(sdex_scval_compare(&v, &same), 0);
	v = number(SDEX_SCV_I128, "-170141183460469231731687303715884105728");
	assert_int_equal(v.i128.hi, INT64_MIN);
	assert_int_equal(v.i128.lo, 0);
	v = number(SDEX_SCV_U128, "340282366920938463463374607431768211455");
	assert_true(v.u128.hi == UINT64_MAX && v.u128.lo == UINT64_MAX);
	v = number(SDEX_SCV_U256, "115792089237316195423570985008687907853269984665640564039457584"
				  "007913129639935");
	assert_true(v.u256.hi_hi == UINT64_MAX && v.u256.lo_lo == UINT64_MAX);
	v = number(SDEX_SCV_I256, "18446744073709551616");
	assert_true(v.i256.hi_hi == 0 && v.i256.lo_hi == 1 && v.i256.lo_lo == 0);

	refused(SDEX_ERR_RANGE, SDEX_SCV_U32, "4294967296");
	refused(SDEX_ERR_RANGE, SDEX_SCV_I32, "2147483648");
	refused(SDEX_ERR_RANGE, SDEX_SCV_I32, "-2147483649");
	refused(SDEX_ERR_RANGE, SDEX_SCV_U64, "18446744073709551616");
	refused(SDEX_ERR_RANGE, SDEX_SCV_I128, "170141183460469231731687303715884105728");
	refused(SDEX_ERR_RANGE, SDEX_SCV_U256,
		"115792089237316195423570985008687907853269984665640564039457584007913129639936");
	refused(SDEX_ERR_SYNTAX, SDEX_SCV_U128, "-1");
	refused(SDEX_ERR_SYNTAX, SDEX_SCV_I128, "1.5");
	refused(SDEX_ERR_SYNTAX, SDEX_SCV_I128, "01");
	refused(SDEX_ERR_SYNTAX, SDEX_SCV_I128, "");
	for (int type = 0; type <= SDEX_SCV_EXECUTABLE_TAG + 1; type++)
		if (type < SDEX_SCV_U32 || type > SDEX_SCV_I256)
			refused(SDEX_ERR_KIND, (sdex_SCValType)type, "1");
}

static void symbols(void **state)
{
	(void)state;
	sdex_SCVal value = {.type = SDEX_SCV_VOID};
	assert_int_equal(sdex_scval_symbol(&value, "abcdefghijklmnopqrstuvwxyz_ABCDE", 32, &why),
			 0);
	assert_int_equal(value.sym.size, 32);
	assert_int_equal(sdex_scval_symbol(&value, "", 0, &why), 0);
	value.type = SDEX_SCV_VOID;
	assert_int_equal(sdex_scval_symbol(&value, "abcdefghijklmnopqrstuvwxyz_ABCDEF", 33, &why),
			 SDEX_ERR_LENGTH);
	assert_int_equal(sdex_scval_symbol(&value, "ab-c", 4, &why), SDEX_ERR_CHARACTER);
	assert_int_equal(why.where, 2);
	assert_int_equal(value.type, SDEX_SCV_VOID);
	assert_int_equal(sdex_scval_bytes("x", (size_t)UINT32_MAX + 9).bytes.size, UINT32_MAX);
	assert_int_equal(sdex_scval_string("text", 4).str.size, 4);
}

/* Values in ascending order, by the order of rs-stellar-xdr's ScVal. */
static void the_order_of_the_host(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	sdex_SCAddress account = {.type = SDEX_SC_ADDRESS_TYPE_ACCOUNT},
		       contract = {.type = SDEX_SC_ADDRESS_TYPE_CONTRACT},
		       muxed = {.type = SDEX_SC_ADDRESS_TYPE_MUXED_ACCOUNT,
				.muxedAccount = {.id = 1}},
		       muxed2 = {.type = SDEX_SC_ADDRESS_TYPE_MUXED_ACCOUNT,
				 .muxedAccount = {.id = 2}},
		       balance = {.type = SDEX_SC_ADDRESS_TYPE_CLAIMABLE_BALANCE},
		       pool = {.type = SDEX_SC_ADDRESS_TYPE_LIQUIDITY_POOL};
	sdex_SCVal one[2] = {{.type = SDEX_SCV_U32, .u32 = 1}, {.type = SDEX_SCV_U32, .u32 = 2}};
	sdex_SCMapEntry entries[2] = {{one[0], one[0]}, {one[1], one[1]}},
			other[1] = {{one[0], one[1]}};
	sdex_SCVec vec1 = {one, 1}, vec2 = {one, 2}, vec3 = {one + 1, 1};
	sdex_SCMap map1 = {entries, 1}, map2 = {entries, 2}, map3 = {other, 1},
		   map4 = {entries + 1, 1};
	sdex_ContractExecutableExternalRef ref1 = {.tag = {(const uint8_t *)"a", 1}},
					   ref2 = {.tag = {(const uint8_t *)"ab", 2}};
	sdex_SCContractInstance
		wasm = {.executable = {.type = SDEX_CONTRACT_EXECUTABLE_WASM}},
		wasm2 = {.executable = {.type = SDEX_CONTRACT_EXECUTABLE_WASM, .wasm_hash = {{1}}}},
		wasm3 = {.executable = {.type = SDEX_CONTRACT_EXECUTABLE_WASM, .wasm_hash = {{1}}},
			 .storage = &map1},
		asset = {.executable = {.type = SDEX_CONTRACT_EXECUTABLE_STELLAR_ASSET}},
		outside = {.executable = {.type = SDEX_CONTRACT_EXECUTABLE_EXTERNAL_REF,
					  .external_ref = &ref1}},
		outside2 = {.executable = {.type = SDEX_CONTRACT_EXECUTABLE_EXTERNAL_REF,
					   .external_ref = &ref2}};
	const sdex_SCVal ascending[] = {
		{.type = SDEX_SCV_BOOL, .b = false},
		{.type = SDEX_SCV_BOOL, .b = true},
		{.type = SDEX_SCV_VOID},
		{.type = SDEX_SCV_ERROR, .error = {.type = SDEX_SCE_CONTRACT, .contractCode = 1}},
		{.type = SDEX_SCV_ERROR, .error = {.type = SDEX_SCE_CONTRACT, .contractCode = 2}},
		{.type = SDEX_SCV_ERROR,
		 .error = {.type = SDEX_SCE_AUTH, .code = SDEX_SCEC_ARITH_DOMAIN}},
		{.type = SDEX_SCV_ERROR,
		 .error = {.type = SDEX_SCE_AUTH, .code = SDEX_SCEC_INDEX_BOUNDS}},
		{.type = SDEX_SCV_U32, .u32 = 1},
		{.type = SDEX_SCV_U32, .u32 = UINT32_MAX},
		{.type = SDEX_SCV_I32, .i32 = -1},
		{.type = SDEX_SCV_I32, .i32 = 0},
		{.type = SDEX_SCV_U64, .u64 = 0},
		{.type = SDEX_SCV_U64, .u64 = UINT64_MAX},
		{.type = SDEX_SCV_I64, .i64 = INT64_MIN},
		{.type = SDEX_SCV_I64, .i64 = 3},
		{.type = SDEX_SCV_TIMEPOINT, .timepoint = 1},
		{.type = SDEX_SCV_DURATION, .duration = 0},
		number(SDEX_SCV_U128, "1"),
		number(SDEX_SCV_U128, "18446744073709551616"),
		number(SDEX_SCV_U128, "340282366920938463463374607431768211455"),
		number(SDEX_SCV_I128, "-2"),
		number(SDEX_SCV_I128, "-1"),
		number(SDEX_SCV_I128, "1"),
		number(SDEX_SCV_U256, "1"),
		number(SDEX_SCV_U256, "18446744073709551616"),
		number(SDEX_SCV_I256, "-1"),
		number(SDEX_SCV_I256, "0"),
		sdex_scval_bytes("a", 1),
		sdex_scval_bytes("ab", 2),
		sdex_scval_bytes("b", 1),
		sdex_scval_string("", 0),
		sdex_scval_string("A", 1),
		{.type = SDEX_SCV_SYMBOL, .sym = {(const uint8_t *)"B", 1}},
		{.type = SDEX_SCV_SYMBOL, .sym = {(const uint8_t *)"a", 1}},
		{.type = SDEX_SCV_VEC, .vec = NULL},
		{.type = SDEX_SCV_VEC, .vec = &vec1},
		{.type = SDEX_SCV_VEC, .vec = &vec2},
		{.type = SDEX_SCV_VEC, .vec = &vec3},
		{.type = SDEX_SCV_MAP, .map = NULL},
		{.type = SDEX_SCV_MAP, .map = &map1},
		{.type = SDEX_SCV_MAP, .map = &map2},
		{.type = SDEX_SCV_MAP, .map = &map3},
		{.type = SDEX_SCV_MAP, .map = &map4},
		{.type = SDEX_SCV_ADDRESS, .address = &account},
		{.type = SDEX_SCV_ADDRESS, .address = &contract},
		{.type = SDEX_SCV_ADDRESS, .address = &muxed},
		{.type = SDEX_SCV_ADDRESS, .address = &muxed2},
		{.type = SDEX_SCV_ADDRESS, .address = &balance},
		{.type = SDEX_SCV_ADDRESS, .address = &pool},
		{.type = SDEX_SCV_CONTRACT_INSTANCE, .instance = &wasm},
		{.type = SDEX_SCV_CONTRACT_INSTANCE, .instance = &wasm2},
		{.type = SDEX_SCV_CONTRACT_INSTANCE, .instance = &wasm3},
		{.type = SDEX_SCV_CONTRACT_INSTANCE, .instance = &asset},
		{.type = SDEX_SCV_CONTRACT_INSTANCE, .instance = &outside},
		{.type = SDEX_SCV_CONTRACT_INSTANCE, .instance = &outside2},
		{.type = SDEX_SCV_LEDGER_KEY_CONTRACT_INSTANCE},
		{.type = SDEX_SCV_LEDGER_KEY_NONCE, .nonce_key = {-1}},
		{.type = SDEX_SCV_LEDGER_KEY_NONCE, .nonce_key = {1}},
		{.type = SDEX_SCV_EXECUTABLE_TAG, .executable_tag = {(const uint8_t *)"x", 1}},
	};
	const size_t count = sizeof ascending / sizeof ascending[0];
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++) {
			int order = sdex_scval_compare(&ascending[i], &ascending[k]);
			if ((order < 0) != (i < k) || (order > 0) != (i > k))
				fail_msg("values %zu and %zu compare as %d", i, k, order);
		}
	/* a map is sorted by it, whatever the order of its entries */
	struct seeded rng = {7};
	for (int round = 0; round < 50; round++) {
		sdex_SCMapEntry shuffled[sizeof ascending / sizeof ascending[0]];
		sdex_SCVal map;
		for (size_t i = 0; i < count; i++) {
			size_t at = (size_t)seeded_below(&rng, i + 1);
			shuffled[i] = shuffled[at];
			shuffled[at] = (sdex_SCMapEntry){ascending[i], one[0]};
		}
		assert_int_equal(sdex_scval_map(&map, arena, shuffled, (uint32_t)count, &why), 0);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(sdex_scval_compare(&map.map->items[i].key, &ascending[i]),
					 0);
		shuffled[5] = shuffled[40];
		assert_int_equal(sdex_scval_map(&map, arena, shuffled, (uint32_t)count, &why),
				 SDEX_ERR_DUPLICATE);
	}
	sdex_arena_free(arena);
}

/* An order: antisymmetric, and equal exactly for values of the same bytes. */
static void equal_is_the_same(void **state)
{
	(void)state;
	struct sampler s = {.rng = {3}, .arena = sdex_arena_new(0)};
	for (int i = 0; i < 3000; i++) {
		if (i % 100 == 0)
			sdex_arena_reset(s.arena);
		sdex_SCVal a = sample_value(&s, 2), b = sample_value(&s, 2);
		assert_int_equal(sdex_scval_compare(&a, &a), 0);
		assert_int_equal(sdex_scval_compare(&a, &b) == 0, sdex_SCVal_equal(&a, &b));
		assert_int_equal(sdex_scval_compare(&a, &b) > 0, sdex_scval_compare(&b, &a) < 0);
	}
	sdex_arena_free(s.arena);
}

static void no_memory_is_told(void **state)
{
	(void)state;
	struct sdex_arena *small = sdex_arena_new(96);
	const sdex_SCVal items[8] = {{.type = SDEX_SCV_VOID}};
	const sdex_SCMapEntry entries[8] = {{.key = {.type = SDEX_SCV_VOID}}};
	const sdex_SCAddress address = {0};
	sdex_SCVal value;
	assert_int_equal(sdex_scval_vec(&value, small, items, 8), SDEX_ERR_NOMEM);
	assert_int_equal(sdex_scval_map(&value, small, entries, 8, &why), SDEX_ERR_NOMEM);
	while (sdex_arena_alloc(small, 16))
		;
	assert_int_equal(sdex_scval_address(&value, small, &address), SDEX_ERR_NOMEM);
	sdex_arena_free(small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_all_widths), cmocka_unit_test(symbols),
		cmocka_unit_test(the_order_of_the_host), cmocka_unit_test(equal_is_the_same),
		cmocka_unit_test(no_memory_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
