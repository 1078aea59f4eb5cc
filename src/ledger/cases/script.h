/* ledger/cases/script.h - cases for the rules, written as scripts.
 *
 * A script (cases/NAME.case) is a tree of cases by indentation, four spaces a level.  Each leaf
 * is a test of its own: a new ledger, in which everything runs that stands before it and around
 * it, once for each protocol version from 19 to 28.  After every transaction the offers on the
 * ledger must be exactly those that the script expects, and at the end the laws of world.h hold.
 * A leaf's id is "NAME: title / title": the file and the titles of the case of stellar-core that
 * it restates (docs/conformance.md).
 *
 *   case TITLE                 a case, what follows below it is its own
 *   from N, until N            what is below runs from, or up to, that protocol version
 *   def NAME $a $b             a piece of script; use NAME x "y z" puts it there, with the words
 *                              for $a and $b
 *   each $a x y 1..9           what is below, once for each word
 *   # ...                      for the reader
 *
 * Numbers are stroops: + - * / ( ) without blanks, max (the largest int64), max32, txfee (of an
 * operation, charged as on the network), reserve(n) (what an account with n subentries must
 * keep), balance(who,ASSET), reserved(who,ASSET) (its buying liabilities), available(who) (the
 * lumens over what it must keep), offers made so far as
 * idpool, the number of the last ledger as ledger and its close time as now, and names:
 *
 *   let x = EXPR
 *   account NAME BALANCE       there it is; `root` always is, and is rich
 *   asset CODE ISSUER          names an asset; XLM is native, INVALID is none
 *   asset NAME ISSUER CODE     \x0a is a byte of a code
 *   header fee N, header reserve N      what a ledger asks from here on; 100 and 5000000 before
 *   freeze NAME, freeze NAME CODE, thaw ... validators freeze an account or a trustline of it
 *   bypass                     and let the last transaction that was tried pass
 *   NAME sponsoring N, NAME subentries N    sets an account's counts, for the ends of the range;
 *                              the laws of world.h are not asked for then
 *
 * Operations are one transaction each, from the account that they begin with; the shapes are
 * those of the table in script_op.c, for instance:
 *
 *   A trusts USD up to 1000
 *   A sells 100 USD for XLM at 3/2          3 XLM for 2 USD; `passively sells`, `buys`
 *   A changes o1 to sell 50 USD for XLM at 3/2
 *   A pays B 5 USD with at most 7 XLM via EUR
 *   A sends 7 XLM to B for at least 5 USD via EUR
 *
 *   A sets aside 5 USD for B C:before(now+5)  (claimable; `as b1` names it; also within(s), not(p),
 *                                             and(p,q), or(p,q), full(n): script_entry.c)
 *   B claims b1, issuer claws back b1, A revokes balance b1
 *   A adds signer S weight 1, A notes NAME VALUE, A revokes signer B S, A revokes data B NAME
 *
 * `tx ACCOUNT` is one transaction of all operations below; `tx A paid by B` has its fee bumped by
 * B, `tx A as 7` is from A's virtual account 7, and so is an operation `A as 7 pays ...`.
 * What becomes of an operation stands
 * behind semicolons:
 *
 *   fails LOW_RESERVE          its code without its operation's name; opTOO_MANY_SPONSORING,
 *                              txBAD_SPONSORSHIP (also behind tx) as they are; what fails in a
 *                              bumped transaction has `inner ` before it
 *   leaves N                   so much of an offer rests; 0: none does; without it all of it
 *   as o1                      names the offer that rests
 *   o1 gone, o1 left N         and what it did to offers that were there; o1..9 gone for nine
 *   claims o1 5 10, pool 3 4   the claims in their order: sold and bought; claims none;
 *                              claims 2 books, claims 1 pools: so many and of that kind
 *   merges N                   the balance that an account takes along
 *
 * Transactions whose making matters, in a file that begins with `keys`, which gives all accounts
 * keys of their own:
 *
 *   tx A; signed by A B; fee 99; charged 99; later 1      sequence numbers left out
 *   tx A; unsigned; time 5 9; gap 1; extra KEY KEY        conditions; `contracts` an extension
 *   tx A; asked 0 5            only whether it is valid, 0 s after the last ledger and 5 s more
 *   draft p A; ...             what it will be; `apply p` does it
 *   ledger                     those below pay in one ledger before any of them is applied
 *
 * A KEY is an account, x=WORD (a hash), A=WORD (a signed payload), tx:p; with ^ behind it a wrong
 * one.  A signature is by any of these but tx:p; A! is spoilt, A? has a wrong hint.  Such a
 * transaction is applied even when it is not valid, as a ledger does that has it.
 *
 *   A sets weights 1 2 2 2 [signer KEY 5]                 of the master key, low, medium, high;
 *                              - leaves one as it is
 *
 * Checks:
 *
 *   A has 5 USD, 0 EUR         balances; without a trustline it is 0
 *   A reserves USD 1 2         buying and selling liabilities
 *   A counts 4 2 1             subentries, sponsoring, sponsored
 *   A sequence N, A available N
 *   o1 paid by B, o1 paid by nobody, A paid by nobody      the sponsor of an entry
 *                              (nobody-yet: none ever was, nobody-now: one was)
 *   A extended 2               which extension an account has, 0 for none
 *   A gone, pool USD EUR gone
 *   A line USD flags N, A line USD uses N (pools), A line USD holds N, A line USD paid by B, A line USD gone
 *   A line pool USD EUR flags N ...
 *   pool USD EUR has 10 20 shares 14 lines 1               reserves in that order
 *   A signers 2, A signer S paid by B, A data NAME gone, balance b1 paid by B, balance b1 gone
 *   balance b1 made by A 0     names the balance that the first operation of A's last
 *                              transaction makes, and balance b1 freed by A 0 from USD EUR in USD
 *                              the one that it pays out of a pool, whether or not it is there;
 *                              balance b1 coming from A 0: of its next transaction
 *   A modified N               the ledger that changed it last
 *   offers 3                   so many there are
 *   same EXPR EXPR             they are equal
 *
 * A transaction's ledger closes 5 seconds after the one before; `wait N`: the next N seconds after. */
