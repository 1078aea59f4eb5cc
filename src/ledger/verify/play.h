/* ledger/verify/play.h - a small market for tests of verifying: traders who do what comes to
 * them, ledger after ledger, from a network's first one on. */
#ifndef SDEX_LEDGER_VERIFY_PLAY_H
#define SDEX_LEDGER_VERIFY_PLAY_H

#include "ledger/close.h"
#include "ledger/testing/world.h"
#include "ledger/verify/verify.h"

enum { ROOT = 1, ISSUER, OTHER_ISSUER, ALICE, BOB, CAROL, DAVE, TRADERS_END };

/* A chain of ledgers from a network's second on, so that nothing of it is hidden */
struct play {
	struct seeded s;
	struct world w;
	sdex_LedgerHeader last;
	struct close_tx txs[64];
	uint32_t tx_count;
	uint32_t sent[64]; /* of this ledger's, by account */
	sdex_LedgerCloseMeta *meta;
	uint8_t *bytes;
	size_t size;
	struct verify *verify;
	const struct verified_ledger *found;
	uint64_t verdicts[VERDICTS];
	uint32_t done, failed;
	bool types[SDEX_RESTORE_FOOTPRINT + 1]; /* that were done */
	sdex_Asset xlm, usd, eur;
};

void play_open(struct play *p, uint64_t seed, uint32_t version);
void play_end(struct play *p);

/* Puts a transaction into the next ledger, from an account that may have sent others to it. */
sdex_TransactionEnvelope *play_send(struct play *p, int source, sdex_Operation **ops,
				    uint32_t count);
void play_send_one(struct play *p, int source, sdex_Operation *op);
/* Wraps the last one in a fee bump. */
void play_bump(struct play *p, sdex_TransactionEnvelope *envelope, int payer);

/* Four traders, two issuers, three assets, three pools. */
void play_set_up(struct play *p);
void play_open_market(struct play *p, uint32_t version);
/* Sends a few random transactions. */
void play_ledger(struct play *p);
sdex_Operation *play_data(struct play *p, int who);

/* Closes a ledger of what was sent; its bytes are good until the next. */
void play_close(struct play *p, const sdex_LedgerUpgrade *upgrade);
/* Makes the bytes anew of a changed p->meta. */
void play_encode(struct play *p);
/* Lets go of the ledger's values. */
void play_forget(struct play *p);

/* Verifies the bytes: p->found. */
void play_verify(struct play *p, struct verify *by);
/* The same by a verifier that has seen nothing else, which the caller frees. */
void play_verify_alone(struct play *p, struct verify **by);
/* The same by the play's own, to which nothing is hidden: all is agreed, what failed too. */
void play_agrees(struct play *p);
/* Closes, agrees, forgets. */
void play_next(struct play *p);
void play_tell(const struct verified_ledger *ledger);

#endif
