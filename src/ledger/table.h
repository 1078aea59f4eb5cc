/* ledger/table.h - finds record numbers by the hash of their key.
 *
 * Open addressing with the hash beside the number: a lookup touches the records of
 * equal hash only.  The caller hashes and compares:
 *
 *     struct table_walk walk = table_walk(table, hash);
 *     for (uint32_t slot; (slot = table_next(table, &walk)) != SLOT_NONE;)
 *             if (it is the one)
 *                     return slot;
 */
#ifndef SDEX_LEDGER_TABLE_H
#define SDEX_LEDGER_TABLE_H

#include "ledger/slab.h"

struct table_entry {
	uint32_t hash;
	uint32_t slot; /* SLOT_NONE: free */
};

struct table {
	struct table_entry *entries;
	uint32_t mask; /* entries - 1, or 0 with no entries */
	uint32_t count;
};

struct table_walk {
	uint32_t at;
	uint32_t hash;
};

void table_free(struct table *table);

/* Files a number that is not in the table.  False when memory is out. */
bool table_put(struct table *table, uint64_t hash, uint32_t slot);

/* Takes out a number that is in the table. */
void table_remove(struct table *table, uint64_t hash, uint32_t slot);

static inline uint32_t table_fold(uint64_t hash)
{
	return (uint32_t)(hash >> 32);
}

static inline struct table_walk table_walk(const struct table *table, uint64_t hash)
{
	return (struct table_walk){.at = table_fold(hash) & table->mask, .hash = table_fold(hash)};
}

static inline uint32_t table_next(const struct table *table, struct table_walk *walk)
{
	if (!table->entries)
		return SLOT_NONE;
	for (;;) {
		struct table_entry entry = table->entries[walk->at];
		walk->at = (walk->at + 1) & table->mask;
		if (entry.slot == SLOT_NONE || entry.hash == walk->hash)
			return entry.slot;
	}
}

/* Mixes a word into a hash; begin with the seed. */
static inline uint64_t table_mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

uint64_t table_mix_bytes(uint64_t hash, const void *data, uint32_t size);

#endif
