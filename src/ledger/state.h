/* ledger/state.h - the entries of a ledger in memory, with an undo log.
 *
 * Accounts, assets and pairs have small numbers that mean something in one state only;
 * ADDRESS_NONE and the like are SLOT_NONE.  Entries are plain records that never move
 * while they exist.  Whoever changes a record calls state_touch first: it notes the old
 * bytes, marks the entry as changed in this ledger, and so decides what meta shows.
 *
 * Levels nest: state_begin opens one, state_rollback takes back all that was done since,
 * state_commit keeps it.  A question "what if" is a level that is rolled back; it costs
 * what the work itself costs and leaves nothing behind but names (numbers of accounts,
 * assets and pairs), which are not part of the state.
 *
 * When memory runs out inside a change the state cannot be mended: state_lost turns true
 * and stays so, everything after is void, and the state can only be freed.
 *
 * One thread at a time. */
#ifndef SDEX_LEDGER_STATE_H
#define SDEX_LEDGER_STATE_H

#include "ledger/book.h"
#include "ledger/table.h"
#include "sdex/xdr_types.h"

#define ASSET_NATIVE 0u
#define STATE_LEVELS 24

enum entry_kind {
	ENTRY_ACCOUNT,
	ENTRY_TRUSTLINE,
	ENTRY_OFFER,
	ENTRY_DATA,
	ENTRY_CLAIMABLE,
	ENTRY_POOL,
	ENTRY_OPAQUE, /* contract data and code, settings, time to live: kept as bytes */
	ENTRY_KINDS,
};

/* What all entries begin with. */
struct entry {
	uint32_t modified; /* last ledger that changed it */
	uint32_t sponsor;  /* address, or SLOT_NONE */
	uint32_t serial;   /* of the level that noted its bytes last */
	uint8_t extended;  /* LedgerEntry.ext is v1, with or without a sponsor */
	uint8_t level;     /* how far the entry's own extensions go: 0 .. 3 */
	uint8_t flags;
	uint8_t spare;
};

/* Bytes that belong to an entry and never change. */
struct blob {
	uint32_t size;
	uint32_t count; /* of what is in there, where that is not the size */
	uint8_t data[];
};

struct signer {
	uint32_t type; /* enum sdex_SignerKeyType */
	uint32_t weight;
	uint32_t sponsor; /* address, or SLOT_NONE */
	uint32_t payload_size;
	uint8_t key[32];
	uint8_t payload[64]; /* of a signed-payload signer, zero behind its end */
};

struct account {
	struct entry entry; /* level: AccountEntryExt v1, v2, v3 */
	uint32_t address;
	uint8_t thresholds[4];
	int64_t balance;
	int64_t sequence;
	int64_t buying; /* liabilities */
	int64_t selling;
	uint32_t subentries;
	uint32_t inflation_dest; /* address, or SLOT_NONE */
	uint32_t sponsored;
	uint32_t sponsoring;
	uint32_t sequence_ledger;
	uint64_t sequence_time;
	const struct blob *signers;     /* struct signer, sorted by key; NULL for none */
	const struct blob *home_domain; /* NULL for none */
};

struct trustline {
	struct entry entry; /* level: TrustLineEntryExt v1, v2 (0, 1, 2) */
	uint32_t address;
	uint32_t asset; /* a pool share's is its pool */
	int64_t balance;
	int64_t limit;
	int64_t buying;
	int64_t selling;
	int32_t pool_uses;
	uint32_t next, prev; /* of the same account */
};

struct offer {
	struct entry entry; /* flags: PASSIVE_FLAG */
	uint32_t seller;
	uint32_t pair;
	int64_t id;
	int64_t amount;
	struct price price;
	uint32_t next, prev; /* of the same seller */
};

struct data {
	struct entry entry;
	uint32_t address;
	const struct blob *name;
	const struct blob *value;
};

struct claimable {
	struct entry entry; /* level 1: ext v1 with flags */
	uint32_t asset;
	uint8_t id[32];
	int64_t amount;
	const struct blob *claimants; /* XDR of the claimants, one after the other */
};

