/* ledger/slab.h - records of one size, numbered, that never move.
 *
 * Memory comes in chunks, so a pointer stays good until its record is given back and a
 * million records cost no more than their size.  Numbers given back are taken again in
 * the reverse order, which is what lets an undo log put records back in their place. */
#ifndef SDEX_LEDGER_SLAB_H
#define SDEX_LEDGER_SLAB_H

#include <stdbool.h>
#include <stdint.h>

#define SLOT_NONE UINT32_MAX
#define SLAB_CHUNK_BITS 9u
#define SLAB_CHUNK (1u << SLAB_CHUNK_BITS)

struct slab {
	uint8_t **chunks;
	uint32_t chunk_count;
	uint32_t chunk_room;
	uint32_t size; /* bytes of a record, a multiple of 8 */
	uint32_t used; /* numbers below this have been taken at some time */
	uint32_t live; /* and are taken now */
	uint32_t free; /* the last one given back, or SLOT_NONE */
};

void slab_init(struct slab *slab, uint32_t size);
void slab_free(struct slab *slab);

/* A record of unset bytes, or SLOT_NONE when memory is out. */
uint32_t slab_take(struct slab *slab);
void slab_give(struct slab *slab, uint32_t slot);

/* Forgets the numbers from `used` on, of a slab of which nothing was ever given back. */
void slab_cut(struct slab *slab, uint32_t used);

static inline void *slab_at(const struct slab *slab, uint32_t slot)
{
	return slab->chunks[slot >> SLAB_CHUNK_BITS] +
	       (uint64_t)(slot & (SLAB_CHUNK - 1)) * slab->size;
}

/* Bytes held from the system. */
uint64_t slab_held(const struct slab *slab);

#endif
