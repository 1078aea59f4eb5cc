/* cmd/sdex/tx_fields.h - operations as people type them: "payment to=G... asset=XLM
 * amount=1.5".  The table of kinds says which fields there are, and makes the help. */
#ifndef SDEX_CMD_TX_FIELDS_H
#define SDEX_CMD_TX_FIELDS_H

#include <stdbool.h>

#include "sdex/operation.h"

enum field_kind {
	FIELD_ACCOUNT,    /* G... */
	FIELD_MUXED,      /* G... or M... */
	FIELD_ASSET,      /* XLM, native or CODE:ISSUER */
	FIELD_ASSETS,     /* several, apart by commas */
	FIELD_AMOUNT,     /* units in decimal; "max" is all that there can be */
	FIELD_PRICE,      /* n/d, or a decimal: the nearest fraction */
	FIELD_PRICE_UP,   /* the nearest that is not below, for one who sells */
	FIELD_PRICE_DOWN, /* the nearest that is not above, for one who buys */
	FIELD_NUMBER,     /* a whole number that the field's words bound: INT64_MAX, UINT32_MAX */
	FIELD_UINT32,
	FIELD_FLAGS, /* words apart by commas, or their sum */
	FIELD_TEXT,  /* as it stands */
	FIELD_HEX,
	FIELD_SIGNER,   /* G..., T..., X... or P... */
	FIELD_BALANCE,  /* B..., or hexadecimal as Horizon has it */
	FIELD_POOL,     /* L..., or hexadecimal */
	FIELD_CLAIMANT, /* G..., and behind a comma when: see tx_fields.c */
	FIELD_JSON,     /* SEP-51 of the XDR type `type` */
};

#define FIELD_COUNT_MAX 12u
#define FIELD_CLAIMANTS_MAX 10u

struct field {
	const char *name; /* NULL ends a table */
	enum field_kind kind;
	bool optional;
	enum sdex_type type; /* FIELD_JSON */
	const char *words;   /* FIELD_FLAGS: "required=1|revocable=2" */
	const char *help;
};

struct field_value {
	bool given;
	union {
		sdex_AccountID account;
		sdex_MuxedAccount muxed;
		sdex_Asset asset;
		sdex_Asset_list assets;
		struct sdex_amount amount;
		sdex_Price price;
		int64_t number;
		uint32_t uint32;
		struct sdex_bytes bytes;
		sdex_SignerKey signer;
		sdex_ClaimableBalanceID balance;
		sdex_PoolID pool;
		sdex_Claimant_list claimants;
		void *value;
	};
};

/* What a kind makes its operation of. */
struct op_parts {
	sdex_Operation *out;
	struct sdex_arena *arena;
	const sdex_MuxedAccount *source; /* NULL for the transaction's */
	const struct field_value *v;     /* in the order of the kind's fields */
	struct sdex_failure *why;
};

struct op_kind {
	const char *name; /* of SEP-51: "manage_sell_offer"; NULL ends the table */
	const char *summary;
	const struct field *fields;
	enum sdex_error (*make)(const struct op_parts *parts);
};

extern const struct op_kind op_kinds[];

/* Makes the operation that the text says; false, said on stderr. */
bool op_parse(sdex_Operation *out, struct sdex_arena *arena, const char *text);

/* Reads one value; `what` names it in the message that is said on stderr when it is none. */
bool field_parse(struct field_value *value, const struct field *field, struct sdex_arena *arena,
		 const char *text, const char *what);

/* How the help shows a field's value. */
const char *field_shape(enum field_kind kind);

#endif