#ifndef SDEX_LEDGER_CASES_SCRIPT_H
#define SDEX_LEDGER_CASES_SCRIPT_H

#include "ledger/testing/world.h"

struct script_line {
	const char *text; /* without its indent */
	int number;
	struct script_line *first, *next; /* what is below, and what follows */
};

struct script_leaf {
	const char *file;
	const char *id;
	const struct script_line *root;
	const struct script_line *path[16]; /* its cases, the outermost first */
	uint32_t depth;
};

struct script {
	struct sdex_arena *arena; /* everything lives here */
	struct script_leaf *leaves;
	uint32_t count;
	uint32_t room;
};

/* Adds the cases of a file.  False, having said why on stderr, when it cannot be read or two
 * cases have one id. */
bool script_load(struct script *script, const char *path);
void script_free(struct script *script);

/* Runs a leaf in all versions (inside of a cmocka test).  `at` follows the line that runs. */
struct script_place {
	const char *file;
	int line;
	uint32_t version; /* 0 when the run came to its end */
};
void script_run(const struct script_leaf *leaf, struct script_place *at);

/* --- between the files of the script */

#define SCRIPT_PATH_MAX 8

/* An offer that the script expects on the ledger. */
struct script_offer {
	const char *name; /* "" for none */
	int seller;
	sdex_Asset selling, buying;
	struct price price;
	int64_t id, amount;
	bool passive;
	bool gone;
};

struct script_name {
	const char *name;
	int64_t value;    /* of a let */
	sdex_Asset asset; /* of an asset */
};

struct script_balance { /* a claimable one */
	const char *name;
	uint8_t id[32];
};

struct script_draft { /* a transaction that is known before it is applied */
	const char *name;
	const struct script_line *line;
	int64_t sequence;
	uint8_t hash[32];
};

