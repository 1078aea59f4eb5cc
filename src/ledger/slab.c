/* ledger/slab.c - chunks of records and the list of free ones. */
#include "ledger/slab.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"

#define LINE 64u

void slab_init(struct slab *slab, uint32_t size)
{
	CHECK(size >= 8);
	*slab = (struct slab){.size = (size + 7u) & ~7u, .free = SLOT_NONE};
}

/* Chunks begin at a cache line, so that records of a line's size lie in one.  What malloc
 * gave stands in front. */
static uint8_t *new_chunk(size_t size)
{
	uint8_t *made = malloc(size + LINE);
	if (!made)
		return NULL;
	uint8_t *chunk = made + LINE - (uintptr_t)made % LINE;
	memcpy(chunk - sizeof(made), &made, sizeof(made));
	return chunk;
}

static void free_chunk(uint8_t *chunk)
{
	uint8_t *made;
	memcpy(&made, chunk - sizeof(made), sizeof(made));
	free(made);
}

void slab_free(struct slab *slab)
{
	for (uint32_t i = 0; i < slab->chunk_count; i++)
		free_chunk(slab->chunks[i]);
	free(slab->chunks);
	slab_init(slab, slab->size);
}

static bool add_chunk(struct slab *slab)
{
	if (slab->chunk_count == slab->chunk_room) {
		uint32_t room = slab->chunk_room ? 2 * slab->chunk_room : 8;
		uint8_t **chunks = realloc(slab->chunks, room * sizeof(*chunks));
		if (!chunks)
			return false;
		slab->chunks = chunks;
		slab->chunk_room = room;
	}
	uint8_t *chunk = new_chunk((size_t)SLAB_CHUNK * slab->size);
	if (!chunk)
		return false;
	slab->chunks[slab->chunk_count++] = chunk;
	return true;
}

uint32_t slab_take(struct slab *slab)
{
	uint32_t slot = slab->free;
	if (slot != SLOT_NONE) {
		memcpy(&slab->free, slab_at(slab, slot), sizeof(slab->free));
	} else {
		if (slab->used >> SLAB_CHUNK_BITS == slab->chunk_count &&
		    (slab->used == SLOT_NONE || !add_chunk(slab)))
			return SLOT_NONE;
		slot = slab->used++;
	}
	slab->live++;
	return slot;
}

void slab_give(struct slab *slab, uint32_t slot)
{
	memcpy(slab_at(slab, slot), &slab->free, sizeof(slab->free));
	slab->free = slot;
	slab->live--;
}

void slab_cut(struct slab *slab, uint32_t used)
{
	CHECK(slab->live == slab->used && used <= slab->used);
	slab->live = slab->used = used;
}

uint64_t slab_held(const struct slab *slab)
{
	return (uint64_t)slab->chunk_count * SLAB_CHUNK * slab->size +
	       slab->chunk_room * sizeof(*slab->chunks);
}
