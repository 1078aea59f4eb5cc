/* tests/engine/network.h - the sandbox's network in process, as the engine's tests drive it:
 * answers to requests, ledgers on demand, somebody to trade with, and what the ledger says
 * in the end. */
#ifndef SDEX_TESTS_ENGINE_NETWORK_H
#define SDEX_TESTS_ENGINE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdex/key.h"
#include "sdex/xdr_types.h"

#define NETWORK_PASSPHRASE "sdex sandbox ; 2026"

struct net;

/* A network with a resting market in XLM and USDC, whose last ledger closed at start_s. */
struct net *net_open(uint64_t start_s);
void net_free(struct net *net);

/* The account that the engine trades with, and the asset that it trades lumens for. */
void net_key(struct sdex_secret *secret);
sdex_Asset net_usdc(const struct net *net);

struct net_answer {
	unsigned status;
	char head[512];
	size_t head_size;
	uint8_t *body; /* the caller's */
	size_t size;
};

/* POST to RPC, or GET of a path of Horizon. */
void net_ask(struct net *net, struct net_answer *answer, const char *method, const char *url,
	     const void *body, size_t size, int64_t now_ms);

void net_close(struct net *net, uint64_t close_time_s);
uint32_t net_sequence(const struct net *net);

/* Somebody else trades: buys (or sells) `amount` stroops of lumens at a limit of n/d USDC. */
void net_trade(struct net *net, bool buys, int64_t amount, int32_t n, int32_t d);
/* So many (at most 100) offers of `amount` stroops of lumens each, in one transaction. */
void net_shred(struct net *net, uint32_t count, int64_t amount, int32_t n, int32_t d);
/* Somebody else pays `lumens` stroops, to be had as USDC, whatever it gets for them. */
void net_pay(struct net *net, int64_t lumens);
/* Another program uses our account: puts an offer of ours that sells lumens to `amount`. */
void net_meddle(struct net *net, int64_t offer_id, int64_t amount, int32_t n, int32_t d);
/* USDC's issuer gives itself the right to revoke, and takes our account's authorisation. */
void net_revocable(struct net *net);
void net_revoke(struct net *net);
/* Leaves our account what is open, and no more; and our own key deletes an offer by itself. */
void net_restrict(struct net *net);
void net_delete(struct net *net, int64_t offer_id);

/* --- what the ledger says of our account */

struct net_offer {
	int64_t id;
	int64_t amount;
	int32_t n, d;
	bool sells_lumens;
};

uint32_t net_offers(const struct net *net, struct net_offer *offers, uint32_t room);
int64_t net_balance(const struct net *net, bool lumens);
void net_liabilities(const struct net *net, bool lumens, int64_t *selling, int64_t *buying);
int64_t net_sequence_number(const struct net *net);
/* Successful operations of ours that placed an offer of this amount. */
uint32_t net_placed(const struct net *net, int64_t amount);
/* Transactions of ours in all ledgers, failed ones too. */
uint32_t net_transactions(const struct net *net);

#endif
