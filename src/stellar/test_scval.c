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
	char again[SDEX_SCVAL_NUMBER_ROOM];
	size_t length = 0;
	assert_int_equal(sdex_scval_number_print(again, strlen(text), &length, &value),
			 SDEX_ERR_SPACE);
	assert_int_equal(length, 0);
	assert_int_equal(sdex_scval_number_print(again, strlen(text) + 1, &length, &value), 0);
	assert_string_equal(again, text);
	assert_int_equal(length, strlen(text));
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
	const sdex_SCVal none = {.type = SDEX_SCV_VOID};
	assert_int_equal(sdex_scval_number_print(NULL, 0, NULL, &none), SDEX_ERR_KIND);
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

/* Values of every type in ascending order, by that of rs-stellar-xdr's ScVal; what they
 * point to is static. */
static sdex_SCVal ascending[64];
static size_t ascending_count;
static sdex_SCVal one[2] = {{.type = SDEX_SCV_U32, .u32 = 1}, {.type = SDEX_SCV_U32, .u32 = 2}};
static sdex_SCMapEntry pairs[2];
static sdex_SCMap map1 = {pairs, 1};

static void put(sdex_SCVal value)
{
	assert_true(ascending_count < sizeof ascending / sizeof *ascending);
	ascending[ascending_count++] = value;
}

static void put_plain(void)
{
	put((sdex_SCVal){.type = SDEX_SCV_BOOL, .b = false});
	put((sdex_SCVal){.type = SDEX_SCV_BOOL, .b = true});
	put((sdex_SCVal){.type = SDEX_SCV_VOID});
	put((sdex_SCVal){.type = SDEX_SCV_ERROR,
			 .error = {.type = SDEX_SCE_CONTRACT, .contractCode = 1}});
	put((sdex_SCVal){.type = SDEX_SCV_ERROR,
			 .error = {.type = SDEX_SCE_CONTRACT, .contractCode = 2}});
	put((sdex_SCVal){.type = SDEX_SCV_ERROR,
			 .error = {.type = SDEX_SCE_AUTH, .code = SDEX_SCEC_ARITH_DOMAIN}});
	put((sdex_SCVal){.type = SDEX_SCV_ERROR,
			 .error = {.type = SDEX_SCE_AUTH, .code = SDEX_SCEC_INDEX_BOUNDS}});
	put((sdex_SCVal){.type = SDEX_SCV_U32, .u32 = 1});
	put((sdex_SCVal){.type = SDEX_SCV_U32, .u32 = UINT32_MAX});
	put((sdex_SCVal){.type = SDEX_SCV_I32, .i32 = -1});
	put((sdex_SCVal){.type = SDEX_SCV_I32, .i32 = 0});
	put((sdex_SCVal){.type = SDEX_SCV_U64, .u64 = 0});
	put((sdex_SCVal){.type = SDEX_SCV_U64, .u64 = UINT64_MAX});
	put((sdex_SCVal){.type = SDEX_SCV_I64, .i64 = INT64_MIN});
	put((sdex_SCVal){.type = SDEX_SCV_I64, .i64 = 3});
	put((sdex_SCVal){.type = SDEX_SCV_TIMEPOINT, .timepoint = 1});
	put((sdex_SCVal){.type = SDEX_SCV_DURATION, .duration = 0});
}

static void put_wide(void)
{
	put(number(SDEX_SCV_U128, "1"));
	put(number(SDEX_SCV_U128, "18446744073709551616"));
	put(number(SDEX_SCV_U128, "340282366920938463463374607431768211455"));
	put(number(SDEX_SCV_I128, "-2"));
	put(number(SDEX_SCV_I128, "-1"));
	put(number(SDEX_SCV_I128, "1"));
	put(number(SDEX_SCV_U256, "1"));
	put(number(SDEX_SCV_U256, "18446744073709551616"));
	put(number(SDEX_SCV_I256, "-1"));
	put(number(SDEX_SCV_I256, "0"));
}

static void put_texts(void)
{
	put(sdex_scval_bytes("a", 1));
	put(sdex_scval_bytes("ab", 2));
	put(sdex_scval_bytes("b", 1));
	put(sdex_scval_string("", 0));
	put(sdex_scval_string("A", 1));
	put((sdex_SCVal){.type = SDEX_SCV_SYMBOL, .sym = {(const uint8_t *)"B", 1}});
	put((sdex_SCVal){.type = SDEX_SCV_SYMBOL, .sym = {(const uint8_t *)"a", 1}});
}

static void put_containers(void)
{
	static sdex_SCMapEntry other[1];
	static sdex_SCVec vec1 = {one, 1}, vec2 = {one, 2}, vec3 = {one + 1, 1};
	static sdex_SCMap map2 = {pairs, 2}, map3 = {other, 1}, map4 = {pairs + 1, 1};
	pairs[0] = (sdex_SCMapEntry){one[0], one[0]};
	pairs[1] = (sdex_SCMapEntry){one[1], one[1]};
	other[0] = (sdex_SCMapEntry){one[0], one[1]};
	put((sdex_SCVal){.type = SDEX_SCV_VEC, .vec = NULL});
	put((sdex_SCVal){.type = SDEX_SCV_VEC, .vec = &vec1});
	put((sdex_SCVal){.type = SDEX_SCV_VEC, .vec = &vec2});
	put((sdex_SCVal){.type = SDEX_SCV_VEC, .vec = &vec3});
	put((sdex_SCVal){.type = SDEX_SCV_MAP, .map = NULL});
	put((sdex_SCVal){.type = SDEX_SCV_MAP, .map = &map1});
	put((sdex_SCVal){.type = SDEX_SCV_MAP, .map = &map2});
	put((sdex_SCVal){.type = SDEX_SCV_MAP, .map = &map3});
	put((sdex_SCVal){.type = SDEX_SCV_MAP, .map = &map4});
}

