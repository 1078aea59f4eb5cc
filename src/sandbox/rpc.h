/* sandbox/rpc.h - inside of src/sandbox: what RPC's methods share. */
#ifndef SDEX_SANDBOX_RPC_H
#define SDEX_SANDBOX_RPC_H

#include "base/json.h"
#include "sandbox/call.h"

enum rpc_code {
	RPC_PARSE_ERROR = -32700,
	RPC_INVALID_REQUEST = -32600,
	RPC_METHOD_NOT_FOUND = -32601,
	RPC_INVALID_PARAMS = -32602,
	RPC_INTERNAL_ERROR = -32603,
};

/* One call.  Methods write their result to `w`, or fail. */
struct rpc {
	struct sandbox *sandbox;
	struct network *network;
	struct sdex_arena *arena;
	struct json_writer w;
	uint64_t time_s;       /* the network's time */
	const uint8_t *params; /* an object, or size 0 */
	size_t params_size;
	int code; /* enum rpc_code, 0 for none */
	char message[512];
};

/* Ends the call with an error; false, for a return. */
bool rpc_fail(struct rpc *rpc, enum rpc_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* --- parameters: NULL in a table's `value` is not wanted */

enum param_kind {
	PARAM_TEXT,   /* struct text: unescaped */
	PARAM_NUMBER, /* uint32_t */
	PARAM_TEXTS,  /* struct texts */
	PARAM_PAGE,   /* struct rpc_page */
};

struct texts {
	struct text *items;
	uint32_t count;
};

struct rpc_page {
	bool given;
	struct text cursor;
	uint32_t limit;
};

struct param {
	const char *name; /* NULL ends the table */
	enum param_kind kind;
	void *value;
};

/* Reads the parameters; what is not given stays as it is, what is not known is ignored.
 * False: failed. */
bool rpc_params(struct rpc *rpc, const struct param *table);

/* Is it "", "base64" or "json"?  *json says the last.  False: failed. */
bool rpc_format(struct rpc *rpc, bool *json, struct text format);

/* Writes XDR as nameXdr in base64, or as nameJson.  `name` is such as "header". */
void rpc_put_xdr(struct rpc *rpc, const char *name, bool json, enum sdex_type type,
		 struct sdex_bytes bytes);

/* latestLedger, latestLedgerCloseTime, oldest...: times as text or as numbers. */
void rpc_put_range(struct rpc *rpc, bool times_as_text);

void method_get_health(struct rpc *rpc);
void method_get_network(struct rpc *rpc);
void method_get_version_info(struct rpc *rpc);
void method_get_latest_ledger(struct rpc *rpc);
void method_get_fee_stats(struct rpc *rpc);
void method_get_ledgers(struct rpc *rpc);
void method_get_ledger_entries(struct rpc *rpc);
void method_get_transaction(struct rpc *rpc);
void method_get_transactions(struct rpc *rpc);
void method_send_transaction(struct rpc *rpc);

#endif
