/* ledger/table.c - linear probing; removal closes the gap, so no tombstones. */
#include "ledger/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"

void table_free(struct table *table)
{
	free(table->entries);
	*table = (struct table){0};
}

static void place(struct table *table, struct table_entry entry)
{
	uint32_t at = entry.hash & table->mask;
	while (table->entries[at].slot != SLOT_NONE)
		at = (at + 1) & table->mask;
	table->entries[at] = entry;
}

static bool grow(struct table *table)
{
	uint32_t room = table->entries ? 2 * (table->mask + 1) : 16;
	struct table_entry *entries = room ? malloc(room * sizeof(*entries)) : NULL;
	if (!entries)
		return false;
	memset(entries, 0xff, room * sizeof(*entries));
	struct table bigger = {.entries = entries, .mask = room - 1, .count = table->count};
	for (uint32_t i = 0; table->entries && i <= table->mask; i++)
		if (table->entries[i].slot != SLOT_NONE)
			place(&bigger, table->entries[i]);
	free(table->entries);
	*table = bigger;
	return true;
}

bool table_put(struct table *table, uint64_t hash, uint32_t slot)
{
	if ((!table->entries || table->count >= table->mask / 4 * 3) && !grow(table))
		return false;
	place(table, (struct table_entry){.hash = table_fold(hash), .slot = slot});
	table->count++;
	return true;
}

void table_remove(struct table *table, uint64_t hash, uint32_t slot)
{
	uint32_t at = table_fold(hash) & table->mask;
	while (table->entries[at].slot != slot) {
		CHECK(table->entries[at].slot != SLOT_NONE);
		at = (at + 1) & table->mask;
	}
	for (uint32_t next = (at + 1) & table->mask;; next = (next + 1) & table->mask) {
		struct table_entry entry = table->entries[next];
		if (entry.slot == SLOT_NONE)
			break;
		/* may it move back to the gap: is its home not after the gap? */
		uint32_t home = entry.hash & table->mask;
		if (((next - home) & table->mask) >= ((next - at) & table->mask)) {
			table->entries[at] = entry;
			at = next;
		}
	}
	table->entries[at].slot = SLOT_NONE;
	table->count--;
}

uint64_t table_mix_bytes(uint64_t hash, const void *data, uint32_t size)
{
	const uint8_t *p = data;
	for (; size >= 8; p += 8, size -= 8) {
		uint64_t word;
		memcpy(&word, p, 8);
		hash = table_mix(hash, word);
	}
	uint64_t word = 0;
	if (size)
		memcpy(&word, p, size);
	return table_mix(hash, word ^ (uint64_t)size * ((uint64_t)1 << 56));
}
