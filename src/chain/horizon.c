/* chain/horizon.c - addresses, and the forms of each answer. */
#include "chain/horizon.h"

#include <stdio.h>
#include <string.h>

#include "base/failure.h"
#include "chain/form.h"
#include "sdex/asset.h"
#include "sdex/price.h"
#include "sdex/strkey.h"

/* --- addresses */

struct url {
	char *text;
	size_t room;
	size_t size;
	bool full;
};

static struct url url_begin(char *text, size_t room, const char *base)
{
	struct url url = {.text = text, .room = room};
	size_t size = strlen(base);
	while (size && base[size - 1] == '/')
		size--;
	url.full = size >= room;
	if (!url.full) {
		memcpy(text, base, size);
		text[size] = 0;
		url.size = size;
	}
	return url;
}

static void url_add(struct url *url, const char *text)
{
	size_t size = strlen(text);
	if (url->full || size >= url->room - url->size) {
		url->full = true;
		return;
	}
	memcpy(url->text + url->size, text, size + 1);
	url->size += size;
}

static enum sdex_error url_end(const struct url *url)
{
	return url->full ? SDEX_ERR_SPACE : SDEX_OK;
}

static void url_add_account(struct url *url, const uint8_t account[32])
{
	char text[SDEX_STRKEY_KEY_ROOM];
	if (sdex_strkey_encode_key(text, sizeof text, NULL, SDEX_STRKEY_ACCOUNT, account))
		return; /* it has room, and accounts are one of the kinds */
	url_add(url, text);
}

/* Adds "selling_asset_type=..." and what belongs to it. */
static bool url_add_asset(struct url *url, const char *which, const sdex_Asset *asset)
{
	char text[SDEX_ASSET_ROOM];
	size_t length;
	if (sdex_asset_print(text, sizeof(text), &length, asset))
		return false;
	url_add(url, which);
	url_add(url, "_asset_type=");
	if (asset->type == SDEX_ASSET_TYPE_NATIVE) {
		url_add(url, "native");
		return true;
	}
	url_add(url, asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4 ? "credit_alphanum4"
								     : "credit_alphanum12");
	char *issuer = strchr(text, ':');
	*issuer++ = 0;
	url_add(url, "&");
	url_add(url, which);
	url_add(url, "_asset_code=");
	url_add(url, text);
	url_add(url, "&");
	url_add(url, which);
	url_add(url, "_asset_issuer=");
	url_add(url, issuer);
	return true;
}

static bool url_add_page(struct url *url, const char *cursor, uint32_t limit)
{
	char number[16];
	static const char token[] =
		"0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	if (cursor && cursor[strspn(cursor, token)])
		return false;
	if (cursor && *cursor) {
		url_add(url, "cursor=");
		url_add(url, cursor);
		url_add(url, "&");
	}
	snprintf(number, sizeof(number), "%u", limit);
	url_add(url, "limit=");
	url_add(url, number);
	url_add(url, "&order=asc");
	return limit > 0 && limit <= HORIZON_LIMIT_MAX;
}

static enum sdex_error url_plain(char *url, size_t room, const char *base, const char *path)
{
	struct url out = url_begin(url, room, base);
	url_add(&out, path);
	return url_end(&out);
}

enum sdex_error horizon_url_root(char *url, size_t room, const char *base)
{
	return url_plain(url, room, base, "/");
}

enum sdex_error horizon_url_fee_stats(char *url, size_t room, const char *base)
{
	return url_plain(url, room, base, "/fee_stats");
}

enum sdex_error horizon_url_submit(char *url, size_t room, const char *base)
{
	return url_plain(url, room, base, "/transactions");
}

enum sdex_error horizon_url_submit_async(char *url, size_t room, const char *base)
{
	return url_plain(url, room, base, "/transactions_async");
}

