/* sign/signed_before.h - the sequence numbers signed for each account, as the audit log has
 * them. */
#ifndef SDEX_SIGN_SIGNED_BEFORE_H
#define SDEX_SIGN_SIGNED_BEFORE_H

#include <stddef.h>

#include "policy/sequence.h"

#define SIGNED_BEFORE_ACCOUNTS_MAX 4096u

struct signed_account;

/* All zero is empty. */
struct signed_before {
	struct signed_account *accounts;
	size_t count, room;
};

enum sequence_verdict signed_before_ask(const struct signed_before *before,
					const uint8_t source[32], int64_t number,
					const uint8_t hash[32], bool replace);

/* False when memory is out, or there are too many accounts. */
bool signed_before_take(struct signed_before *before, const uint8_t source[32], int64_t number,
			const uint8_t hash[32]);

void signed_before_free(struct signed_before *before);

#endif
