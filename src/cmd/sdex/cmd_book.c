/* cmd/sdex/cmd_book.c - sdex book */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/sdex/api_client.h"
#include "cmd/sdex/commands.h"
#include "cmd/sdex/fields.h"
#include "cmd/sdex/say.h"

#define LEVELS_MAX 200u

struct level {
	char price[40], amount[40], more[80];
};

struct side {
	struct level levels[LEVELS_MAX];
	unsigned count;
};

static void keep(void *context, const struct field *f)
{
	struct side *side = context;
	struct level *level = &side->levels[side->count];
	if (side->count == LEVELS_MAX)
		return;
	snprintf(level->price, sizeof level->price, "%.39s", f[0].text);
	snprintf(level->amount, sizeof level->amount, "%.39s", f[1].text);
	if (*f[2].text)
		snprintf(level->more, sizeof level->more, "%.20s", f[2].text);
	else
		snprintf(level->more, sizeof level->more, "%.20s %.8s...%s", f[3].text, f[4].text,
			 strcmp(f[5].text, "true") == 0 ? " ours" : "");
	side->count++;
}

static bool read_side(struct side *side, const struct api_answer *answer, const char *name)
{
	struct field fields[] = {{.path = "price"},    {.path = "amount"},  {.path = "offers"},
				 {.path = "offer_id"}, {.path = "account"}, {.path = "own"}};
	struct json json;
	side->count = 0;
	if (!fields_find(&json, answer->body, answer->size, name))
		return false;
	fields_each(&json, fields, sizeof fields / sizeof *fields, keep, side);
	return !json.error;
}

static void print_level(const char *name, const struct level *level)
{
	printf("  %s %20.20s %22s  %s\n", name, level->price, level->amount, level->more);
}

static enum status print_book(const struct api_answer *answer, bool by_order)
{
	struct field fields[] = {{.path = "trading_pair"},  {.path = "base_asset"},
				 {.path = "counter_asset"}, {.path = "ledger"},
				 {.path = "complete"},      {.path = "since"}};
	struct side *sides = calloc(2, sizeof *sides);
	struct json json;
	bool good = sides && read_side(&sides[0], answer, "asks") &&
		    read_side(&sides[1], answer, "bids");
	json_open(&json, answer->body, answer->size, 16);
	fields_read(&json, fields, sizeof fields / sizeof *fields);
	if (!good || json_close(&json, NULL)) {
		free(sides);
		return say_refused("the connector's answer is not a book; is it of this version?");
	}
	if (strcmp(fields[3].text, "0") == 0)
		printf("%s, before the first ledger: nothing is known yet\n", fields[0].text);
	else
		printf("%s at ledger %s%s\n", fields[0].text, fields[3].text,
		       strcmp(fields[4].text, "true") == 0 ? ""
							   : ", incomplete: only offers that "
							     "changed since the start are known");
	printf("  %s for %s\n\n", fields[1].text, fields[2].text);
	printf("      %20s %22s  %s\n", "price", "amount", by_order ? "offer" : "offers");
	for (unsigned i = sides[0].count; i-- > 0;)
		print_level("ask", &sides[0].levels[i]);
	puts("      --------------------");
	for (unsigned i = 0; i < sides[1].count; i++)
		print_level("bid", &sides[1].levels[i]);
	free(sides);
	return STATUS_OK;
}

static enum status run(const struct args *args)
{
	const char *pair = args_operand(args, 0);
	char path[512] = "/v1/markets/";
	struct api_answer answer;
	enum status status;
	uint64_t levels;
	if (!pair)
		return args_misused(args, "book wants a pair, as XLM-USDC; `sdex status` lists "
					  "those of the connector");
	if (!args_number(args, "levels", &levels, 10, 1, LEVELS_MAX))
		return STATUS_USAGE;
	if (!api_path_add(path, sizeof path - 40, pair))
		return say_refused("the pair's name is too long");
	size_t size = strlen(path);
	snprintf(path + size, sizeof path - size, "/book?levels=%u&by=%s", (unsigned)levels,
		 args_has(args, "orders") ? "order" : "level");
	if (!api_ask(&answer, args, "GET", path, NULL, &status))
		return status;
	if (args_has(args, "json"))
		puts(answer.body);
	else
		status = print_book(&answer, args_has(args, "orders"));
	api_answer_free(&answer);
	return status;
}

const struct command book_command = {
	.group = "book",
	.verb = "",
	.operands = "PAIR",
	.operands_most = 1,
	.summary = "the order book of a pair",
	.text = "Shows what is offered, best prices in the middle.  Prices are in the second\n"
		"asset per unit of the first, amounts in units of the first.",
	.options =
		(const struct option[]){
			{.name = "levels",
			 .letter = 'n',
			 .value = "N",
			 .help = "on each side, 1 to 200 (10)"},
			{.name = "orders",
			 .letter = 'o',
			 .help = "each offer by itself, ours marked, in the order the\n"
				 "network takes them"},
			API_OPTIONS,
			{.name = NULL},
		},
	.examples =
		(const struct example[]){
			{"sdex book XLM-USDC", "ten levels a side"},
			{"sdex book XLM-USDC --orders -n 3", "the three best offers of each side"},
			{NULL, NULL},
		},
	.run = run,
};
