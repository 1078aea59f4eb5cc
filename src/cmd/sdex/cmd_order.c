/* cmd/sdex/cmd_order.c - sdex order buy|sell|show|list|cancel */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json_write.h"
#include "cmd/sdex/api_client.h"
#include "cmd/sdex/commands.h"
#include "cmd/sdex/fields.h"
#include "cmd/sdex/say.h"

#define PATH_ROOM 512u
#define BODY_ROOM 4096u

/* ---- printing ---- */

static void print_line(const char *name, const char *value)
{
	if (*value)
		printf("  %-18s %s\n", name, value);
}

static void print_fill(void *context, const struct field *f)
{
	int *count = context;
	if ((*count)++ == 0)
		puts("  fills");
	printf("    %s for %s at %s as %s\n      operation %s, claim %s, ledger %s\n      "
	       "transaction %s\n",
	       f[0].text, f[1].text, f[2].text, f[3].text, f[4].text, f[5].text, f[6].text,
	       f[7].text);
}

static void print_fills(const struct api_answer *answer)
{
	struct field fields[] = {{.path = "base_amount"},  {.path = "counter_amount"},
				 {.path = "price"},        {.path = "role"},
				 {.path = "operation_id"}, {.path = "claim_index"},
				 {.path = "ledger"},       {.path = "transaction_hash"}};
	struct json json;
	int count = 0;
	if (fields_find(&json, answer->body, answer->size, "fills"))
		fields_each(&json, fields, sizeof fields / sizeof *fields, print_fill, &count);
}

static enum status print_order(const struct api_answer *answer)
{
	struct field f[] = {
		{.path = "order_id"},
		{.path = "client_id"},
		{.path = "status"},
		{.path = "status_detail"},
		{.path = "trade_type"},
		{.path = "amount"},
		{.path = "trading_pair"},
		{.path = "price"},
		{.path = "filled_amount"},
		{.path = "remaining_amount"},
		{.path = "average_fill_price"},
		{.path = "stellar_offer_id"},
		{.path = "transaction_hash"},
		{.path = "failure_reason"},
		{.path = "reason"},
		{.path = "proof.kind"},
		{.path = "proof.ledger"},
		{.path = "proof.transaction_hash"},
	};
	struct json json;
	json_open(&json, answer->body, answer->size, 16);
	fields_read(&json, f, sizeof f / sizeof *f);
	if (json_close(&json, NULL) || !*f[0].text)
		return say_refused(
			"the connector's answer is not an order; is it of this version?");
	printf("%s: %s %s %s at %s\n", f[0].text, f[4].text, f[5].text, f[6].text, f[7].text);
	bool more = strcasecmp(f[2].text, f[3].text) != 0;
	printf("  %-18s %s%s%s%s\n", "status", f[2].text, more ? " (" : "", more ? f[3].text : "",
	       more ? ")" : "");
	print_line("client id", f[1].text);
	print_line("filled", f[8].text);
	print_line("remaining", f[9].text);
	print_line("average price", f[10].text);
	print_line("offer", f[11].text);
	print_line("transaction", f[12].text);
	print_line("reason", *f[13].text ? f[13].text : f[14].text);
	if (*f[15].text)
		printf("  %-18s %s%s%s%s%s\n", "proof", f[15].text, *f[16].text ? ", ledger " : "",
		       f[16].text, *f[17].text ? ", transaction " : "", f[17].text);
	print_fills(answer);
	return STATUS_OK;
}

/* The answer as it came, or for people. */
static enum status show_order(const struct args *args, struct api_answer *answer)
{
	enum status status = STATUS_OK;
	if (args_has(args, "json"))
		puts(answer->body);
	else
		status = print_order(answer);
	api_answer_free(answer);
	return status;
}

/* ---- placing ---- */

static enum status place(const struct args *args)
{
	const char *pair = args_operand(args, 0), *amount = args_operand(args, 1);
	const char *price = args_value(args, "price");
	char body[BODY_ROOM];
	struct json_writer w;
	struct api_answer answer;
	enum status status;
	size_t size;
	if (!pair || !amount)
		return args_misused(args, "order %s wants a pair and an amount, as XLM-USDC 100",
				    args->command->verb);
	if (!price)
		return args_misused(args, "--price is missing: the limit, in the second asset per "
					  "unit of the first");
	json_write_buffer(&w, body, sizeof body - 1, false);
	json_write_object(&w);
	json_write_text(&w, "trading_pair", pair);
	json_write_text(&w, "trade_type", args->command->verb);
	json_write_text(&w, "order_type", "limit");
	json_write_text(&w, "amount", amount);
	json_write_text(&w, "price", price);
	if (args_has(args, "client-id"))
		json_write_text(&w, "client_id", args_value(args, "client-id"));
	if (args_has(args, "account"))
		json_write_text(&w, "account", args_value(args, "account"));
	json_write_object_end(&w);
	if (json_write_close(&w, NULL, &size))
		return say_refused("the order's words are too long, or not UTF-8");
	body[size] = '\0';
	if (!api_ask(&answer, args, "POST", "/v1/orders", body, &status))
		return status;
	return show_order(args, &answer);
}

