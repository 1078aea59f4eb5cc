/* sandbox/horizon_page.c - what all endpoints share: parameters, problems, links, pages. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sandbox/horizon.h"
#include "sdex/address.h"
#include "sdex/asset.h"
#include "sdex/ids.h"
#include "stellar/words.h"

/* --- parameters */

/* Decodes a form's value into the arena; false for one that is malformed. */
static bool decode_value(struct text *value, const struct call *call, struct text encoded)
{
	char *out = sdex_arena_alloc(call->arena, encoded.size + 1);
	size_t size = 0;
	if (!out)
		return false;
	for (size_t i = 0; i < encoded.size; i++) {
		char c = encoded.data[i];
		if (c == '%') {
			if (encoded.size - i < 3)
				return false;
			int high = text_digit16(encoded.data[i + 1]);
			int low = text_digit16(encoded.data[i + 2]);
			if (high < 0 || low < 0)
				return false;
			c = (char)(high << 4 | low);
			i += 2;
		} else if (c == '+') {
			c = ' ';
		}
		out[size++] = c;
	}
	*value = (struct text){out, size};
	return utf8_valid(out, size);
}

/* The first pair of that name in `a=1&b=2`.  Names are plain words. */
static bool form_value(struct text *value, const struct call *call, const char *name)
{
	size_t length = strlen(name);
	struct text form = call->form;
	while (form.size) {
		const char *end = memchr(form.data, '&', form.size);
		size_t size = end ? (size_t)(end - form.data) : form.size;
		if (size > length && form.data[length] == '=' &&
		    memcmp(form.data, name, length) == 0)
			return decode_value(
				value, call,
				(struct text){form.data + length + 1, size - length - 1});
		size += end != NULL;
		form = (struct text){form.data + size, form.size - size};
	}
	return false;
}

struct text call_parameter(const struct call *call, const char *name)
{
	struct text value = {NULL, 0};
	size_t length = strlen(name);
	if (form_value(&value, call, name))
		return value;
	for (unsigned i = 0; i < call->query->count; i++) {
		const struct query_pair *pair = &call->query->pairs[i];
		if (pair->name.size == length && memcmp(pair->name.data, name, length) == 0)
			return pair->value;
	}
	return (struct text){NULL, 0};
}

struct text call_path(const struct call *call, unsigned index)
{
	return call->match->params[index];
}

/* --- problems */

const struct problem problem_not_found = {
	"not_found", "Resource Missing", 404,
	"The resource at the url requested was not found.  This usually occurs for one of two "
	"reasons:  The url requested is not valid, or no data in our database could be found "
	"with the parameters provided."};
const struct problem problem_bad_request = {"bad_request", "Bad Request", 400,
					    "The request you sent was invalid in some way."};
const struct problem problem_before_history = {
	"before_history", "Data Requested Is Before Recorded History", 410,
	"This horizon instance is configured to only track a portion of the stellar network's "
	"latest history. This request is asking for results prior to the recorded history "
	"known to this horizon instance."};
const struct problem problem_service_unavailable = {"service_unavailable", "Service Unavailable",
						    503,
						    "The request cannot be serviced at this time."};
const struct problem problem_not_acceptable = {
	"not_acceptable",
	"An acceptable response content-type could not be provided for this request", 406, NULL};
const struct problem problem_over_capacity = {
	"server_over_capacity", "Server Over Capacity", 503,
	"This horizon server is currently overloaded.  Please wait for several minutes before "
	"trying your request again."};
const struct problem problem_server_error = {
	"server_error", "Internal Server Error", 500,
	"An error occurred while processing this request.  This is usually due to a bug within "
	"the server software.  Trying this request again may succeed if the bug is transient. "
	"Otherwise, please contact the system administrator."};

static void open_problem(struct call *call, const struct problem *problem)
{
	struct json_writer *w = &call->w;
	call->refused = true;
	call->answer->status = problem->status;
	call->answer->form = SANDBOX_WHOLE;
	json_write_arena(w, call->arena, true);
	json_write_object(w);
	put_format(w, "type", "https://stellar.org/horizon-errors/%s", problem->type);
	put_text(w, "title", problem->title);
	put_int(w, "status", problem->status);
	if (problem->detail)
		put_text(w, "detail", problem->detail);
}

