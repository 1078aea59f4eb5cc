/* stellar/sampling.h - random transactions that break no rule, the same for the same
 * seed: for the tests, and for the other SDKs to be held against.
 *
 * All operation types, memos, preconditions, signers, predicates, credentials and
 * envelopes of protocol 27 come up; what only protocol 28 has does not, because the
 * other SDKs do not all read it. */
#ifndef SDEX_STELLAR_SAMPLING_H
#define SDEX_STELLAR_SAMPLING_H

#include "base/testing.h"
#include "sdex/soroban.h"

struct sampler {
	struct seeded rng;
	struct sdex_arena *arena; /* everything that is sampled lives here */
};

/* 1 in `n`. */
bool sample_chance(struct sampler *s, uint32_t n);
sdex_Asset sample_asset(struct sampler *s);
sdex_MuxedAccount sample_muxed(struct sampler *s);
sdex_SCVal sample_value(struct sampler *s, uint32_t depth);

/* An operation of a type, by its constructor. */
sdex_Operation sample_operation(struct sampler *s, sdex_OperationType type);

/* A transaction: classic with 1 to 100 operations, or with one Soroban operation.
 * Inflation, which the network refuses, is among them when `inflation` is set. */
sdex_Transaction sample_transaction(struct sampler *s, bool inflation);

/* An unsigned envelope of any kind; a fee bump's inner transaction is signed with a few
 * random keys for the network. */
sdex_TransactionEnvelope sample_envelope(struct sampler *s, const sdex_Hash *network,
					 bool inflation);

#endif