#define ACCOUNT_OPTION                                                          \
	{                                                                       \
		.name = "account", .letter = 'a', .value = "ACCOUNT",           \
		.help = "which account of the connector, by name or address,\n" \
			"where it has several"                                  \
	}

#define PLACE_OPTIONS                                                            \
	{.name = "price",                                                        \
	 .letter = 'p',                                                          \
	 .value = "PRICE",                                                       \
	 .help = "the limit: the second asset per unit of the first"},           \
		{.name = "client-id",                                            \
		 .letter = 'c',                                                  \
		 .value = "ID",                                                  \
		 .help = "your name for it: sent twice, it is still one order"}, \
		ACCOUNT_OPTION

#define PLACE_TEXT                                                                       \
	"Amounts are in the first asset of the pair.  The answer comes as soon as the\n" \
	"intent is on disk; from then on the order is placed once, whatever happens.\n"  \
	"`sdex order show` tells what became of it."

const struct command order_buy_command = {
	.group = "order",
	.verb = "buy",
	.operands = "PAIR AMOUNT",
	.operands_most = 2,
	.summary = "place a limit order that buys",
	.text = PLACE_TEXT,
	.options = (const struct option[]){PLACE_OPTIONS, API_OPTIONS, {.name = NULL}},
	.examples =
		(const struct example[]){
			{"sdex order buy XLM-USDC 100 --price 0.05", "100 XLM for at most 5 USDC"},
			{"sdex order buy XLM-USDC 100 --price 0.05 --client-id bid-1 --json",
			 "with a name of one's own, for programs"},
			{NULL, NULL},
		},
	.run = place,
};

const struct command order_sell_command = {
	.group = "order",
	.verb = "sell",
	.operands = "PAIR AMOUNT",
	.operands_most = 2,
	.summary = "place a limit order that sells",
	.text = PLACE_TEXT,
	.options = (const struct option[]){PLACE_OPTIONS, API_OPTIONS, {.name = NULL}},
	.examples =
		(const struct example[]){
			{"sdex order sell XLM-USDC 100 --price 5", "100 XLM for at least 500 USDC"},
			{"sdex order sell XLM-USDC 100 --price 5 --client-id ask-1 --json",
			 "with a name of one's own, for programs"},
			{NULL, NULL},
		},
	.run = place,
};

/* ---- one order ---- */

/* An order's id is 32 hexadecimal digits; people give their own name instead. */
static bool is_order_id(const char *text)
{
	return strlen(text) == 32 && strspn(text, "0123456789abcdef") == 32;
}

/* /v1/orders/ID of the operand, or /v1/orders/by-client-id/ID of --client-id. */
static bool order_path(char path[PATH_ROOM], const struct args *args, enum status *status)
{
	const char *id = args_operand(args, 0), *client_id = args_value(args, "client-id");
	if (!id == !client_id) {
		*status = args_misused(args, "order %s wants an order's id, or --client-id%s",
				       args->command->verb, id ? ", and not both" : "");
		return false;
	}
	if (id && !is_order_id(id)) {
		*status = say_refused("\"%s\" is no order's id, which is 32 hexadecimal digits; is "
				      "it your own name for it?  then: --client-id %s",
				      id, id);
		return false;
	}
	snprintf(path, PATH_ROOM, "/v1/orders/%s", id ? "" : "by-client-id/");
	bool fits = api_path_add(path, PATH_ROOM, id ? id : client_id);
	if (fits && args_has(args, "account")) {
		size_t size = strlen(path);
		snprintf(path + size, PATH_ROOM - size, "?account=");
		fits = api_path_add(path, PATH_ROOM, args_value(args, "account"));
	}
	if (!fits)
		*status = say_refused("the id is too long");
	return fits;
}

static enum status one(const struct args *args, const char *method)
{
	char path[PATH_ROOM];
	struct api_answer answer;
	enum status status;
	if (!order_path(path, args, &status) ||
	    !api_ask(&answer, args, method, path, NULL, &status))
		return status;
	return show_order(args, &answer);
}

static enum status show(const struct args *args)
{
	return one(args, "GET");
}

static enum status cancel(const struct args *args)
{
	return one(args, "DELETE");
}

#define CLIENT_ID_OPTION                                                   \
	{                                                                  \
		.name = "client-id", .letter = 'c', .value = "ID",         \
		.help = "the order by your name for it, in place of ORDER" \
	}