struct pool {
	struct entry entry;
	uint32_t asset; /* its share */
	uint32_t asset_a;
	uint32_t asset_b;
	int32_t fee_bps;
	int64_t reserve_a;
	int64_t reserve_b;
	int64_t shares;
	int64_t trustlines;
};

struct opaque {
	struct entry entry;
	const struct blob *key;   /* XDR of the LedgerKey */
	const struct blob *value; /* XDR of the LedgerEntry */
};

/* --- names */

struct address {
	uint8_t key[32];
	uint32_t account;    /* record, or SLOT_NONE: no such account */
	uint32_t offers;     /* first of its offers */
	uint32_t trustlines; /* first of its trustlines */
	/* What transactions leave for each other while a ledger is applied: */
	uint32_t future_sponsor;   /* BEGIN_SPONSORING_FUTURE_RESERVES, or SLOT_NONE */
	uint32_t future_sponsored; /* how many it sponsors so */
	int64_t last_sequence;     /* highest of its transactions in this ledger; 0 none */
};

struct asset {
	uint8_t type; /* enum sdex_AssetType */
	uint8_t code[12];
	uint32_t issuer; /* address; SLOT_NONE for native and shares */
	uint32_t pool;   /* a share's: the pool's record, or SLOT_NONE */
	uint8_t pool_id[32];
};

struct pair {
	uint32_t selling;
	uint32_t buying;
	uint32_t opposite; /* the pair the other way round, or SLOT_NONE */
	uint32_t pool;     /* record of the pool of these two, or SLOT_NONE */
};

/* What the rules read of the header, and what they write. */
struct header {
	uint32_t version;
	uint32_t sequence;
	uint64_t close_time;
	uint32_t base_fee;
	uint32_t base_reserve;
	uint32_t max_tx_set_size;
	uint32_t flags; /* enum sdex_LedgerHeaderFlags */
	bool extended;  /* LedgerHeader.ext is v1, which has the flags */
	uint32_t inflation_seq;
	int64_t total_coins;
	int64_t fee_pool;
	uint64_t id_pool;
	/* not the header's own: begun and not ended by the transaction that is applied */
	uint32_t open_sponsorships;
};

struct undo {
	uint8_t *bytes;
	uint64_t size;
	uint64_t room;
	uint32_t depth;
	uint32_t serial;
	struct {
		uint64_t start;
		uint32_t serial;
	} levels[STATE_LEVELS];
};

/* What somebody looked for, in the numbers of the state.  What does not name it is 0. */
enum asked_for {
	ASKED_ENTRY,  /* one entry: kind, and its key */
	ASKED_BOOK,   /* the best offer that sells `asset` for `other` */
	ASKED_VENUE,  /* the pool of `asset` and `other`, to trade with */
	ASKED_OFFERS, /* all offers of an account */
	ASKED_LINES,  /* all trustlines of an account */
};
struct asked {
	uint32_t what; /* enum asked_for */
	uint32_t kind; /* enum entry_kind */
	uint32_t address;
	uint32_t asset; /* a pool's: its share */
	uint32_t other;
	uint32_t size; /* of the key */
	int64_t id;
	uint8_t key[64]; /* a claimable balance's id, a data entry's name */
};

/* Is told of each entry that is looked for and is not there, of books and of lists in any
 * case: what lets a state that is a part of another one know its gaps. */
struct witness {
	void (*asked)(struct witness *witness, const struct asked *asked);
};

struct state {
	struct header header;
	struct slab addresses, assets, pairs;
	struct slab entries[ENTRY_KINDS];
	struct table by_key, by_asset, by_pair;
	struct table by_entry[ENTRY_KINDS]; /* not for accounts and pools */
	struct book book;
	struct undo undo;
	uint64_t seed;
	struct witness *witness; /* or NULL */
	const char *fault;       /* what the network would call an internal error */
	bool lost;               /* memory ran out */
};

/* The seed keeps hostile names from colliding; any number will do where none are. */
struct state *state_new(uint64_t seed);
void state_free(struct state *state);

static inline bool state_lost(const struct state *state)
{
	return state->lost;
}

/* --- names: each gives a number, SLOT_NONE only when memory is out (state_lost) */

