/* fuzz/ledger.c - transactions from anywhere against a small world: nothing breaks, and the
 * laws of src/ledger/testing/wild.h hold after each.
 *
 * The first byte says what follows: 'e', then a byte for the protocol, then envelopes, each
 * behind two bytes of its length; else a script of wild.h, whose bytes all mean something. */
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "ledger/testing/wild.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(bool good, const char *text)
{
	if (!good)
		fprintf(stderr, "%s\n", text);
	CHECK(good);
}

static void try_envelopes(const uint8_t *data, size_t size)
{
	char text[WILD_TEXT_ROOM];
	struct wild w;
	wild_open(&w, VERSION_OLDEST + data[0] % (VERSION_NEWEST - VERSION_OLDEST + 1));
	for (data++, size--; size >= 2;) {
		size_t length = (size_t)(data[0] << 8 | data[1]);
		sdex_TransactionEnvelope *envelope = NULL;
		data += 2;
		size -= 2;
		if (length > size)
			length = size;
		sdex_arena_reset(w.arena);
		if (!sdex_TransactionEnvelope_decode(&envelope, w.arena, data, length, NULL))
			hold(wild_apply(text, NULL, &w, envelope, NULL), text);
		data += length;
		size -= length;
	}
	wild_close(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wild_script script;
	char text[WILD_TEXT_ROOM];
	if (size >= 2 && data[0] == 'e') {
		try_envelopes(data + 1, size - 1);
		return 0;
	}
	wild_read(&script, data, size);
	bool good = wild_run(text, NULL, &script, NULL);
	if (!good)
		wild_print(&script);
	hold(good, text);
	return 0;
}
