/* sign/client.h - the connector's side of the signer: starts the process that holds the
 * keys, hands it whole envelopes, gets them back signed or refused.
 *
 *	struct signer_options options = {
 *		.program = "/usr/libexec/sdex-signer",
 *		.network_passphrase = SDEX_PASSPHRASE_TESTNET,
 *		.keystores = files, .keystore_count = 1,
 *		.audit = "/var/lib/sdex/audit",
 *		.answer = on_answer, .state = on_state, .arg = driver,
 *	};
 *	signer = signer_start(loop, &options, &why);
 *
 * The process dies with its socket, so with this one.  When it dies first, it is started
 * again, at first after 100 ms, then after twice as long each time, up to 30 s; what it had
 * been asked ends as GONE, what it had not yet been asked waits.
 *
 * Callbacks come from the top of the loop, never out of a call into this module.  They may
 * call signer_sign, but not signer_stop. */
#ifndef SDEX_SIGN_CLIENT_H
#define SDEX_SIGN_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/loop.h"
#include "sdex/error.h"

struct signer;

#define SIGNER_QUEUE 256u          /* requests that have no answer yet */
#define SIGNER_ENVELOPE_MAX 65536u /* bytes of XDR */
#define SIGNER_TIMEOUT_MS 30000u   /* a request has its answer by then, or is GONE */
#define SIGNER_RESTART_FIRST_MS 100u
#define SIGNER_RESTART_MOST_MS 30000u

enum signer_outcome {
	SIGNER_SIGNED = 1, /* envelope: with the signature in it */
	SIGNER_REFUSED,    /* the policy said no: asking again gives the same */
	/* No answer: it may have signed or not, the envelope did not come.  Or, with a rule, not
	 * now: "rate" and "clock" pass. */
	SIGNER_GONE,
};

/* Borrowed until the callback returns. */
struct signer_answer {
	uint64_t token;
	enum signer_outcome outcome;
	const void *envelope; /* SIGNED: TransactionEnvelope, XDR */
	size_t size;
	const char *rule; /* the name of the rule that is against it, or "" */
	const char *text; /* REFUSED, GONE: the reason, for people; else "" */
};

enum signer_state {
	SIGNER_READY = 1, /* text: what guards the process */
	SIGNER_DOWN,      /* text: why, and when it is tried again */
};

struct signer_options {
	const char *program; /* path of sdex-signer */
	const char *network_passphrase;
	const char *const *keystores; /* files; a key's name is the one in its file */
	uint32_t keystore_count;      /* 1 to 64 */
	const char *audit;            /* the audit log's file, made when it is not there */
	/* The keystores' passphrase, which this process never reads: a descriptor over 2 (0:
	 * none) that stays the caller's, or a file (NULL: none).  Each start reads it from its
	 * beginning, so the descriptor is one of a file or memfd; a pipe serves only the first.
	 * Without either: $CREDENTIALS_DIRECTORY/sdex-signer.passphrase, else the environment's
	 * SDEX_SIGNER_PASSPHRASE, which the public network refuses. */
	int passphrase_fd;
	const char *passphrase_file;
	/* More options of `sdex-signer serve`, as they are ("--asset", "USDC:G..."), ended by
	 * NULL; NULL for none. */
	const char *const *policy;
	uint32_t timeout_ms; /* 0: SIGNER_TIMEOUT_MS */
	void (*answer)(void *arg, const struct signer_answer *answer);
	void (*state)(void *arg, enum signer_state state, const char *text); /* NULL is fine */
	void *arg;
};

/* Starts the process; READY or DOWN tells how that went.  The options and all they point
 * to are copied, but for the descriptor, which has to stay open.
 * NULL  INVALID, NOMEM, or MISSING when there is no such program; `why` says it. */
struct signer *signer_start(struct loop *loop, const struct signer_options *options,
			    struct sdex_failure *why);

/* Ends the process and frees the client.  No callback follows, not for requests without an
 * answer either.  NULL is fine. */
void signer_stop(struct signer *signer);

/* Asks for the signature of a key, by its name or address (G...), on a whole envelope; one
 * answer with this token follows.  While the process is starting, requests wait.  `replace`
 * allows a transaction in the place of another with the same source and sequence that this
 * signer has signed before: only with a proof that the other is dead, or in the knowledge
 * that either of the two may come to be.  No answer follows on an error:
 * INVALID  the name is no key's name, or the envelope is empty or over SIGNER_ENVELOPE_MAX
 * NOMEM    SIGNER_QUEUE requests are waiting, or memory is out */
SDEX_MUST_USE enum sdex_error signer_sign(struct signer *signer, uint64_t token, const char *key,
					  const void *envelope, size_t size, bool replace);

/* The public key (32 bytes) of the key with this name; NULL when there is none or READY has not
 * come yet.  It lives until READY comes again. */
const uint8_t *signer_public_key(const struct signer *signer, const char *key);

/* Is the process there and ready? */
bool signer_is_ready(const struct signer *signer);

#endif