uint32_t state_address(struct state *state, const uint8_t key[32]);
uint32_t state_asset(struct state *state, const sdex_Asset *asset);
uint32_t state_share(struct state *state, const uint8_t pool_id[32]);
uint32_t state_pair(struct state *state, uint32_t selling, uint32_t buying);
/* The number if there is one already, else SLOT_NONE: what is only asked about leaves no
 * name behind. */
uint32_t state_address_find(const struct state *state, const uint8_t key[32]);
uint32_t state_asset_find(const struct state *state, const sdex_Asset *asset);
uint32_t state_share_find(const struct state *state, const uint8_t pool_id[32]);
uint32_t state_pair_find(const struct state *state, uint32_t selling, uint32_t buying);

/* How many names there are, to go back to: a transaction that is looked at and refused need
 * not leave its own behind.  Nothing may refer to those that are forgotten, pairs least. */
struct state_names {
	uint32_t addresses, assets, pairs;
};
struct state_names state_names(const struct state *state);
void state_forget_names(struct state *state, struct state_names to);

static inline struct address *address_at(const struct state *state, uint32_t address)
{
	return slab_at(&state->addresses, address);
}
static inline struct asset *asset_at(const struct state *state, uint32_t asset)
{
	return slab_at(&state->assets, asset);
}
static inline struct pair *pair_at(const struct state *state, uint32_t pair)
{
	return slab_at(&state->pairs, pair);
}

/* --- entries: NULL when there is none; good until the entry is erased */

struct account *state_account(const struct state *state, uint32_t address);
struct trustline *state_trustline(const struct state *state, uint32_t address, uint32_t asset);
struct offer *state_offer(const struct state *state, uint32_t seller, int64_t id);
struct data *state_data(const struct state *state, uint32_t address, struct sdex_bytes name);
struct claimable *state_claimable(const struct state *state, const uint8_t id[32]);
struct pool *state_pool(const struct state *state, uint32_t share);
struct opaque *state_opaque(const struct state *state, struct sdex_bytes key);
struct offer *state_best_offer(const struct state *state, uint32_t selling, uint32_t buying);
/* The pool that trades the two, in any order. */
struct pool *state_venue(const struct state *state, uint32_t asset, uint32_t other);

/* The first of an account's offers and trustlines, SLOT_NONE when it has none. */
uint32_t state_first_offer(const struct state *state, uint32_t address);
uint32_t state_first_trustline(const struct state *state, uint32_t address);

/* The entry of the key that another copy of it has, NULL if there is none. */
void *state_find(const struct state *state, enum entry_kind kind, const void *copy);

/* Notes the bytes of an entry before it is changed; it counts as changed now.  The key
 * of an entry, and an offer's pair, price and id, must not change. */
void state_touch(struct state *state, enum entry_kind kind, void *entry);
void state_touch_header(struct state *state);
void state_touch_address(struct state *state, uint32_t address);

/* Adds an entry made like *entry, whose key is not in the state; sets `modified`.
 * NULL when memory is out. */
void *state_create(struct state *state, enum entry_kind kind, const void *entry);
void state_erase(struct state *state, enum entry_kind kind, void *entry);

/* Bytes for an entry to own: put it in a touched or created entry.  NULL (and
 * state_lost) when memory is out.  state_drop_blob says that an entry lets go. */
struct blob *state_blob(struct state *state, const void *data, uint32_t size);
void state_drop_blob(struct state *state, const struct blob *blob);

static inline struct sdex_bytes blob_bytes(const struct blob *blob)
{
	return blob ? (struct sdex_bytes){blob->data, blob->size} : (struct sdex_bytes){0};
}

/* --- levels */

void state_begin(struct state *state);
void state_commit(struct state *state);
void state_rollback(struct state *state);

/* Each entry that was touched, created or erased since the innermost level began, once,
 * in the order of first touch; left out if it was neither there before nor is now.
 * NULL with *count 0 when there are none, or memory is out (state_lost).  The bytes are
 * good until the next change of the state. */
struct change {
	enum entry_kind kind;
	const void *before; /* as it was, or NULL: was not there */
	const void *after;  /* as it is, or NULL: is not there */
};
struct change *state_changes(struct state *state, uint32_t *count, struct sdex_arena *arena);

/* Bytes held from the system for offers: records, index and book. */
uint64_t state_offer_memory(const struct state *state);

#endif