enum sdex_error horizon_url_account(char *url, size_t room, const char *base,
				    const uint8_t account[32])
{
	struct url out = url_begin(url, room, base);
	url_add(&out, "/accounts/");
	url_add_account(&out, account);
	return url_end(&out);
}

enum sdex_error horizon_url_account_offers(char *url, size_t room, const char *base,
					   const uint8_t account[32], const char *cursor,
					   uint32_t limit)
{
	struct url out = url_begin(url, room, base);
	url_add(&out, "/accounts/");
	url_add_account(&out, account);
	url_add(&out, "/offers?");
	if (!url_add_page(&out, cursor, limit))
		return SDEX_ERR_INVALID;
	return url_end(&out);
}

enum sdex_error horizon_url_offers(char *url, size_t room, const char *base,
				   const sdex_Asset *selling, const sdex_Asset *buying,
				   const char *cursor, uint32_t limit)
{
	struct url out = url_begin(url, room, base);
	url_add(&out, "/offers?");
	if (!url_add_asset(&out, "selling", selling))
		return SDEX_ERR_INVALID;
	url_add(&out, "&");
	if (!url_add_asset(&out, "buying", buying))
		return SDEX_ERR_INVALID;
	url_add(&out, "&");
	if (!url_add_page(&out, cursor, limit))
		return SDEX_ERR_INVALID;
	return url_end(&out);
}

enum sdex_error horizon_url_transaction(char *url, size_t room, const char *base,
					const uint8_t hash[32])
{
	char hex[SDEX_HEX_LENGTH(32) + 1];
	struct url out = url_begin(url, room, base);
	if (sdex_hex_encode(hex, sizeof hex, NULL, hash, 32))
		return SDEX_ERR_SPACE;
	url_add(&out, "/transactions/");
	url_add(&out, hex);
	return url_end(&out);
}

enum sdex_error horizon_form(struct sdex_bytes *body, struct sdex_arena *arena,
			     const void *envelope, size_t size)
{
	if (size > UINT32_MAX / 8)
		return SDEX_ERR_NOMEM;
	size_t length = SDEX_BASE64_LENGTH(size);
	char *text = sdex_arena_alloc(arena, length + 1);
	char *out = sdex_arena_alloc(arena, 3 + 3 * length);
	if (!text || !out || sdex_base64_encode(text, length + 1, NULL, envelope, size))
		return SDEX_ERR_NOMEM;
	char *at = out;
	memcpy(at, "tx=", 3);
	at += 3;
	for (size_t i = 0; i < length; i++) {
		const char *escaped = text[i] == '+'   ? "%2B"
				      : text[i] == '/' ? "%2F"
				      : text[i] == '=' ? "%3D"
						       : NULL;
		if (escaped) {
			memcpy(at, escaped, 3);
			at += 3;
		} else {
			*at++ = text[i];
		}
	}
	*body = (struct sdex_bytes){.data = (const uint8_t *)out, .size = (uint32_t)(at - out)};
	return SDEX_OK;
}

/* --- the header */

/* The value of a header line of this name (in lower case), trimmed; false for another line. */
static bool header_is(const char *line, size_t size, const char *name, const char **value,
		      size_t *value_size)
{
	size_t length = strlen(name);
	if (size <= length || line[length] != ':')
		return false;
	for (size_t i = 0; i < length; i++)
		if ((line[i] >= 'A' && line[i] <= 'Z' ? line[i] + ('a' - 'A') : line[i]) != name[i])
			return false;
	const char *from = line + length + 1, *to = line + size;
	while (from < to && (*from == ' ' || *from == '\t'))
		from++;
	while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
		to--;
	*value = from;
	*value_size = (size_t)(to - from);
	return true;
}

