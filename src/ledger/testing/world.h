/* ledger/testing/world.h - small worlds for the tests: named accounts and assets, operations by
 * one call each, and the laws that every state keeps. */
#ifndef SDEX_LEDGER_TESTING_WORLD_H
#define SDEX_LEDGER_TESTING_WORLD_H

#include "base/testing.h"
#include "ledger/entry.h"
#include "ledger/tx.h"

#define XLM 10000000LL
#define RESERVE 5000000

struct world {
	struct state *state;
	struct sdex_arena *arena;
	struct ledger ledger;
	uint8_t network[32];
	sdex_TransactionResult result; /* of the last transaction */
	struct tx_meta meta;
	uint8_t hash[32]; /* of the last transaction that was submitted */
	/* keys that are frozen, transactions that may touch them */
	sdex_EncodedLedgerKey frozen[16];
	sdex_Hash bypass[16];
};

void world_open(struct world *w, uint32_t version);
void world_close(struct world *w);

/* With keys an account's is the public one of a pair, for tests of signatures; without them, as
 * it is from the start, it tells the name. */
void world_keys(bool keys);
void world_keypair(int name, uint8_t public[32], uint8_t secret[64]);

sdex_AccountID account_of(int name);
sdex_MuxedAccount muxed_of(int name);
sdex_Asset native_asset(void);
sdex_Asset credit_of(const char *code, int issuer); /* code of 0 to 4 letters */

uint32_t world_address(struct world *w, int name);
struct account *world_account(struct world *w, int name);
struct trustline *world_line(struct world *w, int name, sdex_Asset asset);

/* Entries put there, not made by operations. */
void world_fund(struct world *w, int name, int64_t balance);
void world_trust(struct world *w, int name, sdex_Asset asset, int64_t balance, int64_t limit);

sdex_Operation *op_new(struct world *w, int source, sdex_OperationType type);
sdex_Operation *op_payment(struct world *w, int from, int to, sdex_Asset asset, int64_t amount);
sdex_Operation *op_sell(struct world *w, int who, sdex_Asset selling, sdex_Asset buying,
			int64_t amount, int32_t n, int32_t d, int64_t id);
sdex_Operation *op_buy(struct world *w, int who, sdex_Asset selling, sdex_Asset buying,
		       int64_t amount, int32_t n, int32_t d, int64_t id);
sdex_Operation *op_receive(struct world *w, int from, int to, sdex_Asset send, int64_t send_max,
			   sdex_Asset dest, int64_t amount, const sdex_Asset *path, uint32_t hops);
sdex_Operation *op_send(struct world *w, int from, int to, sdex_Asset send, int64_t amount,
			sdex_Asset dest, int64_t dest_min, const sdex_Asset *path, uint32_t hops);
sdex_Operation *op_trust(struct world *w, int who, sdex_Asset asset, int64_t limit);
sdex_Operation *op_trust_pool(struct world *w, int who, sdex_Asset a, sdex_Asset b, int64_t limit);
sdex_Operation *op_trust_pool_fee(struct world *w, int who, sdex_Asset a, sdex_Asset b, int32_t fee,
				  int64_t limit);
sdex_Operation *op_deposit(struct world *w, int who, sdex_Asset a, sdex_Asset b, int64_t max_a,
			   int64_t max_b);
sdex_Operation *op_deposit_within(struct world *w, int who, sdex_Asset a, sdex_Asset b,
				  int64_t max_a, int64_t max_b, struct price least,
				  struct price most);
sdex_Operation *op_withdraw(struct world *w, int who, sdex_Asset a, sdex_Asset b, int64_t shares,
			    int64_t min_a, int64_t min_b);
void world_pool_id(struct world *w, uint8_t id[32], sdex_Asset a, sdex_Asset b);

sdex_Operation *op_passive(struct world *w, int who, sdex_Asset selling, sdex_Asset buying,
			   int64_t amount, int32_t n, int32_t d);
sdex_Operation *op_create(struct world *w, int from, int made, int64_t balance);
sdex_Operation *op_merge(struct world *w, int who, int into);
/* Account flags, sums of enum sdex_AccountFlags. */
sdex_Operation *op_options(struct world *w, int who, uint32_t set, uint32_t clear);
/* flags: a sum of enum sdex_TrustLineFlags: what the line has of the first two afterwards. */
sdex_Operation *op_allow_trust(struct world *w, int issuer, int who, sdex_Asset asset,
			       uint32_t flags);
sdex_Operation *op_line_flags(struct world *w, int issuer, int who, sdex_Asset asset, uint32_t set,
			      uint32_t clear);
sdex_Operation *op_clawback(struct world *w, int issuer, int from, sdex_Asset asset,
			    int64_t amount);
sdex_Operation *op_sponsor(struct world *w, int who, int sponsored);
sdex_Operation *op_end_sponsoring(struct world *w, int who);
sdex_Operation *op_revoke_offer(struct world *w, int who, int seller, int64_t id);
sdex_Operation *op_revoke_line(struct world *w, int who, int owner, sdex_Asset asset);
sdex_Operation *op_revoke_share(struct world *w, int who, int owner, sdex_Asset a, sdex_Asset b);
sdex_Operation *op_revoke_account(struct world *w, int who, int account);

/* A transaction of these operations with the source's next sequence number, 100 stroops for each
 * operation, no signature. */
sdex_TransactionEnvelope *world_envelope(struct world *w, int source, sdex_Operation **ops,
					 uint32_t count);

/* Applies one transaction of these operations, from `source`; its fee is 0.  Gives the
 * transaction's code; w->result has the rest. */
sdex_TransactionResultCode world_apply(struct world *w, int source, sdex_Operation **ops,
				       uint32_t count);
/* The same as a ledger of its own would do it: is it valid, then the base fee for each operation,
 * then the operations.  Nothing is charged and applied unless the next ledger would
 * take it, or refuse it for its operations only; the two answers have to agree. */
sdex_TransactionResultCode world_submit(struct world *w, int source, sdex_Operation **ops,
					uint32_t count);
/* The same for a source that is a virtual account (0: a plain one), and with another account that
 * bumps the fee to 10000 stroops (0: none). */
sdex_TransactionResultCode world_submit_as(struct world *w, int source, uint64_t virtual, int payer,
					   sdex_Operation **ops, uint32_t count);
/* Freezes an account's key, or with an asset that is not native its trustline's; thaws it; lets
 * the last transaction that was submitted pass. */
void world_freeze(struct world *w, int name, const sdex_Asset *line);
void world_thaw(struct world *w, int name, const sdex_Asset *line);
void world_bypass(struct world *w);
/* world_apply with one operation: gives its inner code, or 1000 + its outer code negated. */
int world_run(struct world *w, sdex_Operation *op);
sdex_OperationResult *world_op_result(struct world *w, uint32_t index);
int world_op_code(const sdex_OperationResult *result);

/* Fails the test unless the laws hold (laws.h). */
void world_laws(struct world *w);

#endif
