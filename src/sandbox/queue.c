/* sandbox/queue.c - see queue.h. */
#include "sandbox/queue.h"

#include <stdlib.h>
#include <string.h>

struct banned {
	uint8_t full_hash[32];
	uint32_t until;
	bool live;
};

void queue_init(struct queue *queue)
{
	*queue = (struct queue){0};
	slab_init(&queue->pending, sizeof(struct pending));
	slab_init(&queue->banned, sizeof(struct banned));
}

void queue_free(struct queue *queue)
{
	uint32_t at = 0;
	for (struct pending *p; (p = queue_next(queue, &at));)
		free(p->envelope);
	slab_free(&queue->pending);
	slab_free(&queue->banned);
	table_free(&queue->by_source);
	table_free(&queue->by_banned);
}

static uint64_t source_hash(uint32_t source)
{
	return table_mix(0, source);
}

static uint32_t slot_of(const struct queue *queue, uint32_t source)
{
	struct table_walk walk = table_walk(&queue->by_source, source_hash(source));
	for (uint32_t slot; (slot = table_next(&queue->by_source, &walk)) != SLOT_NONE;)
		if (((struct pending *)slab_at(&queue->pending, slot))->source == source)
			return slot;
	return SLOT_NONE;
}

struct pending *queue_of(const struct queue *queue, uint32_t source)
{
	uint32_t slot = slot_of(queue, source);
	return slot == SLOT_NONE ? NULL : slab_at(&queue->pending, slot);
}

/* Places in the table rather than records: those given back are in no list. */
struct pending *queue_next(const struct queue *queue, uint32_t *at)
{
	const struct table *table = &queue->by_source;
	while (table->entries && *at <= table->mask) {
		uint32_t slot = table->entries[(*at)++].slot;
		if (slot != SLOT_NONE)
			return slab_at(&queue->pending, slot);
	}
	return NULL;
}

int64_t queue_fees(const struct queue *queue, uint32_t fee_source)
{
	int64_t sum = 0;
	uint32_t at = 0;
	for (const struct pending *p; (p = queue_next(queue, &at));)
		if (p->fee_source == fee_source && __builtin_add_overflow(sum, p->fee, &sum))
			return INT64_MAX;
	return sum;
}

bool queue_put(struct queue *queue, const struct pending *pending)
{
	uint32_t old = slot_of(queue, pending->source);
	if (old != SLOT_NONE) {
		struct pending *to = slab_at(&queue->pending, old);
		uint32_t age = to->age;
		free(to->envelope);
		*to = *pending;
		to->age = age;
		return true;
	}
	uint32_t slot = slab_take(&queue->pending);
	if (slot == SLOT_NONE)
		return false;
	if (!table_put(&queue->by_source, source_hash(pending->source), slot)) {
		slab_give(&queue->pending, slot);
		return false;
	}
	*(struct pending *)slab_at(&queue->pending, slot) = *pending;
	return true;
}

void queue_drop(struct queue *queue, struct pending *pending)
{
	uint32_t slot = slot_of(queue, pending->source);
	table_remove(&queue->by_source, source_hash(pending->source), slot);
	free(pending->envelope);
	slab_give(&queue->pending, slot);
}

/* --- bans */

static uint64_t ban_hash(const uint8_t full_hash[32])
{
	return table_mix_bytes(0, full_hash, 32);
}

static struct banned *find_ban(const struct queue *queue, const uint8_t full_hash[32])
{
	struct table_walk walk = table_walk(&queue->by_banned, ban_hash(full_hash));
	for (uint32_t slot; (slot = table_next(&queue->by_banned, &walk)) != SLOT_NONE;) {
		struct banned *banned = slab_at(&queue->banned, slot);
		if (memcmp(banned->full_hash, full_hash, 32) == 0)
			return banned;
	}
	return NULL;
}

void queue_ban(struct queue *queue, const uint8_t full_hash[32], uint32_t until)
{
	struct banned *banned = find_ban(queue, full_hash);
	if (banned) {
		banned->until = until;
		return;
	}
	uint32_t slot = slab_take(&queue->banned);
	if (slot == SLOT_NONE)
		return;
	banned = slab_at(&queue->banned, slot);
	*banned = (struct banned){.until = until};
	memcpy(banned->full_hash, full_hash, 32);
	banned->live = table_put(&queue->by_banned, ban_hash(full_hash), slot);
	if (!banned->live)
		slab_give(&queue->banned, slot);
}

bool queue_banned(const struct queue *queue, const uint8_t full_hash[32])
{
	return find_ban(queue, full_hash) != NULL;
}

static void end_bans(struct queue *queue, uint32_t sequence)
{
	/* A record that was given back has lost its first bytes, not these. */
	for (uint32_t slot = 0; slot < queue->banned.used; slot++) {
		struct banned *banned = slab_at(&queue->banned, slot);
		if (!banned->live || banned->until > sequence)
			continue;
		banned->live = false;
		table_remove(&queue->by_banned, ban_hash(banned->full_hash), slot);
		slab_give(&queue->banned, slot);
	}
}

void queue_shift(struct queue *queue, uint32_t sequence)
{
	end_bans(queue, sequence);
	queue->evicted = (struct surge_evicted){0};
	uint32_t at = 0;
	for (struct pending *p; (p = queue_next(queue, &at));)
		p->age++;
	/* Taking one out moves others about in the table: start over after each. */
	for (at = 0;;) {
		struct pending *p = queue_next(queue, &at);
		if (!p)
			break;
		if (p->age < QUEUE_LEDGERS)
			continue;
		queue_ban(queue, p->full_hash, sequence + QUEUE_BAN_LEDGERS);
		queue_drop(queue, p);
		at = 0;
	}
}
