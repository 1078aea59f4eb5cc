/* cmd/sdex/cmd_connector.c - sdex balance, sdex status */
#include <stdio.h>
#include <string.h>

#include "cmd/sdex/api_client.h"
#include "cmd/sdex/commands.h"
#include "cmd/sdex/fields.h"
#include "cmd/sdex/say.h"

#define PATH_ROOM 256u

/* ---- balance ---- */

static void print_balance(const struct field *f)
{
	printf("  %-70s %22s %22s\n", f[0].text, f[1].text, f[2].text);
}

static void print_account(struct json *json)
{
	struct field balance[] = {{.path = "asset"}, {.path = "balance"}, {.path = "available"}};
	struct json_text key, text;
	char account[80] = "", ledger[32] = "";
	int64_t number;
	json_object(json);
	while (json_key(json, &key)) {
		if (json_is(&key, "account", 7) && json_string(json, &text)) {
			snprintf(account, sizeof account, "%.*s", (int)text.size,
				 (const char *)text.data);
		} else if (json_is(&key, "ledger", 6) && json_peek(json) == JSON_NUMBER &&
			   json_int64(json, &number)) {
			snprintf(ledger, sizeof ledger, "%lld", (long long)number);
		} else if (json_is(&key, "balances", 8) && json_array(json)) {
			printf("%s at ledger %s\n  %-70s %22s %22s\n", account, ledger, "asset",
			       "balance", "available");
			while (json_item(json)) {
				fields_read(json, balance, 3);
				if (!json->error)
					print_balance(balance);
			}
		} else if (!json->error) {
			json_skip(json);
		}
	}
}

static enum status balance(const struct args *args)
{
	char path[PATH_ROOM] = "/v1/balances";
	const char *account = args_operand(args, 0);
	struct api_answer answer;
	struct json json;
	enum status status;
	if (account) {
		strcat(path, "?account=");
		if (!api_path_add(path, sizeof path, account))
			return say_refused("the account's name is too long");
	}
	if (!api_ask(&answer, args, "GET", path, NULL, &status))
		return status;
	if (args_has(args, "json")) {
		puts(answer.body);
	} else {
		json_open(&json, answer.body, answer.size, 16);
		if (json_peek(&json) == JSON_ARRAY && json_array(&json))
			while (json_item(&json))
				print_account(&json);
		if (json_close(&json, NULL))
			status = say_refused("the connector's answer is not a list of balances");
	}
	api_answer_free(&answer);
	return status;
}

const struct command balance_command = {
	.group = "balance",
	.verb = "",
	.operands = "[ACCOUNT]",
	.operands_most = 1,
	.summary = "what the accounts have, and what of it is free",
	.text = "Shows each asset's balance as of a ledger, and what is available: without the\n"
		"reserve, and without what open offers have bound.",
	.options = (const struct option[]){API_OPTIONS, {.name = NULL}},
	.examples =
		(const struct example[]){
			{"sdex balance", "all accounts of the connector"},
			{"sdex balance --json", "for programs"},
			{NULL, NULL},
		},
	.run = balance,
};

/* ---- status ---- */

static void print_pair(void *context, const struct field *f)
{
	(void)context;
	printf("  %-20s %-9s bid %14.14s  ask %14.14s\n", f[0].text, f[1].text,
	       *f[2].text ? f[2].text : "-", *f[3].text ? f[3].text : "-");
}

static void print_account_row(void *context, const struct field *f)
{
	(void)context;
	printf("  account   %s %s%s\n", f[0].text, f[1].text,
	       strcmp(f[2].text, "true") == 0 ? "" : ", not ready");
}

static enum status print_status(const struct api_answer *answer)
{
	struct field f[] = {{.path = "state"},
			    {.path = "reason"},
			    {.path = "network_passphrase"},
			    {.path = "ledger.sequence"},
			    {.path = "ledger.close_time"},
			    {.path = "orders.total"},
			    {.path = "orders.open"},
			    {.path = "orders.unknown"},
			    {.path = "orders.in_flight"},
			    {.path = "version"},
			    {.path = "feed.failures"}};
	struct field account[] = {{.path = "name"}, {.path = "account"}, {.path = "ready"}};
	struct field pair[] = {{.path = "trading_pair"},
			       {.path = "state"},
			       {.path = "best_bid"},
			       {.path = "best_ask"}};
	struct json json;
	json_open(&json, answer->body, answer->size, 16);
	fields_read(&json, f, sizeof f / sizeof *f);
	if (json_close(&json, NULL) || !*f[0].text)
		return say_refused(
			"the connector's answer is not a status; is it of this version?");
	printf("%s%s%s\n", f[0].text, *f[1].text ? ": " : "", f[1].text);
	printf("  network   %s\n", f[2].text);
	printf("  ledger    %s%s%s\n", *f[3].text ? f[3].text : "none yet",
	       *f[4].text ? ", closed " : "", f[4].text);
	if (*f[10].text && strcmp(f[10].text, "0") != 0)
		printf("  feed      no ledgers at the last %s tries; the log says why\n",
		       f[10].text);
	printf("  orders    %s, of which %s open, %s in flight, %s unknown\n", f[5].text, f[6].text,
	       f[8].text, f[7].text);
	printf("  version   %s\n", f[9].text);
	if (fields_find(&json, answer->body, answer->size, "accounts"))
		fields_each(&json, account, sizeof account / sizeof *account, print_account_row,
			    NULL);
	if (fields_find(&json, answer->body, answer->size, "pairs"))
		fields_each(&json, pair, sizeof pair / sizeof *pair, print_pair, NULL);
	return STATUS_OK;
}

static enum status show_status(const struct args *args)
{
	struct api_answer answer;
	enum status status;
	if (!api_ask(&answer, args, "GET", "/v1/status", NULL, &status))
		return status;
	if (args_has(args, "json"))
		puts(answer.body);
	else
		status = print_status(&answer);
	api_answer_free(&answer);
	return status;
}

const struct command status_command = {
	.group = "status",
	.verb = "",
	.operands = "",
	.summary = "how the connector stands",
	.text = "Shows whether it is ready for orders, and if not why; the network, the last\n"
		"ledger, how many orders it has, its accounts, and its pairs with their best\n"
		"prices.",
	.options = (const struct option[]){API_OPTIONS, {.name = NULL}},
	.examples =
		(const struct example[]){
			{"sdex status", "at a glance"},
			{"sdex status --json", "for programs"},
			{NULL, NULL},
		},
	.run = show_status,
};