enum sdex_error horizon_latest_ledger(uint32_t *ledger, const char *head, size_t size,
				      struct sdex_failure *why)
{
	uint64_t found = 0;
	for (size_t at = 0; at < size;) {
		const char *end = memchr(head + at, '\n', size - at), *value;
		size_t line = end ? (size_t)(end - head) - at : size - at, length;
		size_t shown = line && head[at + line - 1] == '\r' ? line - 1 : line;
		uint64_t number;
		if (header_is(head + at, shown, "latest-ledger", &value, &length)) {
			enum sdex_error error =
				json_parse_uint64(&number, (const uint8_t *)value, length);
			if (!error && (number == 0 || number > UINT32_MAX))
				error = SDEX_ERR_RANGE;
			if (error || found)
				return fail(why, error ? error : SDEX_ERR_DUPLICATE, at,
					    "expected one header Latest-Ledger with a ledger's "
					    "sequence");
			found = number;
		}
		at += line + 1;
	}
	if (!found)
		return fail(why, SDEX_ERR_MISSING, 0,
			    "expected a header Latest-Ledger, found none; is this Horizon?");
	*ledger = (uint32_t)found;
	return SDEX_OK;
}

/* --- forms */

#define LIST(type, member, number, json, form_)                                                  \
	{                                                                                        \
		.name = json, .kind = FORM_LIST, .required = true,                               \
		.offset = offsetof(struct type, member), .count = offsetof(struct type, number), \
		.form = form_                                                                    \
	}

/* An asset in pieces, as Horizon has it. */
enum asset_word { ASSET_NATIVE, ASSET_4, ASSET_12, ASSET_POOL };
static const char *const asset_words[] = {"native", "credit_alphanum4", "credit_alphanum12",
					  "liquidity_pool_shares", NULL};

struct raw_asset {
	uint32_t type;
	const char *code;
	const char *issuer;
};

/* `of` leads to the struct raw_asset: `asset.`, or nothing. */
#define ASSET_FIELDS(type_, of)                              \
	{.name = "asset_type",                               \
	 .kind = FORM_WORD,                                  \
	 .required = true,                                   \
	 .offset = offsetof(struct type_, of type),          \
	 .words = asset_words},                              \
		{.name = "asset_code",                       \
		 .kind = FORM_TEXT,                          \
		 .offset = offsetof(struct type_, of code)}, \
	{                                                    \
		.name = "asset_issuer", .kind = FORM_TEXT,   \
		.offset = offsetof(struct type_, of issuer)  \
	}

static bool make_asset(sdex_Asset *asset, struct form_reader *reader, const struct raw_asset *raw,
		       const uint8_t *start)
{
	static const char expected[] = "an asset: native, or its type, code and issuer";
	sdex_AccountID issuer = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	if (raw->type == ASSET_NATIVE) {
		*asset = sdex_asset_native();
		return true;
	}
	if (raw->type == ASSET_POOL || !raw->code || !raw->issuer)
		return form_refuse(reader, SDEX_ERR_MISSING, start, expected);
	enum sdex_error error = sdex_strkey_decode_key(issuer.ed25519.bytes, SDEX_STRKEY_ACCOUNT,
						       raw->issuer, strlen(raw->issuer), NULL);
	if (!error)
		error = sdex_asset_make(asset, reader->arena, raw->code, strlen(raw->code), &issuer,
					NULL);
	if (!error && (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4) != (raw->type == ASSET_4))
		error = SDEX_ERR_INVALID;
	return !error || form_refuse(reader, error, start, expected);
}

static const struct form_field root_fields[] = {
	FIELD(horizon_root, passphrase, "network_passphrase", FORM_TEXT, true),
	FIELD(horizon_root, protocol, "current_protocol_version", FORM_UINT32, true),
	FIELD(horizon_root, history_latest, "history_latest_ledger", FORM_UINT32, true),
	FIELD(horizon_root, history_elder, "history_elder_ledger", FORM_UINT32, true),
	FIELD(horizon_root, core_latest, "core_latest_ledger", FORM_UINT32, true),
};
FORM(root, horizon_root);

/* --- offers */

