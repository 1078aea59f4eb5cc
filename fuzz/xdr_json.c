/* fuzz/xdr_json.c - SEP-51 JSON: text that is read gives bytes that decode to the same
 * value, and JSON that reads back to it.
 *
 * The input's first byte chooses a type, the second is 'j' for JSON; else what follows
 * is XDR, whose JSON is then read.  From 128 on the first byte goes on to the schema's
 * other types, with the second. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "sdex/xdr_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MEMORY ((size_t)8 << 20)

/* Append only: the saved inputs count on their places. */
static const enum sdex_type often[] = {
	SDEX_TYPE_TransactionEnvelope, SDEX_TYPE_TransactionResult,
	SDEX_TYPE_TransactionMeta,     SDEX_TYPE_SCVal,
	SDEX_TYPE_LedgerEntry,         SDEX_TYPE_LedgerKey,
	SDEX_TYPE_LedgerHeader,        SDEX_TYPE_SCSpecEntry,
	SDEX_TYPE_ConfigSettingEntry,  SDEX_TYPE_StellarMessage,
	SDEX_TYPE_LedgerCloseMeta,     SDEX_TYPE_SorobanAuthorizationEntry,
	SDEX_TYPE_ClaimPredicate,      SDEX_TYPE_SignerKey,
	SDEX_TYPE_AllowTrustOp,        SDEX_TYPE_DiagnosticEvent,
};

static enum sdex_type choose(uint8_t first, uint8_t second)
{
	if (first < 128)
		return often[first % (sizeof often / sizeof *often)];
	return (enum sdex_type)((unsigned)(first << 8 | second) % SDEX_TYPE_COUNT);
}

static void round_trip(enum sdex_type type, const void *value, struct sdex_arena *arena)
{
	const char *text;
	size_t length, size, written;
	void *back, *decoded;
	enum sdex_error error = sdex_xdr_to_json_arena(type, &text, &length, arena, value,
						       SDEX_JSON_INDENTED, NULL);
	if (error == SDEX_ERR_NOMEM)
		return;
	CHECK(error == SDEX_OK);
	error = sdex_xdr_from_json(type, &back, arena, text, length, NULL, NULL);
	if (error == SDEX_ERR_NOMEM)
		return;
	CHECK(error == SDEX_OK);
	CHECK(sdex_xdr_equal(type, value, back));

	CHECK(sdex_xdr_size(type, &size, back, NULL) == SDEX_OK);
	uint8_t *bytes = malloc(size + 1);
	CHECK(bytes);
	CHECK(sdex_xdr_encode(type, bytes, size, &written, back, NULL) == SDEX_OK &&
	      written == size);
	error = sdex_xdr_decode(type, &decoded, arena, bytes, size, NULL, NULL);
	CHECK(error == SDEX_OK || error == SDEX_ERR_NOMEM);
	if (!error)
		CHECK(sdex_xdr_equal(type, value, decoded));
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	enum sdex_type type = choose(data[0], data[1]);
	bool json = data[1] == 'j';
	struct sdex_arena *arena = sdex_arena_new(MEMORY);
	struct sdex_failure why = {0};
	void *value = NULL;
	CHECK(arena);
	data += 2;
	size -= 2;
	enum sdex_error error =
		json ? sdex_xdr_from_json(type, &value, arena, (const char *)data, size, NULL, &why)
		     : sdex_xdr_decode(type, &value, arena, data, size, NULL, &why);
	if (error)
		CHECK(why.code == error && why.where <= size && !value);
	else
		round_trip(type, value, arena);
	sdex_arena_free(arena);
	return 0;
}
