/* cmd/sdex/tx_fields.c - reading operations, field by field. */
#include "cmd/sdex/tx_fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "cmd/sdex/say.h"
#include "cmd/sdex/suggest.h"
#include "sdex/address.h"
#include "sdex/amount.h"
#include "sdex/asset.h"
#include "sdex/ids.h"
#include "sdex/predicate.h"
#include "sdex/price.h"
#include "sdex/xdr_json.h"

/* ---- numbers ---- */

static enum sdex_error wrong(struct sdex_failure *why, enum sdex_error code, const char *text)
{
	why->code = code;
	why->where = 0;
	snprintf(why->text, sizeof why->text, "%s", text);
	return code;
}

static enum sdex_error parse_number(int64_t *number, const char *text, int64_t most,
				    struct sdex_failure *why)
{
	int64_t n = 0;
	if (json_parse_int64(&n, (const uint8_t *)text, strlen(text)) || n < 0 || n > most) {
		char message[80];
		snprintf(message, sizeof message, "expected a whole number from 0 to %lld",
			 (long long)most);
		return wrong(why, SDEX_ERR_RANGE, message);
	}
	*number = n;
	return SDEX_OK;
}

static enum sdex_error parse_uint32(uint32_t *number, const char *text, struct sdex_failure *why)
{
	int64_t n = 0;
	enum sdex_error error = parse_number(&n, text, UINT32_MAX, why);
	if (!error)
		*number = (uint32_t)n;
	return error;
}

static enum sdex_error parse_amount(struct sdex_amount *amount, const char *text,
				    struct sdex_failure *why)
{
	if (strcmp(text, "max") == 0) {
		*amount = sdex_stroops(INT64_MAX);
		return SDEX_OK;
	}
	return sdex_amount_parse(amount, text, strlen(text), why);
}

/* "n/d" as it is, or a decimal. */
static enum sdex_error parse_price(sdex_Price *price, const char *text, enum sdex_rounding rounding,
				   struct sdex_failure *why)
{
	const char *slash = strchr(text, '/');
	char first[16];
	int64_t n = 0, d = 0;
	if (!slash)
		return sdex_price_parse(price, text, strlen(text), rounding, why);
	if ((size_t)(slash - text) >= sizeof first)
		return wrong(why, SDEX_ERR_RANGE,
			     "expected a whole number of 32 bits before the /");
	memcpy(first, text, (size_t)(slash - text));
	first[slash - text] = '\0';
	enum sdex_error error = parse_number(&n, first, INT32_MAX, why);
	if (!error)
		error = parse_number(&d, slash + 1, INT32_MAX, why);
	if (!error)
		*price = (sdex_Price){(int32_t)n, (int32_t)d};
	return error;
}

/* "word=1|word=2": the value of one word, false when there is none of it. */
static bool flag_value(const char *words, const char *word, size_t size, uint32_t *value)
{
	for (const char *at = words; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL) {
		if (strncmp(at, word, size) == 0 && at[size] == '=') {
			*value = (uint32_t)strtoul(at + size + 1, NULL, 10);
			return true;
		}
	}
	return false;
}

static enum sdex_error parse_flags(uint32_t *flags, const char *text, const char *words,
				   struct sdex_failure *why)
{
	uint32_t sum = 0, value;
	if (*text >= '0' && *text <= '9')
		return parse_uint32(flags, text, why);
	for (const char *at = text; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
		if (!flag_value(words, at, strcspn(at, ","), &value)) {
			char message[160];
			snprintf(message, sizeof message,
				 "expected words of %s, apart by commas, or "
				 "their sum",
				 words);
			return wrong(why, SDEX_ERR_UNKNOWN, message);
		}
		sum |= value;
	}
	*flags = sum;
	return SDEX_OK;
}

/* ---- lists ---- */

/* A piece up to the next comma, as text of its own; NULL when memory is out. */
static char *piece(struct sdex_arena *arena, const char *text, size_t size)
{
	char *copy = sdex_arena_alloc(arena, size + 1);
	if (copy) {
		memcpy(copy, text, size);
		copy[size] = '\0';
	}
	return copy;
}

