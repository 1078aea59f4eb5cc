/* stellar/payload.h - a transaction's bytes, written once for both of their uses.
 *
 * What is hashed and what is sent overlap:
 *
 *   v1, fee bump   [network id][envelope type][transaction][signatures]
 *                   <------------- hashed -------------->
 *                               <--------------- sent -------------->
 *   v0             [network id][type 2][key type 0][transaction][signatures]
 *                   <----------------- hashed ----------------->
 *                                       <-------------- sent ------------->
 *
 * A v0 transaction is hashed as the v1 that it stands for, and its bytes are those of
 * the v1 behind the source account's key type, which is 0, as the envelope type of v0 is
 * (and the optional time bounds of the one are the preconditions of the other). */
#ifndef SDEX_STELLAR_PAYLOAD_H
#define SDEX_STELLAR_PAYLOAD_H

#include "sdex/transaction.h"

struct payload {
	uint8_t *bytes;
	size_t hashed; /* bytes that are hashed, from the start */
	size_t sent;   /* offset of the envelope, which ends where its signatures are put */
	size_t room;   /* behind the hashed bytes, as asked for */
};

/* Says that an envelope is none, by its type or because nothing is in it. */
enum sdex_error envelope_refuse(const sdex_TransactionEnvelope *envelope, struct sdex_failure *why);
#ifdef __clang_analyzer__
#define envelope_refuse(...) (envelope_refuse(__VA_ARGS__), SDEX_ERR_MISSING) /* as with fail() */
#endif

/* Writes [network id] to [transaction] into the arena, with `room` bytes behind it. */
enum sdex_error payload_write(struct payload *payload, struct sdex_arena *arena,
			      const sdex_TransactionEnvelope *envelope, const sdex_Hash *network,
			      size_t room, struct sdex_failure *why);

void payload_hash(const struct payload *payload, sdex_Hash *hash);

/* The envelope's own list of signatures, NULL when the envelope is none. */
sdex_DecoratedSignature_list *payload_signatures(sdex_TransactionEnvelope *envelope);

#endif