void call_refuse(struct call *call, const struct problem *problem)
{
	open_problem(call, problem);
	json_write_object_end(&call->w);
}

void call_refuse_begin(struct call *call, const struct problem *problem)
{
	open_problem(call, problem);
	put_key(&call->w, "extras");
	json_write_object(&call->w);
}

void call_refuse_end(struct call *call)
{
	json_write_object_end(&call->w);
	json_write_object_end(&call->w);
}

void call_refuse_field(struct call *call, const char *field, const char *reason)
{
	call_refuse_begin(call, &problem_bad_request);
	put_text(&call->w, "invalid_field", field);
	put_text(&call->w, "reason", reason);
	call_refuse_end(call);
}

/* --- links */

static void put_href(struct call *call, const char *name, const char *path, bool templated)
{
	struct json_writer *w = &call->w;
	struct text host = call->request->host;
	if (host.size == 0 || !utf8_valid(host.data, host.size))
		host = TEXT("localhost");
	put_key(w, name);
	json_write_object(w);
	put_key(w, "href");
	json_write_string_begin(w);
	json_write_string_part(w, "http://", 7);
	json_write_string_part(w, host.data, host.size);
	json_write_string_part(w, path, strlen(path));
	json_write_string_end(w);
	if (templated)
		put_bool(w, "templated", true);
	json_write_object_end(w);
}

void put_link(struct call *call, const char *name, const char *format, ...)
{
	char path[1024];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	put_href(call, name, path, strchr(path, '{') != NULL);
}

static void add_encoded(struct words *words, struct text text)
{
	for (size_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.data[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
		words_add(words, plain ? "%c" : c == ' ' ? "+" : "%%%02X", c);
	}
}

static int by_name(const void *left, const void *right)
{
	const struct query_pair *a = left, *b = right;
	size_t both = a->name.size < b->name.size ? a->name.size : b->name.size;
	int order = both ? memcmp(a->name.data, b->name.data, both) : 0;
	return order ? order : (a->name.size > b->name.size) - (a->name.size < b->name.size);
}

static struct text text_of(const char *text)
{
	return (struct text){text, strlen(text)};
}

/* The request's own URL with other values for the page: parameters sorted by name. */
static void put_page_link(struct call *call, const char *name, const char *cursor, bool descending,
			  uint32_t limit)
{
	struct query_pair pairs[QUERY_PAIRS_MAX + 3];
	unsigned count = 0;
	char number[16];
	(void)snprintf(number, sizeof(number), "%u", limit);
	for (unsigned i = 0; i < call->query->count; i++) {
		struct text key = call->query->pairs[i].name;
		if (!text_equal(key, TEXT("cursor")) && !text_equal(key, TEXT("order")) &&
		    !text_equal(key, TEXT("limit")))
			pairs[count++] = call->query->pairs[i];
	}
	pairs[count++] = (struct query_pair){TEXT("cursor"), text_of(cursor)};
	pairs[count++] = (struct query_pair){TEXT("limit"), text_of(number)};
	pairs[count++] =
		(struct query_pair){TEXT("order"), descending ? TEXT("desc") : TEXT("asc")};
	qsort(pairs, count, sizeof(*pairs), by_name);
	struct words words = {.room = 3 * QUERY_MAX + ROUTE_PATH_MAX + 512};
	words.text = sdex_arena_alloc(call->arena, words.room);
	if (!words.text) {
		call->w.error = SDEX_ERR_NOMEM;
		return;
	}
	words_add(&words, "%.*s", (int)call->request->path.size, call->request->path.data);
	for (unsigned i = 0; i < count; i++) {
		words_add(&words, i ? "&" : "?");
		add_encoded(&words, pairs[i].name);
		words_add(&words, "=");
		add_encoded(&words, pairs[i].value);
	}
	put_href(call, name, words.text, false);
}

/* --- pages */

static bool read_limit(uint32_t *limit, struct call *call)
{
	struct text text = call_parameter(call, "limit");
	uint64_t value = 0;
	char reason[96];
	if (text.size == 0)
		return true;
	for (size_t i = 0; i < text.size; i++) {
		char c = text.data[i];
		bool sign = i == 0 && (c == '-' || c == '+') && text.size > 1;
		if ((!sign && (c < '0' || c > '9')) || text.size > 18) {
			call_refuse_field(call, "limit", "unparseable value");
			return false;
		}
		value = sign ? 0 : value * 10 + (uint64_t)(c - '0');
	}
	if (text.data[0] == '-' || value == 0) {
		call_refuse_field(call, "limit", "invalid limit: non-positive value provided");
		return false;
	}
	if (value > PAGE_LIMIT_MAX) {
		(void)snprintf(reason, sizeof(reason),
			       "invalid limit: value provided that is over limit max of %u",
			       PAGE_LIMIT_MAX);
		call_refuse_field(call, "limit", reason);
		return false;
	}
	*limit = (uint32_t)value;
	return true;
}

/* Digits that fit 63 bits. */
static bool read_number(int64_t *out, const char *text, size_t size)
{
	int64_t value = 0;
	if (size == 0)
		return false;
	for (size_t i = 0; i < size; i++)
		if (text[i] < '0' || text[i] > '9' || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, text[i] - '0', &value))
			return false;
	*out = value;
	return true;
}