const struct command order_show_command = {
	.group = "order",
	.verb = "show",
	.operands = "[ORDER]",
	.operands_most = 1,
	.summary = "an order, its fills and its proof",
	.text = "Shows how an order stands.  Its status is pending, submitted, open,\n"
		"partially_filled, filled, cancelled, expired or failed; what is final is proven\n"
		"by a transaction, a ledger, an operation and a claim.",
	.options =
		(const struct option[]){
			CLIENT_ID_OPTION, ACCOUNT_OPTION, API_OPTIONS, {.name = NULL}},
	.examples =
		(const struct example[]){
			{"sdex order show --client-id bid-1", "by one's own name"},
			{"sdex order show --client-id bid-1 --json", "for programs"},
			{NULL, NULL},
		},
	.run = show,
};

const struct command order_cancel_command = {
	.group = "order",
	.verb = "cancel",
	.operands = "[ORDER]",
	.operands_most = 1,
	.summary = "take an order off the book",
	.text = "Asks for it; the order is cancelled when the ledger says so, and may be filled\n"
		"until then.",
	.options =
		(const struct option[]){
			CLIENT_ID_OPTION, ACCOUNT_OPTION, API_OPTIONS, {.name = NULL}},
	.examples =
		(const struct example[]){
			{"sdex order cancel --client-id bid-1", "by one's own name"},
			{"sdex order cancel --client-id ask-1 --json", "for programs"},
			{NULL, NULL},
		},
	.run = cancel,
};

/* ---- all of them ---- */

#define COLUMNS 8u

static const char *const column_names[COLUMNS] = {"order", "status", "",       "amount",
						  "pair",  "price",  "filled", "client id"};

/* As wide as the widest text in each. */
struct columns {
	int widths[COLUMNS];
	int rows;
};

static void measure(void *context, const struct field *f)
{
	struct columns *columns = context;
	columns->rows++;
	for (unsigned i = 0; i < COLUMNS; i++)
		if ((int)strlen(f[i].text) > columns->widths[i])
			columns->widths[i] = (int)strlen(f[i].text);
}

static void print_texts(const struct columns *columns, const char *const texts[COLUMNS])
{
	const int *w = columns->widths;
	printf("%-*s  %-*s  %-*s  %*s  %-*s  %*s  %*s%s%s\n", w[0], texts[0], w[1], texts[1], w[2],
	       texts[2], w[3], texts[3], w[4], texts[4], w[5], texts[5], w[6], texts[6],
	       *texts[7] ? "  " : "", texts[7]);
}

static void print_row(void *context, const struct field *f)
{
	const char *texts[COLUMNS];
	for (unsigned i = 0; i < COLUMNS; i++)
		texts[i] = f[i].text;
	print_texts(context, texts);
}

static enum status list(const struct args *args)
{
	struct field fields[COLUMNS] = {{.path = "order_id"},      {.path = "status"},
					{.path = "trade_type"},    {.path = "amount"},
					{.path = "trading_pair"},  {.path = "price"},
					{.path = "filled_amount"}, {.path = "client_id"}};
	char path[64];
	uint64_t limit;
	struct api_answer answer;
	struct json json;
	enum status status;
	struct columns columns = {{0}, 0};
	if (!args_number(args, "limit", &limit, 50, 1, 200))
		return STATUS_USAGE;
	snprintf(path, sizeof path, "/v1/orders?limit=%u%s", (unsigned)limit,
		 args_has(args, "live") ? "&status=live" : "");
	if (!api_ask(&answer, args, "GET", path, NULL, &status))
		return status;
	if (args_has(args, "json")) {
		puts(answer.body);
	} else if (fields_find(&json, answer.body, answer.size, "orders")) {
		for (unsigned i = 0; i < COLUMNS; i++)
			columns.widths[i] = (int)strlen(column_names[i]);
		fields_each(&json, fields, COLUMNS, measure, &columns);
		if (columns.rows == 0) {
			puts("no orders");
		} else {
			print_texts(&columns, column_names);
			fields_find(&json, answer.body, answer.size, "orders");
			fields_each(&json, fields, COLUMNS, print_row, &columns);
		}
	} else {
		status = say_refused("the connector's answer is not a list of orders");
	}
	api_answer_free(&answer);
	return status;
}

const struct command order_list_command = {
	.group = "order",
	.verb = "list",
	.operands = "",
	.summary = "orders, the newest first",
	.text = "Lists orders, one a line.",
	.options =
		(const struct option[]){
			{.name = "live", .letter = 'l', .help = "only those that are not final"},
			{.name = "limit",
			 .letter = 'n',
			 .value = "N",
			 .help = "at most so many, 1 to 200 (50)"},
			API_OPTIONS,
			{.name = NULL},
		},
	.examples =
		(const struct example[]){
			{"sdex order list", "the last fifty"},
			{"sdex order list --live --json", "those that are not final, for programs"},
			{NULL, NULL},
		},
	.run = list,
};