static enum sdex_error parse_assets(sdex_Asset_list *list, struct sdex_arena *arena,
				    const char *text, struct sdex_failure *why)
{
	uint32_t count = 1;
	for (const char *at = text; (at = strchr(at, ',')); at++)
		count++;
	sdex_Asset *items = sdex_arena_alloc(arena, count * sizeof *items);
	if (!items)
		return wrong(why, SDEX_ERR_NOMEM, sdex_error_text(SDEX_ERR_NOMEM));
	uint32_t n = 0;
	for (const char *at = text; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
		size_t size = strcspn(at, ",");
		enum sdex_error error = sdex_asset_parse(&items[n++], arena, at, size, true, why);
		if (error)
			return error;
	}
	*list = (sdex_Asset_list){items, n};
	return SDEX_OK;
}

static enum sdex_error parse_json(void **value, struct sdex_arena *arena, const char *text,
				  enum sdex_type type, struct sdex_failure *why)
{
	return sdex_xdr_from_json(type, value, arena, text, strlen(text), NULL, why);
}

/* "always", "before:SECONDS", "from:SECONDS", "within:SECONDS", or SEP-51. */
static enum sdex_error parse_predicate(sdex_ClaimPredicate *out, struct sdex_arena *arena,
				       const char *text, struct sdex_failure *why)
{
	const char *colon = strchr(text, ':');
	int64_t n = 0;
	void *value;
	if (strcmp(text, "always") == 0) {
		*out = sdex_predicate_always();
		return SDEX_OK;
	}
	if (*text == '{' || *text == '"') {
		enum sdex_error error =
			parse_json(&value, arena, text, SDEX_TYPE_ClaimPredicate, why);
		if (!error)
			*out = *(sdex_ClaimPredicate *)value;
		return error;
	}
	size_t size = colon ? (size_t)(colon - text) : 0;
	bool before = size == 6 && memcmp(text, "before", 6) == 0;
	bool from = size == 4 && memcmp(text, "from", 4) == 0;
	bool within = size == 6 && memcmp(text, "within", 6) == 0;
	if (!before && !from && !within)
		return wrong(why, SDEX_ERR_UNKNOWN,
			     "expected always, before:SECONDS, from:SECONDS, within:SECONDS, or a "
			     "ClaimPredicate in JSON, behind the claimant's comma");
	enum sdex_error error = parse_number(&n, colon + 1, INT64_MAX, why);
	if (error)
		return error;
	*out = within ? sdex_predicate_within(n) : sdex_predicate_before(n);
	if (!from)
		return SDEX_OK;
	sdex_ClaimPredicate first = *out;
	return sdex_predicate_not(out, arena, &first);
}

/* "G...", or "G...,PREDICATE". */
static enum sdex_error parse_claimant(sdex_Claimant *out, struct sdex_arena *arena,
				      const char *text, struct sdex_failure *why)
{
	const char *comma = strchr(text, ',');
	size_t size = comma ? (size_t)(comma - text) : strlen(text);
	*out = (sdex_Claimant){.type = SDEX_CLAIMANT_TYPE_V0};
	sdex_ClaimantV0 *v0 = sdex_arena_alloc(arena, sizeof *v0);
	if (!v0)
		return wrong(why, SDEX_ERR_NOMEM, sdex_error_text(SDEX_ERR_NOMEM));
	*v0 = (sdex_ClaimantV0){.predicate = sdex_predicate_always()};
	out->v0 = v0;
	enum sdex_error error = sdex_account_parse(&v0->destination, text, size, why);
	return error || !comma ? error : parse_predicate(&v0->predicate, arena, comma + 1, why);
}

static enum sdex_error add_claimant(sdex_Claimant_list *list, struct sdex_arena *arena,
				    const char *text, struct sdex_failure *why)
{
	if (!list->items)
		list->items = sdex_arena_alloc(arena, FIELD_CLAIMANTS_MAX * sizeof *list->items);
	if (!list->items)
		return wrong(why, SDEX_ERR_NOMEM, sdex_error_text(SDEX_ERR_NOMEM));
	if (list->count == FIELD_CLAIMANTS_MAX)
		return wrong(why, SDEX_ERR_LENGTH, "a balance has at most 10 claimants");
	return parse_claimant(&list->items[list->count++], arena, text, why);
}