static void put_addresses(void)
{
	static sdex_SCAddress account = {.type = SDEX_SC_ADDRESS_TYPE_ACCOUNT},
			      contract = {.type = SDEX_SC_ADDRESS_TYPE_CONTRACT},
			      muxed = {.type = SDEX_SC_ADDRESS_TYPE_MUXED_ACCOUNT,
				       .muxedAccount = {.id = 1}},
			      muxed2 = {.type = SDEX_SC_ADDRESS_TYPE_MUXED_ACCOUNT,
					.muxedAccount = {.id = 2}},
			      balance = {.type = SDEX_SC_ADDRESS_TYPE_CLAIMABLE_BALANCE},
			      pool = {.type = SDEX_SC_ADDRESS_TYPE_LIQUIDITY_POOL};
	put((sdex_SCVal){.type = SDEX_SCV_ADDRESS, .address = &account});
	put((sdex_SCVal){.type = SDEX_SCV_ADDRESS, .address = &contract});
	put((sdex_SCVal){.type = SDEX_SCV_ADDRESS, .address = &muxed});
	put((sdex_SCVal){.type = SDEX_SCV_ADDRESS, .address = &muxed2});
	put((sdex_SCVal){.type = SDEX_SCV_ADDRESS, .address = &balance});
	put((sdex_SCVal){.type = SDEX_SCV_ADDRESS, .address = &pool});
}

static void put_instances(void)
{
	static sdex_ContractExecutableExternalRef ref1 = {.tag = {(const uint8_t *)"a", 1}},
						  ref2 = {.tag = {(const uint8_t *)"ab", 2}};
	static sdex_SCContractInstance
		wasm = {.executable = {.type = SDEX_CONTRACT_EXECUTABLE_WASM}},
		wasm2 = {.executable = {.type = SDEX_CONTRACT_EXECUTABLE_WASM, .wasm_hash = {{1}}}},
		wasm3 = {.executable = {.type = SDEX_CONTRACT_EXECUTABLE_WASM, .wasm_hash = {{1}}},
			 .storage = &map1},
		asset = {.executable = {.type = SDEX_CONTRACT_EXECUTABLE_STELLAR_ASSET}},
		outside = {.executable = {.type = SDEX_CONTRACT_EXECUTABLE_EXTERNAL_REF,
					  .external_ref = &ref1}},
		outside2 = {.executable = {.type = SDEX_CONTRACT_EXECUTABLE_EXTERNAL_REF,
					   .external_ref = &ref2}};
	put((sdex_SCVal){.type = SDEX_SCV_CONTRACT_INSTANCE, .instance = &wasm});
	put((sdex_SCVal){.type = SDEX_SCV_CONTRACT_INSTANCE, .instance = &wasm2});
	put((sdex_SCVal){.type = SDEX_SCV_CONTRACT_INSTANCE, .instance = &wasm3});
	put((sdex_SCVal){.type = SDEX_SCV_CONTRACT_INSTANCE, .instance = &asset});
	put((sdex_SCVal){.type = SDEX_SCV_CONTRACT_INSTANCE, .instance = &outside});
	put((sdex_SCVal){.type = SDEX_SCV_CONTRACT_INSTANCE, .instance = &outside2});
	put((sdex_SCVal){.type = SDEX_SCV_LEDGER_KEY_CONTRACT_INSTANCE});
	put((sdex_SCVal){.type = SDEX_SCV_LEDGER_KEY_NONCE, .nonce_key = {-1}});
	put((sdex_SCVal){.type = SDEX_SCV_LEDGER_KEY_NONCE, .nonce_key = {1}});
	put((sdex_SCVal){.type = SDEX_SCV_EXECUTABLE_TAG,
			 .executable_tag = {(const uint8_t *)"x", 1}});
}

static void put_all(void)
{
	ascending_count = 0;
	put_plain();
	put_wide();
	put_texts();
	put_containers();
	put_addresses();
	put_instances();
}

static void the_order_of_the_host(void **state)
{
	(void)state;
	put_all();
	for (size_t i = 0; i < ascending_count; i++)
		for (size_t k = 0; k < ascending_count; k++) {
			int order = sdex_scval_compare(&ascending[i], &ascending[k]);
			if ((order < 0) != (i < k) || (order > 0) != (i > k))
				fail_msg("values %zu and %zu compare as %d", i, k, order);
		}
}

/* Whatever the order of the entries that it is made of. */
static void a_map_is_in_the_order_of_the_host(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	struct seeded rng = {7};
	put_all();
	const size_t count = ascending_count;
	for (int round = 0; round < 50; round++) {
		sdex_SCMapEntry shuffled[sizeof ascending / sizeof *ascending];
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
		cmocka_unit_test(numbers_of_all_widths),
		cmocka_unit_test(symbols),
		cmocka_unit_test(the_order_of_the_host),
		cmocka_unit_test(a_map_is_in_the_order_of_the_host),
		cmocka_unit_test(equal_is_the_same),
		cmocka_unit_test(no_memory_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