/* How a transaction is made, by what stands behind it. */
struct script_spec {
	bool special; /* any of what follows; without it all is taken for signed */
	bool signs;
	const char *signers[SIGNATURES_MAX];
	uint32_t signer_count;
	int64_t fee, charged; /* -1: not said */
	int64_t later;        /* sequence numbers that it leaves out */
	bool timed;
	sdex_TimeBounds times;
	uint32_t gap;
	const char *extra[2];
	uint32_t extra_count;
	bool contracts;
	bool asked; /* only whether it is valid */
	int64_t after, latest;
};

struct script_made {
	const struct script_spec *spec;
	int payer;        /* of a bumped fee of 10000, which it signs; 0: none */
	int64_t sequence; /* 0: the next */
	uint8_t hash[32];
	struct tx tx;
	sdex_TransactionResult result;
	struct tx_meta meta;
	sdex_TransactionResultCode valid; /* what was said when it was asked about */
};

struct script_run {
	struct world w;
	struct script_place *at;
	struct sdex_arena *names;
	struct script_name accounts[64], assets[64], lets[128];
	struct script_balance balances[64];
	struct script_draft drafts[8];
	uint32_t account_count, asset_count, let_count, balance_count, draft_count;
	struct script_offer *offers;
	uint32_t offer_count, offer_room;
	int64_t id_pool; /* the last offer id that was given */
	bool bent;       /* the script has set what the laws are about */
};

/* Words of a line, as the shape of an operation has them. */
struct script_words {
	int64_t number[8];
	sdex_Asset asset[4];
	int account[4];
	struct price price[4];
	struct script_offer *offer;
	int64_t offer_id;
	const char *word;
	sdex_Asset path[SCRIPT_PATH_MAX];
	uint32_t path_count;
	const char *list[12];
	uint32_t list_count;
};

_Noreturn void script_fail(const struct script_run *run, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

int64_t script_number(struct script_run *run, const char *text);
struct price script_price(struct script_run *run, const char *text);
int script_account(struct script_run *run, const char *name);
sdex_Asset script_asset(struct script_run *run, const char *name);
struct script_offer *script_offer(struct script_run *run, const char *name); /* NULL: none */

/* Splits at blanks, in place; fails the test over `room` words. */
uint32_t script_split(struct script_run *run, char *text, char **words, uint32_t room);

/* The operation that the words say; *made is set to the offer that it would leave if nothing
 * crossed it, or to {0} for an operation that makes none. */
sdex_Operation *script_op(struct script_run *run, char **words, uint32_t count,
			  struct script_offer *made);

/* script_entry.c: the same for what is about claimable balances, signers, data and keys of entries,
 * and its checks; NULL and false for other words. */
sdex_Operation *script_entry_op(struct script_run *run, char **words, uint32_t count);
bool script_entry_check(struct script_run *run, char **words, uint32_t count);
void script_name_balance(struct script_run *run, const char *name, const uint8_t id[32]);

/* script_sign.c: takes a clause of a transaction, or returns false; makes the envelope (of *spec,
 * which lives as long); is it valid; its fee, and what it does. */
bool script_spec_clause(struct script_run *run, struct script_spec *spec, char *clause);
void script_make(struct script_run *run, struct script_made *made, int source, sdex_Operation **ops,
		 uint32_t count);
void script_ask(struct script_run *run, struct script_made *made);
void script_charge(struct script_run *run, struct script_made *made);
void script_apply(struct script_run *run, struct script_made *made);
struct script_draft *script_draft(struct script_run *run, const char *name);
struct script_draft *script_add_draft(struct script_run *run, const char *name, size_t size);
sdex_SignerKey script_signer_key(struct script_run *run, const char *text);

/* Fails unless `sponsor` (an account's name, "nobody", "nobody-yet", "nobody-now" or "gone") is
 * so of the entry. */
void script_check_sponsor(struct script_run *run, bool there, struct entry is, const char *sponsor);

/* Bytes of a word, in which \xNN is one; out has room for the word. */
void script_unescape(struct script_run *run, uint8_t *out, size_t *size, const char *text);

/* Whether the words have the shape: "# % @ / & ?" stand for a number, asset, account, price,
 * offer and word, "*%" for assets to the end and "*?" for words to the end. */
bool script_shape(struct script_run *run, struct script_words *got, const char *shape, char **words,
		  uint32_t count);

#endif