static enum sdex_error parse_hex(struct sdex_bytes *bytes, struct sdex_arena *arena,
				 const char *text, struct sdex_failure *why)
{
	size_t length = strlen(text), size = 0;
	uint8_t *data = sdex_arena_alloc(arena, length / 2 + 1);
	if (!data)
		return wrong(why, SDEX_ERR_NOMEM, sdex_error_text(SDEX_ERR_NOMEM));
	enum sdex_error error = sdex_hex_decode(data, length / 2, &size, text, length, why);
	if (!error)
		*bytes = (struct sdex_bytes){data, (uint32_t)size};
	return error;
}

/* ---- a field ---- */

const char *field_shape(enum field_kind kind)
{
	switch (kind) {
	case FIELD_ACCOUNT:
		return "G...";
	case FIELD_MUXED:
		return "G...|M...";
	case FIELD_ASSET:
		return "ASSET";
	case FIELD_ASSETS:
		return "ASSET,ASSET,...";
	case FIELD_AMOUNT:
		return "AMOUNT";
	case FIELD_PRICE:
	case FIELD_PRICE_UP:
	case FIELD_PRICE_DOWN:
		return "PRICE";
	case FIELD_NUMBER:
	case FIELD_UINT32:
		return "N";
	case FIELD_FLAGS:
		return "FLAG,FLAG,...";
	case FIELD_TEXT:
		return "TEXT";
	case FIELD_HEX:
		return "HEX";
	case FIELD_SIGNER:
		return "G...|T...|X...|P...";
	case FIELD_BALANCE:
		return "B...";
	case FIELD_POOL:
		return "L...";
	case FIELD_CLAIMANT:
		return "G...[,WHEN]";
	case FIELD_JSON:
		return "JSON";
	}
	return "";
}

static enum sdex_error parse(struct field_value *v, const struct field *field,
			     struct sdex_arena *arena, const char *text, struct sdex_failure *why)
{
	size_t size = strlen(text);
	switch (field->kind) {
	case FIELD_ACCOUNT:
		return sdex_account_parse(&v->account, text, size, why);
	case FIELD_MUXED:
		return sdex_muxed_parse(&v->muxed, text, size, why);
	case FIELD_ASSET:
		return sdex_asset_parse(&v->asset, arena, text, size, true, why);
	case FIELD_ASSETS:
		return parse_assets(&v->assets, arena, text, why);
	case FIELD_AMOUNT:
		return parse_amount(&v->amount, text, why);
	case FIELD_PRICE:
		return parse_price(&v->price, text, SDEX_ROUND_NEAREST, why);
	case FIELD_PRICE_UP:
		return parse_price(&v->price, text, SDEX_ROUND_UP, why);
	case FIELD_PRICE_DOWN:
		return parse_price(&v->price, text, SDEX_ROUND_DOWN, why);
	case FIELD_NUMBER:
		return parse_number(&v->number, text, INT64_MAX, why);
	case FIELD_UINT32:
		return parse_uint32(&v->uint32, text, why);
	case FIELD_FLAGS:
		return parse_flags(&v->uint32, text, field->words, why);
	case FIELD_TEXT:
		v->bytes = (struct sdex_bytes){(const uint8_t *)text, (uint32_t)size};
		return SDEX_OK;
	case FIELD_HEX:
		return parse_hex(&v->bytes, arena, text, why);
	case FIELD_SIGNER:
		return sdex_signer_parse(&v->signer, arena, text, size, why);
	case FIELD_BALANCE:
		return sdex_balance_id_parse(&v->balance, text, size, why);
	case FIELD_POOL:
		return sdex_pool_id_parse(&v->pool, text, size, why);
	case FIELD_CLAIMANT:
		return add_claimant(&v->claimants, arena, text, why);
	case FIELD_JSON:
		return parse_json(&v->value, arena, text, field->type, why);
	}
	return SDEX_ERR_INVALID;
}

bool field_parse(struct field_value *value, const struct field *field, struct sdex_arena *arena,
		 const char *text, const char *what)
{
	struct sdex_failure why = {.text = ""};
	if (value->given && field->kind != FIELD_CLAIMANT) {
		say_refused("%s stands there twice", what);
		return false;
	}
	value->given = true;
	if (parse(value, field, arena, text, &why) == SDEX_OK)
		return true;
	say_refused("%s=%s: %s", what, text, why.text);
	return false;
}

/* ---- an operation ---- */

/* Cuts "key=value" off the front.  A value may be quoted, or be JSON, and then hold
 * blanks.  NULL for key at the end; false, said on stderr, for something else. */
