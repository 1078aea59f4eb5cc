/* sandbox/send.h - transactions of the sandbox's own accounts: made, signed, submitted. */
#ifndef SDEX_SANDBOX_SEND_H
#define SDEX_SANDBOX_SEND_H

#include "sandbox/network.h"
#include "sdex/key.h"

#define SEND_OPERATIONS 100u

struct sending {
	const struct sdex_secret *source;
	const struct sdex_secret *also; /* signs as well; NULL for nobody */
	sdex_Operation *operations;
	uint32_t count;
	uint32_t fee; /* stroops an operation, at most */
};

/* Submits a transaction with the source account's next sequence number, valid for some
 * ledgers.  The operations live until the return.
 * MISSING    the source has no account
 * RANGE      it has used up its sequence numbers
 * MALFORMED  the operations are not valid in themselves;  NOMEM */
SDEX_MUST_USE enum sdex_error send_transaction(struct network *network, struct submitted *out,
					       struct sdex_arena *arena,
					       const struct sending *sending);

#endif
