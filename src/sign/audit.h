/* sign/audit.h - the signer's log: what it was asked, what it answered, and why.
 *
 * A file of a 16-byte head and records, each a length (32 bits, big-endian), that many
 * bytes, and the BLAKE2b-256 of the hash before it and those bytes; the first hash before is
 * the head's.  So no record can be changed, left out or put in without all behind it
 * changing too.  That the end was cut the file alone cannot show: keep its last hash
 * elsewhere, too.
 *
 * Who is to sign writes the intent and syncs it first: after a crash the log knows of each
 * signature that may have left.  A record that was cut off by a crash is removed at the next
 * opening; nothing had been signed for it. */
#ifndef SDEX_SIGN_AUDIT_H
#define SDEX_SIGN_AUDIT_H

#include <stdbool.h>

#include "sign/frame.h"

#define AUDIT_HEAD_SIZE 16u
#define AUDIT_TEXT_MAX 196608u /* a policy of 2048 assets as JSON fits */
#define AUDIT_RECORD_MAX (AUDIT_TEXT_MAX + 8192u)

enum audit_kind {
	AUDIT_START = 1, /* of the process; hash: the network's id; text: the policy as JSON */
	AUDIT_INTENT,    /* to sign: key, hash, source, sequence, replaces, envelope */
	AUDIT_SIGNED,    /* key, hash, signature */
	AUDIT_REFUSED,   /* key, rule, text; hash, source and sequence as far as they are known */
	AUDIT_STOP,      /* of the process, in order */
};

/* Fields that a kind does not have are zero.  Runs of bytes are borrowed. */
struct audit_record {
	enum audit_kind kind;
	uint64_t number;    /* from 1, without a gap; audit_append sets it */
	int64_t time_ms;    /* since 1970 */
	uint8_t policy[32]; /* BLAKE2b-256 of the policy in force */
	uint8_t hash[32];   /* the transaction's */
	uint8_t source[32]; /* the transaction's source account */
	int64_t sequence;
	bool replaces; /* another transaction signed before for the sequence number */
	struct sdex_bytes key;
	struct sdex_bytes rule;
	struct sdex_bytes text;
	struct sdex_bytes signature;
	struct sdex_bytes envelope;
};

/* What a log holds. */
struct audit_sum {
	uint64_t records;
	uint64_t bytes;   /* of whole records and the head */
	uint64_t cut_off; /* bytes behind, of a record that was not finished */
	int64_t first_ms, last_ms;
	uint8_t hash[32]; /* the last */
};

/* Gets each record in order; an error ends the reading with it. */
typedef enum sdex_error audit_each(void *arg, const struct audit_record *record,
				   struct sdex_failure *why);

/* Reads a log from its beginning, checking the chain; `each` may be NULL.
 * SYNTAX    no such log, or a record that is none;  CHECKSUM  the chain is broken;
 * INVALID   it cannot be read;  others of `each`.  why->where is the record's place. */
SDEX_MUST_USE enum sdex_error audit_read(int fd, struct audit_sum *sum, audit_each *each, void *arg,
					 struct sdex_failure *why);

/* Reads one record's bytes, without length and hash; false when they are none. */
SDEX_MUST_USE bool audit_record_read(struct audit_record *record, const void *data, size_t size);

/* Writes them; their size, 0 when they do not fit. */
size_t audit_record_write(void *data, size_t room, const struct audit_record *record);

/* ---- writing */

struct audit;

/* Opens or makes the log, reads it through, removes a record that was cut off, and locks it
 * against other signers.  As audit_read, and INVALID: somebody else writes it. */
SDEX_MUST_USE enum sdex_error audit_open(struct audit **audit, const char *path, audit_each *each,
					 void *arg, struct sdex_failure *why);
void audit_close(struct audit *audit); /* NULL is fine */

/* Puts a record behind the others, in memory, with its number.
 * LENGTH  it is over AUDIT_RECORD_MAX;  INVALID  an earlier write has failed */
SDEX_MUST_USE enum sdex_error audit_append(struct audit *audit, struct audit_record *record,
					   struct sdex_failure *why);

/* Writes what was appended, and with audit_sync waits until it is on disk.
 * INVALID  that failed: what was appended since the last success is gone, and so is the
 *          log's use, for all calls to come */
SDEX_MUST_USE enum sdex_error audit_write(struct audit *audit, struct sdex_failure *why);
SDEX_MUST_USE enum sdex_error audit_sync(struct audit *audit, struct sdex_failure *why);

const struct audit_sum *audit_sum(const struct audit *audit);

#endif