static bool next_pair(char **text, char **key, char **value)
{
	char *at = *text + strspn(*text, " \t\n");
	*key = NULL;
	if (!*at)
		return true;
	char *equals = at + strcspn(at, " =");
	if (*equals != '=') {
		*equals = '\0';
		say_refused("expected field=value in an operation, found \"%s\"", at);
		return false;
	}
	*equals = '\0';
	*key = at;
	at = equals + 1;
	char *end = at + strcspn(at, " \t\n");
	if (*at == '"' || *at == '\'') {
		end = strchr(at + 1, *at);
		*value = at + 1;
		if (!end) {
			say_refused("the quote behind %s= is not closed", *key);
			return false;
		}
	} else {
		if (*at == '{' || *at == '[') {
			struct json json;
			json_open(&json, at, strlen(at), 64);
			if (json_skip(&json))
				end = at + (json.at - (const uint8_t *)at);
		}
		*value = at;
	}
	*text = end + (*end != '\0');
	*end = '\0';
	return true;
}

static const struct op_kind *kind_by_name(const char *name)
{
	struct suggest suggest = suggest_begin(name, 5);
	char text[96];
	for (const struct op_kind *k = op_kinds; k->name; k++) {
		if (strcmp(k->name, name) == 0)
			return k;
		suggest_consider(&suggest, k->name);
	}
	say_refused("there is no operation \"%s\"%s (sdex tx operations lists them)", name,
		    suggest_text(text, &suggest));
	return NULL;
}

static const struct field source_field = {"source", FIELD_MUXED, true, 0, NULL, NULL};

/* Reads all pairs into the values; `source` is the last of them. */
static bool read_pairs(struct field_value *v, const struct op_kind *kind, struct sdex_arena *arena,
		       char *text)
{
	for (char *key, *value;;) {
		if (!next_pair(&text, &key, &value))
			return false;
		if (!key)
			return true;
		struct suggest suggest = suggest_begin(key, 4);
		unsigned i = 0;
		for (; kind->fields[i].name && strcmp(kind->fields[i].name, key) != 0; i++)
			suggest_consider(&suggest, kind->fields[i].name);
		bool source = strcmp(key, "source") == 0;
		if (!kind->fields[i].name && !source) {
			char hint[96];
			say_refused("%s has no field \"%s\"%s", kind->name, key,
				    suggest_text(hint, &suggest));
			return false;
		}
		char what[96];
		snprintf(what, sizeof what, "%s %s", kind->name, key);
		if (!field_parse(&v[source ? FIELD_COUNT_MAX : i],
				 source ? &source_field : &kind->fields[i], arena, value, what))
			return false;
	}
}

static bool all_there(const struct field_value *v, const struct op_kind *kind)
{
	for (unsigned i = 0; kind->fields[i].name; i++) {
		if (!v[i].given && !kind->fields[i].optional) {
			say_refused("%s needs %s=%s: %s", kind->name, kind->fields[i].name,
				    field_shape(kind->fields[i].kind), kind->fields[i].help);
			return false;
		}
	}
	return true;
}

bool op_parse(sdex_Operation *out, struct sdex_arena *arena, const char *text)
{
	struct field_value v[FIELD_COUNT_MAX + 1];
	struct sdex_failure why = {.text = ""};
	memset(v, 0, sizeof v);
	char *copy = piece(arena, text, strlen(text));
	if (!copy) {
		say_refused("memory is out");
		return false;
	}
	copy += strspn(copy, " \t\n");
	char *rest = copy + strcspn(copy, " \t\n");
	rest += *rest != '\0';
	copy[strcspn(copy, " \t\n")] = '\0';
	const struct op_kind *kind = kind_by_name(copy);
	if (!kind || !read_pairs(v, kind, arena, rest) || !all_there(v, kind))
		return false;
	struct op_parts parts = {
		.out = out,
		.arena = arena,
		.source = v[FIELD_COUNT_MAX].given ? &v[FIELD_COUNT_MAX].muxed : NULL,
		.v = v,
		.why = &why,
	};
	enum sdex_error error = kind->make(&parts);
	if (error)
		say_refused("%s: %s", kind->name, why.text[0] ? why.text : sdex_error_text(error));
	return error == SDEX_OK;
}
