/* stellar/scval.c - values for contracts: wide numbers, names, containers in order. */
#include "sdex/scval.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/failure.h"
#include "base/wide.h"
#include "stellar/shape.h"

_Static_assert(SDEX_SCVAL_NUMBER_ROOM == WIDE_ROOM, "the widest number fits");

/* A number as up to four words of 64 bits, the most significant first. */
struct width {
	unsigned words;
	bool is_signed;
	unsigned bits;
};

static bool width_of(struct width *width, sdex_SCValType type)
{
	switch (type) {
	case SDEX_SCV_U32:
		*width = (struct width){1, false, 32};
		return true;
	case SDEX_SCV_I32:
		*width = (struct width){1, true, 32};
		return true;
	case SDEX_SCV_U64:
	case SDEX_SCV_TIMEPOINT:
	case SDEX_SCV_DURATION:
		*width = (struct width){1, false, 64};
		return true;
	case SDEX_SCV_I64:
		*width = (struct width){1, true, 64};
		return true;
	case SDEX_SCV_U128:
	case SDEX_SCV_I128:
		*width = (struct width){2, type == SDEX_SCV_I128, 128};
		return true;
	case SDEX_SCV_U256:
	case SDEX_SCV_I256:
		*width = (struct width){4, type == SDEX_SCV_I256, 256};
		return true;
	case SDEX_SCV_BOOL:
	case SDEX_SCV_VOID:
	case SDEX_SCV_ERROR:
	case SDEX_SCV_BYTES:
	case SDEX_SCV_STRING:
	case SDEX_SCV_SYMBOL:
	case SDEX_SCV_VEC:
	case SDEX_SCV_MAP:
	case SDEX_SCV_ADDRESS:
	case SDEX_SCV_CONTRACT_INSTANCE:
	case SDEX_SCV_LEDGER_KEY_CONTRACT_INSTANCE:
	case SDEX_SCV_LEDGER_KEY_NONCE:
	case SDEX_SCV_EXECUTABLE_TAG:
		break;
	}
	return false;
}

/* Puts the words where the type has them; RANGE where 32 bits do not hold them. */
static enum sdex_error put_words(sdex_SCVal *value, const struct width *width,
				 const uint64_t words[4])
{
	if (width->bits == 32 && width->is_signed) {
		int64_t number = (int64_t)words[0];
		if (number < INT32_MIN || number > INT32_MAX)
			return SDEX_ERR_RANGE;
		value->i32 = (int32_t)number;
	} else if (width->bits == 32) {
		if (words[0] > UINT32_MAX)
			return SDEX_ERR_RANGE;
		value->u32 = (uint32_t)words[0];
	} else if (width->bits == 64) {
		value->u64 = words[0]; /* where i64, timepoint and duration are too */
	} else if (width->bits == 128) {
		value->u128 = (sdex_UInt128Parts){words[0], words[1]};
	} else {
		value->u256 = (sdex_UInt256Parts){words[0], words[1], words[2], words[3]};
	}
	return SDEX_OK;
}

enum sdex_error sdex_scval_number(sdex_SCVal *value, sdex_SCValType type, const char *text,
				  size_t length, struct sdex_failure *why)
{
	struct width width;
	uint64_t words[4];
	sdex_SCVal made = {.type = type};
	if (!width_of(&width, type))
		return fail(why, SDEX_ERR_KIND, 0,
			    "type: expected one of numbers, found type %d of SCVal", (int)type);
	enum sdex_error error = wide_parse(words, width.words, width.is_signed, text, length);
	if (!error)
		error = put_words(&made, &width, words);
	if (error == SDEX_ERR_RANGE)
		return fail(why, error, 0, "number: expected one of %u bits%s, found a larger one",
			    width.bits, width.is_signed ? " with its sign" : "");
	if (error)
		return fail(why, error, 0,
			    "number: expected decimal digits without a zero in front%s",
			    width.is_signed ? ", or such digits after a -" : "");
	*value = made;
	return SDEX_OK;
}

static void get_words(uint64_t words[4], const struct width *width, const sdex_SCVal *value)
{
	if (width->bits == 32)
		words[0] = width->is_signed ? (uint64_t)(int64_t)value->i32 : value->u32;
	else if (width->bits == 64)
		words[0] = value->u64;
	else if (width->bits == 128)
		memcpy(words, &value->u128, sizeof value->u128);
	else
		memcpy(words, &value->u256, sizeof value->u256);
}

enum sdex_error sdex_scval_number_print(char *text, size_t room, size_t *length,
					const sdex_SCVal *value)
{
	struct width width;
	uint64_t words[4];
	char digits[WIDE_ROOM];
	if (!width_of(&width, value->type))
		return SDEX_ERR_KIND;
	get_words(words, &width, value);
	size_t size = wide_print(digits, words, width.words, width.is_signed);
	if (room <= size)
		return SDEX_ERR_SPACE;
	memcpy(text, digits, size + 1);
	put_length(length, size);
	return SDEX_OK;
}