struct raw_offer {
	struct horizon_offer offer;
	struct raw_asset selling;
	struct raw_asset buying;
	const char *token;
};

static const struct form_field raw_asset_fields[] = {ASSET_FIELDS(raw_asset, )};
FORM(raw_asset, raw_asset);

static const struct form_field price_fields[] = {
	{.name = "n", .kind = FORM_INT32, .required = true, .offset = offsetof(sdex_Price, n)},
	{.name = "d", .kind = FORM_INT32, .required = true, .offset = offsetof(sdex_Price, d)},
};
static const struct form price_form = {.fields = price_fields,
				       .field_count = FORM_COUNT(price_fields),
				       .size = sizeof(sdex_Price)};

static bool finish_offer(struct form_reader *reader, void *value, const uint8_t *start)
{
	struct raw_offer *raw = value;
	struct horizon_offer *offer = &raw->offer;
	if (offer->id <= 0 || offer->amount <= 0 || !sdex_price_valid(offer->price))
		return form_refuse(reader, SDEX_ERR_RANGE, start,
				   "an offer of id, amount and price above zero");
	return make_asset(&offer->selling, reader, &raw->selling, start) &&
	       make_asset(&offer->buying, reader, &raw->buying, start);
}

static const struct form_field offer_fields[] = {
	FIELD(raw_offer, offer.id, "id", FORM_INT64_ANY, true),
	FIELD(raw_offer, token, "paging_token", FORM_TEXT, true),
	FIELD(raw_offer, offer.seller, "seller", FORM_ACCOUNT, true),
	INSIDE(raw_offer, selling, "selling", &raw_asset_form),
	INSIDE(raw_offer, buying, "buying", &raw_asset_form),
	FIELD(raw_offer, offer.amount, "amount", FORM_AMOUNT, true),
	INSIDE(raw_offer, offer.price, "price_r", &price_form),
	FIELD(raw_offer, offer.modified, "last_modified_ledger", FORM_UINT32, false),
};
FORM(offer, raw_offer, , .finish = finish_offer);

struct raw_offers {
	const struct raw_offer *items;
	uint32_t count;
};

static const struct form_field records_fields[] = {
	LIST(raw_offers, items, count, "records", &offer_form),
};
FORM(records, raw_offers);

struct raw_page {
	struct raw_offers embedded;
};

static const struct form_field page_fields[] = {
	INSIDE(raw_page, embedded, "_embedded", &records_form),
};
FORM(page, raw_page);

/* --- accounts */

struct raw_balance {
	struct horizon_balance balance;
	struct raw_asset asset;
};

static bool finish_balance(struct form_reader *reader, void *value, const uint8_t *start)
{
	struct raw_balance *raw = value;
	struct horizon_balance *balance = &raw->balance;
	balance->pool_share = raw->asset.type == ASSET_POOL;
	if (raw->asset.type == ASSET_NATIVE) {
		balance->limit = INT64_MAX;
		balance->authorized = true;
	}
	balance->maintain = balance->maintain || balance->authorized;
	return balance->pool_share || make_asset(&balance->asset, reader, &raw->asset, start);
}

static const struct form_field balance_fields[] = {
	FIELD(raw_balance, balance.amount, "balance", FORM_AMOUNT, true),
	FIELD(raw_balance, balance.limit, "limit", FORM_AMOUNT, false),
	FIELD(raw_balance, balance.buying, "buying_liabilities", FORM_AMOUNT, false),
	FIELD(raw_balance, balance.selling, "selling_liabilities", FORM_AMOUNT, false),
	FIELD(raw_balance, balance.authorized, "is_authorized", FORM_BOOL, false),
	FIELD(raw_balance, balance.maintain, "is_authorized_to_maintain_liabilities", FORM_BOOL,
	      false),
	FIELD(raw_balance, balance.modified, "last_modified_ledger", FORM_UINT32, false),
	FIELD(raw_balance, balance.pool, "liquidity_pool_id", FORM_HASH, false),
	ASSET_FIELDS(raw_balance, asset.),
};
FORM(balance, raw_balance, , .finish = finish_balance);

