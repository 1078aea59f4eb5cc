/* policy/sequence.c - a window on the newest numbers. */
#include "policy/sequence.h"

#include <string.h>

static uint32_t slot_of(int64_t number)
{
	return (uint32_t)((uint64_t)number % SEQUENCE_WINDOW);
}

enum sequence_verdict sequence_ask(const struct sequence *s, int64_t number, const uint8_t hash[32],
				   bool replace)
{
	const struct sequence_signed *slot = &s->window[slot_of(number)];
	if (number > s->highest)
		return SEQUENCE_NEW;
	if (number <= 0 || slot->sequence != number)
		return SEQUENCE_BEHIND;
	if (memcmp(slot->hash, hash, 32) == 0)
		return SEQUENCE_AGAIN;
	return replace ? SEQUENCE_REPLACES : SEQUENCE_TAKEN;
}

void sequence_take(struct sequence *s, int64_t number, const uint8_t hash[32])
{
	struct sequence_signed *slot = &s->window[slot_of(number)];
	if (number > s->highest)
		s->highest = number;
	slot->sequence = number;
	memcpy(slot->hash, hash, 32);
}