sdex_SCVal sdex_scval_i128(int64_t number)
{
	return (sdex_SCVal){.type = SDEX_SCV_I128,
			    .i128 = {.hi = number < 0 ? -1 : 0, .lo = (uint64_t)number}};
}

enum sdex_error sdex_scval_symbol(sdex_SCVal *value, const char *text, size_t length,
				  struct sdex_failure *why)
{
	struct quote quote;
	if (length > SDEX_SCSYMBOL_LIMIT)
		return fail(why, SDEX_ERR_LENGTH, SDEX_SCSYMBOL_LIMIT,
			    "symbol: expected at most %d characters, found %zu",
			    SDEX_SCSYMBOL_LIMIT, length);
	for (uint32_t i = 0; i < length; i++)
		if (!symbol_valid((struct sdex_bytes){(const uint8_t *)text + i, 1}))
			return fail(why, SDEX_ERR_CHARACTER, i,
				    "symbol: expected a-z, A-Z, 0-9 or _, found %s",
				    bytes_quote(&quote, text + i, 1));
	*value = (sdex_SCVal){.type = SDEX_SCV_SYMBOL,
			      .sym = {(const uint8_t *)text, (uint32_t)length}};
	return SDEX_OK;
}

static struct sdex_bytes borrow(const void *data, size_t size)
{
	return (struct sdex_bytes){data, size <= UINT32_MAX ? (uint32_t)size : UINT32_MAX};
}

sdex_SCVal sdex_scval_string(const char *text, size_t length)
{
	return (sdex_SCVal){.type = SDEX_SCV_STRING, .str = borrow(text, length)};
}

sdex_SCVal sdex_scval_bytes(const void *data, size_t size)
{
	return (sdex_SCVal){.type = SDEX_SCV_BYTES, .bytes = borrow(data, size)};
}

enum sdex_error sdex_scval_address(sdex_SCVal *value, struct sdex_arena *arena,
				   const sdex_SCAddress *address)
{
	sdex_SCAddress *copy = sdex_arena_copy(arena, address, sizeof *address);
	if (!copy)
		return SDEX_ERR_NOMEM;
	*value = (sdex_SCVal){.type = SDEX_SCV_ADDRESS, .address = copy};
	return SDEX_OK;
}

enum sdex_error sdex_scval_vec(sdex_SCVal *value, struct sdex_arena *arena, const sdex_SCVal *items,
			       uint32_t count)
{
	sdex_SCVec *vec = sdex_arena_alloc(arena, sizeof *vec);
	sdex_SCVal *copy = sdex_arena_copy(arena, items, count * sizeof *items);
	if (!vec || !copy)
		return SDEX_ERR_NOMEM;
	*vec = (sdex_SCVec){copy, count};
	*value = (sdex_SCVal){.type = SDEX_SCV_VEC, .vec = vec};
	return SDEX_OK;
}

/* Sorts by merging runs: no recursion and n log n, as the number may be the caller's
 * customer's.  `spare` is as long as `entries`. */
static sdex_SCMapEntry *sort_entries(sdex_SCMapEntry *entries, sdex_SCMapEntry *spare,
				     uint32_t count)
{
	for (size_t run = 1; run < count; run *= 2) {
		for (size_t start = 0; start < count; start += 2 * run) {
			size_t middle = start + run < count ? start + run : count;
			size_t end = middle + run < count ? middle + run : count;
			size_t a = start, b = middle;
			for (size_t i = start; i < end; i++) {
				bool first = a < middle &&
					     (b == end || sdex_scval_compare(&entries[a].key,
									     &entries[b].key) <= 0);
				spare[i] = entries[first ? a++ : b++];
			}
		}
		sdex_SCMapEntry *swap = entries;
		entries = spare;
		spare = swap;
	}
	return entries;
}

enum sdex_error sdex_scval_map(sdex_SCVal *value, struct sdex_arena *arena,
			       const sdex_SCMapEntry *entries, uint32_t count,
			       struct sdex_failure *why)
{
	sdex_SCMap *map = sdex_arena_alloc(arena, sizeof *map);
	sdex_SCMapEntry *copy = sdex_arena_copy(arena, entries, count * sizeof *entries);
	sdex_SCMapEntry *spare = sdex_arena_alloc(arena, count * sizeof *entries);
	if (!map || !copy || !spare)
		return arena_full(why);
	copy = sort_entries(copy, spare, count);
	for (uint32_t i = 1; i < count; i++)
		if (sdex_scval_compare(&copy[i - 1].key, &copy[i].key) == 0)
			return fail(why, SDEX_ERR_DUPLICATE, i,
				    "map: expected every key once, found one twice");
	*map = (sdex_SCMap){copy, count};
	*value = (sdex_SCVal){.type = SDEX_SCV_MAP, .map = map};
	return SDEX_OK;
}

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_bytes(struct sdex_bytes a, struct sdex_bytes b)
{
	uint32_t common = a.size < b.size ? a.size : b.size;
	int order = common ? memcmp(a.data, b.data, common) : 0;
	return order ? order : COMPARE(a.size, b.size);
}