static const struct form_field signer_fields[] = {
	FIELD(horizon_signer, key, "key", FORM_TEXT, true),
	FIELD(horizon_signer, weight, "weight", FORM_UINT32, true),
};
FORM(signer, horizon_signer);

struct raw_thresholds {
	uint32_t low, medium, high;
};

static const struct form_field thresholds_fields[] = {
	FIELD(raw_thresholds, low, "low_threshold", FORM_UINT32, true),
	FIELD(raw_thresholds, medium, "med_threshold", FORM_UINT32, true),
	FIELD(raw_thresholds, high, "high_threshold", FORM_UINT32, true),
};
FORM(thresholds, raw_thresholds);

struct raw_flags {
	bool required, revocable, immutable, clawback;
};

static const struct form_field flags_fields[] = {
	FIELD(raw_flags, required, "auth_required", FORM_BOOL, true),
	FIELD(raw_flags, revocable, "auth_revocable", FORM_BOOL, true),
	FIELD(raw_flags, immutable, "auth_immutable", FORM_BOOL, false),
	FIELD(raw_flags, clawback, "auth_clawback_enabled", FORM_BOOL, false),
};
FORM(flags, raw_flags);

struct raw_account {
	struct horizon_account account;
	struct raw_thresholds thresholds;
	struct raw_flags flags;
	const struct raw_balance *balances;
	uint32_t balance_count;
};

static bool finish_account(struct form_reader *reader, void *value, const uint8_t *start)
{
	struct raw_account *raw = value;
	struct horizon_account *account = &raw->account;
	if (raw->thresholds.low > 255 || raw->thresholds.medium > 255 || raw->thresholds.high > 255)
		return form_refuse(reader, SDEX_ERR_RANGE, start, "thresholds of 0 to 255");
	account->low = (uint8_t)raw->thresholds.low;
	account->medium = (uint8_t)raw->thresholds.medium;
	account->high = (uint8_t)raw->thresholds.high;
	account->auth_required = raw->flags.required;
	account->auth_revocable = raw->flags.revocable;
	account->auth_immutable = raw->flags.immutable;
	account->auth_clawback = raw->flags.clawback;
	return true;
}

static const struct form_field account_fields[] = {
	FIELD(raw_account, account.id, "account_id", FORM_ACCOUNT, true),
	FIELD(raw_account, account.sequence, "sequence", FORM_INT64_ANY, true),
	FIELD(raw_account, account.sequence_ledger, "sequence_ledger", FORM_UINT32, false),
	FIELD(raw_account, account.subentries, "subentry_count", FORM_UINT32, true),
	FIELD(raw_account, account.sponsoring, "num_sponsoring", FORM_UINT32, false),
	FIELD(raw_account, account.sponsored, "num_sponsored", FORM_UINT32, false),
	FIELD(raw_account, account.modified, "last_modified_ledger", FORM_UINT32, true),
	INSIDE(raw_account, thresholds, "thresholds", &thresholds_form),
	INSIDE(raw_account, flags, "flags", &flags_form),
	LIST(raw_account, balances, balance_count, "balances", &balance_form),
	LIST(raw_account, account.signers, account.signer_count, "signers", &signer_form),
};
FORM(account, raw_account, , .finish = finish_account);

/* --- fee stats, transactions, submissions, problems */

struct raw_fees {
	int64_t min, p50, p90, p99, max;
};

static const struct form_field fees_fields[] = {
	FIELD(raw_fees, min, "min", FORM_INT64_ANY, true),
	FIELD(raw_fees, p50, "p50", FORM_INT64_ANY, true),
	FIELD(raw_fees, p90, "p90", FORM_INT64_ANY, true),
	FIELD(raw_fees, p99, "p99", FORM_INT64_ANY, true),
	FIELD(raw_fees, max, "max", FORM_INT64_ANY, true),
};
FORM(fees, raw_fees);

