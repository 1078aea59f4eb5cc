/* tests/engine/sim.h - a virtual world around the engine: its clock, journal, signer and
 * network, with faults on demand, and an end at any event.
 *
 * What the world has received stays received; of the journal an end leaves what was synced,
 * or that and more, as a disk does. */
#ifndef SDEX_TESTS_ENGINE_SIM_H
#define SDEX_TESTS_ENGINE_SIM_H

#include "engine/engine.h"
#include "engine/network.h"

#define SIM_START_S 1700000000
#define SIM_CLOSE_MS 5000

/* What happens to the nth submission (from 0) that the engine sends, or to anything. */
enum sim_fault {
	SIM_NONE,
	SIM_LOST_BEFORE, /* the request never arrives, and no answer comes */
	SIM_LOST_AFTER,  /* it arrives; the answer is lost */
	SIM_NOT_SENT,    /* no byte left */
	SIM_TRY_LATER,   /* the server says so, and drops it */
	SIM_SERVER_504,  /* it arrives; the answer is a 504 */
	SIM_LATE,        /* the answer comes 40 s later */
	SIM_TWICE,       /* the answer's event comes twice */
	SIM_AGAIN,       /* it arrives twice: the second one's answer is a DUPLICATE */
	SIM_REFUSED,     /* the server says that it takes none, and drops it */
	SIM_FAULTS,
};

/* Commands of the test. */
#define PLACE(id, side, amount, price)                                                    \
	"{\"do\":\"place\",\"client_id\":\"" id "\",\"trading_pair\":\"XLM-USDC\","       \
	"\"trade_type\":\"" side "\",\"order_type\":\"limit\",\"amount\":\"" amount "\"," \
	"\"price\":\"" price "\"}"
#define CANCEL(id) "{\"do\":\"cancel\",\"client_id\":\"" id "\"}"

struct sim_event;

/* Something that a client wants, until it is acknowledged. */
struct sim_client {
	const char *json;
	int64_t at_ms; /* from the start */
	bool done;
	bool asked; /* waits for the reply under `token` */
	uint64_t token;
	unsigned status; /* of the last reply */
	char reply[4000];
};

#define SIM_CLIENTS_MAX 32u
#define SIM_HASHES_MAX 64u

struct sim {
	struct net *net;
	struct engine *engine;
	struct sdex_secret key;
	int64_t now_ms;
	uint64_t order; /* of events */
	uint64_t random;
	struct sim_event *events; /* a list, unsorted */
	uint64_t closes;          /* ledgers closed by time */
	uint32_t delivered;       /* events given to the engine, in all its lives */

	struct sim_record {
		uint8_t *data;
		size_t size;
	} * journal;
	uint32_t records, room, synced;
	bool sync_fails;

	struct sim_client clients[SIM_CLIENTS_MAX];
	uint32_t client_count;
	uint64_t client_token;

	/* the signer's memory: a sequence number is signed for once, unless it is replaced */
	struct {
		int64_t sequence;
		uint8_t hash[32];
	} signed_for[SIM_HASHES_MAX];
	uint32_t signed_count;
	bool signer_gone;
	bool signer_refuses;
	bool signer_broke_rule; /* it was asked for two transactions of one number */

	uint32_t searches; /* for a transaction, by its hash */

	/* submissions */
	uint32_t submissions;
	enum sim_fault faults[64]; /* of each, in order; NONE behind them */
	enum sim_fault always;     /* of every other request */
	uint32_t holes;            /* so many answers of getLedgers leave their first ledger out */
	uint32_t oldest;           /* getLedgers knows none before it */

	uint32_t fills_published, balances_published, refusals;
	bool logs;
	/* A server that lies: changes an answer (its body is malloc's) before it leaves. */
	void (*lie)(struct sim *sim, const struct env_request *request, struct net_answer *answer);
	uint32_t lies;                   /* for the lie: told so far */
	const char *passphrase;          /* of the engine's configuration, NULL: the network's */
	bool heavy;                      /* more than one ledger is too large for an answer */
	bool busy;                       /* the journal's queue is half full */
	uint32_t requests;               /* over HTTP, of all kinds */
	void (*script)(struct sim *sim); /* run at every ledger, after its close */
};

void sim_open(struct sim *sim);
void sim_free(struct sim *sim);

/* A command that its client sends at this time, and again until it is acknowledged. */
void sim_client(struct sim *sim, int64_t at_ms, const char *json);

/* Begins the engine from the journal. */
void sim_begin(struct sim *sim);
/* Ends it; of the journal `keep_all` or what was synced is left. */
void sim_kill(struct sim *sim, bool keep_all);

/* Is this text in a request's body? */
bool sim_asks(const struct env_request *request, const char *text);
/* Puts `by` in the place of what stands between `before` and the next of the characters in
 * `ends`; false when there is no such place. */
bool sim_rewrite(struct net_answer *answer, const char *before, const char *ends, const char *by);

/* Gives the engine its next event, letting the world go on until there is one.  False when
 * the time is over. */
bool sim_step(struct sim *sim, int64_t until_ms);

#endif
