/* ledger/sign.h - do a transaction's signatures reach a threshold (stellar-core:
 * SignatureChecker.cpp)? */
#ifndef SDEX_LEDGER_SIGN_H
#define SDEX_LEDGER_SIGN_H

#include "ledger/rules.h"

#define SIGNATURES_MAX 20
#define VERIFICATIONS_MAX 1000u
#define VERSION_VERIFICATION_BUDGET 28u

/* What verifications came to.  A verdict follows from key, signature and message alone, so
 * it stays true whatever the ledger says of signers by then (stellar-core keeps them in the
 * same way, SecretKey.cpp).  All zero is an empty one; a new verdict takes the place of an
 * old one. */
#define VERDICTS_KEPT 16384u
struct verification {
	uint8_t of[32]; /* BLAKE2b of key, signature, message */
	bool known, good;
};
struct verdicts {
	struct verification kept[VERDICTS_KEPT];
	uint64_t verified; /* how many were not known before */
};

struct signing {
	const sdex_DecoratedSignature_list *signatures;
	uint8_t hash[32]; /* what is signed */
	bool used[SIGNATURES_MAX];
	bool trusted; /* all is taken for signed, nothing is verified */
	bool limited; /* at most VERIFICATIONS_MAX verifications */
	uint32_t verifications;
	struct verdicts *verdicts; /* NULL: none are kept */
	/* the last outcome of each, since an account signs for itself and its operations */
	struct {
		bool known;
		bool good;
		uint8_t key[32];
	} last[SIGNATURES_MAX];
};

void signing_init(struct signing *signing, const sdex_DecoratedSignature_list *signatures,
		  const uint8_t hash[32], uint32_t version, bool trusted,
		  struct verdicts *verdicts);

/* Do the signatures of these signers weigh at least `needed`?  At least one must count,
 * even if nothing is needed.  Marks those that counted. */
bool signing_weighs(struct signing *signing, const struct signer *signers, uint32_t count,
		    uint32_t needed);

/* The same for an account's own key and signers, and for a key without an account. */
bool signing_account(struct signing *signing, const struct state *state,
		     const struct account *account, uint32_t needed);
bool signing_key(struct signing *signing, const uint8_t key[32]);

/* Has each signature counted at some time? */
bool signing_all_used(const struct signing *signing);

#endif