struct raw_fee_stats {
	uint32_t last_ledger;
	int64_t base_fee;
	struct raw_fees charged;
	struct raw_fees bid;
};

static const struct form_field fee_stats_fields[] = {
	FIELD(raw_fee_stats, last_ledger, "last_ledger", FORM_UINT32_ANY, true),
	FIELD(raw_fee_stats, base_fee, "last_ledger_base_fee", FORM_INT64_ANY, true),
	INSIDE(raw_fee_stats, charged, "fee_charged", &fees_form),
	INSIDE(raw_fee_stats, bid, "max_fee", &fees_form),
};
FORM(fee_stats, raw_fee_stats);

static const struct form_field transaction_fields[] = {
	FIELD(horizon_transaction, hash, "hash", FORM_HASH, true),
	FIELD(horizon_transaction, successful, "successful", FORM_BOOL, true),
	FIELD(horizon_transaction, ledger, "ledger", FORM_UINT32, true),
	FIELD(horizon_transaction, id, "paging_token", FORM_INT64_TEXT, true),
	FIELD(horizon_transaction, source, "source_account", FORM_ACCOUNT, true),
	FIELD(horizon_transaction, sequence, "source_account_sequence", FORM_INT64_ANY, true),
	FIELD(horizon_transaction, fee_charged, "fee_charged", FORM_INT64_ANY, true),
	FIELD(horizon_transaction, envelope, "envelope_xdr", FORM_BASE64, true),
	FIELD(horizon_transaction, result, "result_xdr", FORM_BASE64, true),
};
FORM(transaction, horizon_transaction);

static const char *const status_words[] = {"PENDING", "DUPLICATE", "TRY_AGAIN_LATER", "ERROR",
					   NULL};

static const struct form_field sent_fields[] = {
	WORDS(horizon_sent, status, "tx_status", status_words),
	FIELD(horizon_sent, hash, "hash", FORM_HASH, true),
	FIELD(horizon_sent, result, "error_result_xdr", FORM_BASE64, false),
};
FORM(sent, horizon_sent);

struct raw_codes {
	const char *transaction;
};

static const struct form_field codes_fields[] = {
	FIELD(raw_codes, transaction, "transaction", FORM_TEXT, false),
};
FORM(codes, raw_codes);

struct raw_extras {
	struct sdex_bytes result;
	struct raw_codes codes;
};

static const struct form_field extras_fields[] = {
	FIELD(raw_extras, result, "result_xdr", FORM_BASE64, false),
	{.name = "result_codes",
	 .kind = FORM_OBJECT,
	 .offset = offsetof(struct raw_extras, codes),
	 .form = &codes_form},
};
FORM(extras, raw_extras);

struct raw_problem {
	struct horizon_problem problem;
	struct raw_extras extras;
};

static const struct form_field problem_fields[] = {
	FIELD(raw_problem, problem.type, "type", FORM_TEXT, true),
	FIELD(raw_problem, problem.title, "title", FORM_TEXT, true),
	FIELD(raw_problem, problem.detail, "detail", FORM_TEXT, false),
	FIELD(raw_problem, problem.status, "status", FORM_UINT32, true),
	{.name = "extras",
	 .kind = FORM_OBJECT,
	 .offset = offsetof(struct raw_problem, extras),
	 .form = &extras_form},
};
FORM(problem, raw_problem);

/* --- readers */

static enum sdex_error no_memory(struct sdex_failure *why)
{
	return fail(why, SDEX_ERR_NOMEM, 0, "memory for an answer is out, or its limit is reached");
}

enum sdex_error horizon_read_root(struct horizon_root *out, struct sdex_arena *arena,
				  const void *body, size_t size, struct sdex_failure *why)
{
	struct horizon_root read = {0};
	enum sdex_error error = form_read(&root_form, &read, arena, body, size, why);
	if (!error)
		*out = read;
	return error;
}