static int64_t after_last(const struct call *call)
{
	struct sdex_toid place = {network_sequence(call->network) + 1, 0, 0};
	int64_t id = 0;
	(void)!sdex_toid_pack(&id, &place);
	return id - 1;
}

static bool read_cursor(struct page *page, struct call *call)
{
	struct text text = call_parameter(call, "cursor");
	if (call->cursor)
		text = text_of(call->cursor);
	else if (call->request->last_event_id.size)
		text = call->request->last_event_id;
	page->at = -1;
	page->part = INT64_MAX;
	if (text_equal(text, TEXT("now"))) {
		page->at = after_last(call);
		(void)snprintf(page->cursor, sizeof(page->cursor), "%lld", (long long)page->at);
		return true;
	}
	if (text.size == 0)
		return true;
	const char *dash = memchr(text.data, '-', text.size);
	size_t first = dash ? (size_t)(dash - text.data) : text.size;
	if (text.size >= sizeof(page->cursor) || !read_number(&page->at, text.data, first) ||
	    (dash && !read_number(&page->part, dash + 1, text.size - first - 1))) {
		call_refuse_field(call, "cursor", "cursor: invalid value");
		return false;
	}
	memcpy(page->cursor, text.data, text.size);
	return true;
}

bool page_read(struct page *page, struct call *call)
{
	struct text order = call_parameter(call, "order");
	*page = (struct page){.limit = PAGE_LIMIT, .descending = text_equal(order, TEXT("desc"))};
	if (!read_limit(&page->limit, call) || !read_cursor(page, call))
		return false;
	if (order.size && !page->descending && !text_equal(order, TEXT("asc"))) {
		call_refuse_field(call, "order", "order: invalid value");
		return false;
	}
	if (call->stream && call->stream->left < page->limit)
		page->limit = call->stream->left;
	return true;
}

bool page_of_history(struct page *page, struct call *call)
{
	struct sdex_toid elder = {call->network->history.first, 0, 0};
	int64_t oldest = 0;
	if (!page_read(page, call))
		return false;
	(void)!sdex_toid_pack(&oldest, &elder);
	if (page->descending && page->at >= 0 && page->at <= oldest) {
		call_refuse(call, &problem_before_history);
		return false;
	}
	return true;
}

bool page_behind(const struct page *page, int64_t number, int64_t part)
{
	if (page->at < 0)
		return true;
	if (number != page->at)
		return page->descending ? number < page->at : number > page->at;
	return page->descending ? part < page->part : part > page->part;
}

static void write_events(struct call *call, const struct page_items *items)
{
	char token[TOKEN_ROOM];
	for (uint32_t i = 0; i < items->count; i++) {
		items->token(token, call, items->items, i);
		stream_event_begin(call, token);
		items->write(call, items->items, i);
		stream_event_end(call);
	}
	if (items->count)
		stream_cursor(call, token);
}