static int compare_vecs(const sdex_SCVec *a, const sdex_SCVec *b)
{
	if (!a || !b)
		return COMPARE(a != NULL, b != NULL);
	for (uint32_t i = 0; i < a->count && i < b->count; i++) {
		int order = sdex_scval_compare(&a->items[i], &b->items[i]);
		if (order)
			return order;
	}
	return COMPARE(a->count, b->count);
}

static int compare_maps(const sdex_SCMap *a, const sdex_SCMap *b)
{
	if (!a || !b)
		return COMPARE(a != NULL, b != NULL);
	for (uint32_t i = 0; i < a->count && i < b->count; i++) {
		int order = sdex_scval_compare(&a->items[i].key, &b->items[i].key);
		if (!order)
			order = sdex_scval_compare(&a->items[i].val, &b->items[i].val);
		if (order)
			return order;
	}
	return COMPARE(a->count, b->count);
}

static int compare_errors(const sdex_SCError *a, const sdex_SCError *b)
{
	if (a->type != b->type)
		return COMPARE(a->type, b->type);
	return a->type == SDEX_SCE_CONTRACT ? COMPARE(a->contractCode, b->contractCode)
					    : COMPARE(a->code, b->code);
}

static int compare_executables(const sdex_ContractExecutable *a, const sdex_ContractExecutable *b)
{
	int order = COMPARE(a->type, b->type);
	if (order || a->type == SDEX_CONTRACT_EXECUTABLE_STELLAR_ASSET)
		return order;
	if (a->type == SDEX_CONTRACT_EXECUTABLE_WASM)
		return memcmp(a->wasm_hash.bytes, b->wasm_hash.bytes, 32);
	order = address_compare(&a->external_ref->executable_owner,
				&b->external_ref->executable_owner);
	return order ? order : compare_bytes(a->external_ref->tag, b->external_ref->tag);
}

/* `n` words at a and b, the most significant first and, with sign 1, with its sign. */
static int compare_words(uint64_t sign, const void *a, const void *b, size_t n)
{
	uint64_t x[4], y[4];
	memcpy(x, a, n * sizeof *x);
	memcpy(y, b, n * sizeof *y);
	x[0] ^= sign << 63;
	y[0] ^= sign << 63;
	for (size_t i = 0; i < n; i++)
		if (x[i] != y[i])
			return COMPARE(x[i], y[i]);
	return 0;
}

int sdex_scval_compare(const sdex_SCVal *a, const sdex_SCVal *b)
{
	int order;
	if (a->type != b->type)
		return COMPARE(a->type, b->type);
	switch (a->type) {
	case SDEX_SCV_BOOL:
		return COMPARE(a->b, b->b);
	case SDEX_SCV_VOID:
	case SDEX_SCV_LEDGER_KEY_CONTRACT_INSTANCE:
		return 0;
	case SDEX_SCV_ERROR:
		return compare_errors(&a->error, &b->error);
	case SDEX_SCV_U32:
		return COMPARE(a->u32, b->u32);
	case SDEX_SCV_I32:
		return COMPARE(a->i32, b->i32);
	case SDEX_SCV_U64:
	case SDEX_SCV_TIMEPOINT:
	case SDEX_SCV_DURATION:
		return COMPARE(a->u64, b->u64);
	case SDEX_SCV_I64:
	case SDEX_SCV_LEDGER_KEY_NONCE:
		return COMPARE(a->i64, b->i64);
	case SDEX_SCV_U128:
	case SDEX_SCV_I128:
		return compare_words(a->type == SDEX_SCV_I128, &a->u128, &b->u128, 2);
	case SDEX_SCV_U256:
	case SDEX_SCV_I256:
		return compare_words(a->type == SDEX_SCV_I256, &a->u256, &b->u256, 4);
	case SDEX_SCV_BYTES:
	case SDEX_SCV_STRING:
	case SDEX_SCV_SYMBOL:
	case SDEX_SCV_EXECUTABLE_TAG:
		return compare_bytes(a->bytes, b->bytes);
	case SDEX_SCV_VEC:
		return compare_vecs(a->vec, b->vec);
	case SDEX_SCV_MAP:
		return compare_maps(a->map, b->map);
	case SDEX_SCV_ADDRESS:
		return address_compare(a->address, b->address);
	case SDEX_SCV_CONTRACT_INSTANCE:
		order = compare_executables(&a->instance->executable, &b->instance->executable);
		return order ? order : compare_maps(a->instance->storage, b->instance->storage);
	}
	return 0;
}