enum sdex_error horizon_read_offers(struct horizon_offers *out, struct sdex_arena *arena,
				    const void *body, size_t size, struct sdex_failure *why)
{
	struct raw_page raw = {0};
	enum sdex_error error = form_read(&page_form, &raw, arena, body, size, why);
	if (error)
		return error;
	uint32_t count = raw.embedded.count;
	struct horizon_offer *items = sdex_arena_alloc(arena, count * sizeof(*items));
	if (!items)
		return no_memory(why);
	for (uint32_t i = 0; i < count; i++)
		items[i] = raw.embedded.items[i].offer;
	*out = (struct horizon_offers){
		.items = items,
		.count = count,
		.cursor = count ? raw.embedded.items[count - 1].token : NULL,
	};
	return SDEX_OK;
}

enum sdex_error horizon_read_account(struct horizon_account *out, struct sdex_arena *arena,
				     const void *body, size_t size, struct sdex_failure *why)
{
	struct raw_account raw = {0};
	enum sdex_error error = form_read(&account_form, &raw, arena, body, size, why);
	if (error)
		return error;
	struct horizon_balance *balances =
		sdex_arena_alloc(arena, raw.balance_count * sizeof(*balances));
	if (!balances)
		return no_memory(why);
	for (uint32_t i = 0; i < raw.balance_count; i++)
		balances[i] = raw.balances[i].balance;
	*out = raw.account;
	out->balances = balances;
	out->balance_count = raw.balance_count;
	return SDEX_OK;
}

enum sdex_error horizon_read_fee_stats(struct horizon_fee_stats *out, struct sdex_arena *arena,
				       const void *body, size_t size, struct sdex_failure *why)
{
	struct raw_fee_stats raw = {0};
	enum sdex_error error = form_read(&fee_stats_form, &raw, arena, body, size, why);
	if (error)
		return error;
	*out = (struct horizon_fee_stats){
		.last_ledger = raw.last_ledger,
		.base_fee = raw.base_fee,
		.charged_min = raw.charged.min,
		.charged_p50 = raw.charged.p50,
		.charged_p90 = raw.charged.p90,
		.charged_p99 = raw.charged.p99,
		.charged_max = raw.charged.max,
		.bid_min = raw.bid.min,
		.bid_p50 = raw.bid.p50,
		.bid_p90 = raw.bid.p90,
		.bid_p99 = raw.bid.p99,
		.bid_max = raw.bid.max,
	};
	return SDEX_OK;
}

enum sdex_error horizon_read_transaction(struct horizon_transaction *out, struct sdex_arena *arena,
					 const void *body, size_t size, struct sdex_failure *why)
{
	struct horizon_transaction read = {0};
	enum sdex_error error = form_read(&transaction_form, &read, arena, body, size, why);
	if (!error)
		*out = read;
	return error;
}

enum sdex_error horizon_read_sent(struct horizon_sent *out, struct sdex_arena *arena,
				  const void *body, size_t size, struct sdex_failure *why)
{
	struct horizon_sent read = {0};
	enum sdex_error error = form_read(&sent_form, &read, arena, body, size, why);
	if (!error)
		*out = read;
	return error;
}

enum sdex_error horizon_read_problem(struct horizon_problem *out, struct sdex_arena *arena,
				     const void *body, size_t size, struct sdex_failure *why)
{
	struct raw_problem raw = {0};
	enum sdex_error error = form_read(&problem_form, &raw, arena, body, size, why);
	if (error)
		return error;
	const char *part = strrchr(raw.problem.type, '/');
	*out = raw.problem;
	if (part)
		out->type = part + 1;
	if (!out->detail)
		out->detail = "";
	out->result = raw.extras.result;
	out->code = raw.extras.codes.transaction;
	return SDEX_OK;
}