void page_write(struct call *call, const struct page *page, const struct page_items *items)
{
	struct json_writer *w = &call->w;
	char first[TOKEN_ROOM], last[TOKEN_ROOM];
	if (call->stream) {
		stream_cursor(call, page->cursor);
		write_events(call, items);
		return;
	}
	(void)snprintf(first, sizeof(first), "%s", page->cursor);
	(void)snprintf(last, sizeof(last), "%s", page->cursor);
	if (items->count) {
		items->token(first, call, items->items, 0);
		items->token(last, call, items->items, items->count - 1);
	}
	json_write_object(w);
	put_key(w, "_links");
	json_write_object(w);
	put_page_link(call, "self", page->cursor, page->descending, page->limit);
	put_page_link(call, "next", last, page->descending, page->limit);
	put_page_link(call, "prev", first, !page->descending, page->limit);
	json_write_object_end(w);
	put_key(w, "_embedded");
	json_write_object(w);
	put_key(w, "records");
	json_write_array(w);
	for (uint32_t i = 0; i < items->count; i++)
		items->write(call, items->items, i);
	json_write_array_end(w);
	json_write_object_end(w);
	json_write_object_end(w);
}

/* --- assets and accounts */

static const char bad_account[] =
	"Account ID must start with `G` and contain 56 alphanum characters";
static const char bad_code[] = "Asset code must be 1-12 alphanumeric characters";

static void name_asset(struct call *call, struct asset_named *asset)
{
	asset->given = true;
	asset->number = state_asset_find(call->network->state, &asset->asset);
}

static bool read_credit(struct call *call, struct asset_named *asset, char names[3][48],
			const struct text texts[3])
{
	sdex_AccountID id;
	bool long_code = text_equal(texts[0], TEXT("credit_alphanum12"));
	if (!long_code && !text_equal(texts[0], TEXT("credit_alphanum4"))) {
		call_refuse_field(
			call, names[0],
			"Asset type must be native, credit_alphanum4 or credit_alphanum12");
	} else if (texts[2].size == 0) {
		call_refuse_field(call, names[2], "Missing parameter");
	} else if (sdex_account_parse(&id, texts[2].data, texts[2].size, NULL)) {
		call_refuse_field(call, names[2], bad_account);
	} else if ((!long_code && texts[1].size > 4) ||
		   sdex_asset_make(&asset->asset, call->arena, texts[1].data, texts[1].size, &id,
				   NULL)) {
		call_refuse_field(call, names[1], bad_code);
	} else {
		name_asset(call, asset);
		return true;
	}
	return false;
}

bool asset_read(struct call *call, struct asset_named *asset, const char *prefix)
{
	char names[3][48];
	static const char *const parts[3] = {"type", "code", "issuer"};
	struct text texts[3];
	*asset = (struct asset_named){.asset = sdex_asset_native()};
	for (int i = 0; i < 3; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "%sasset_%s", prefix, parts[i]);
		texts[i] = call_parameter(call, names[i]);
	}
	if (texts[0].size == 0 && texts[1].size == 0 && texts[2].size == 0)
		return true;
	if (texts[0].size == 0) {
		call_refuse_field(call, names[0], "Missing parameter");
		return false;
	}
	if (!text_equal(texts[0], TEXT("native")))
		return read_credit(call, asset, names, texts);
	if (texts[1].size || texts[2].size) {
		bool code = texts[1].size > 0;
		call_refuse_field(call, names[code ? 1 : 2],
				  code ? "native asset does not have a code"
				       : "native asset does not have an issuer");
		return false;
	}
	name_asset(call, asset);
	return true;
}

bool asset_read_text(struct call *call, struct asset_named *asset, const char *name)
{
	struct text text = call_parameter(call, name);
	*asset = (struct asset_named){.asset = sdex_asset_native()};
	if (text.size == 0)
		return true;
	if (sdex_asset_parse(&asset->asset, call->arena, text.data, text.size, false, NULL)) {
		call_refuse_field(call, name,
				  "Asset must be the string \"native\" or a string of the form "
				  "\"Code:IssuerAccountID\" for issued assets.");
		return false;
	}
	name_asset(call, asset);
	return true;
}

bool address_read(struct call *call, uint32_t *address, const char *name, struct text text)
{
	sdex_AccountID id;
	if (sdex_account_parse(&id, text.data, text.size, NULL)) {
		call_refuse_field(call, name, bad_account);
		return false;
	}
	*address = state_address_find(call->network->state, id.ed25519.bytes);
	return true;
}

bool ledger_time(uint64_t *seconds, const struct call *call, uint32_t sequence)
{
	const struct history_ledger *ledger = history_ledger(&call->network->history, sequence);
	if (ledger)
		*seconds = ledger->close_time;
	return ledger != NULL;
}
