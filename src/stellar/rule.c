/* stellar/rule.c - the table of rules, and what is said when one is broken. */
#include "sdex/rule.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/check.h"
#include "base/failure.h"
#include "sdex/version.h"
#include "stellar/refuse.h"

#undef refuse

static const struct sdex_rule rules[] = {
#define ROW(name, number, network, field, expected, remedy) \
	{number, #name, network, field, expected, remedy},
	SDEX_RULES(ROW)
#undef ROW
};

#define RULE_COUNT (sizeof rules / sizeof rules[0])

const struct sdex_rule *sdex_rule_at(size_t i)
{
	return i < RULE_COUNT ? &rules[i] : NULL;
}

const struct sdex_rule *sdex_rule_by_number(uint32_t number)
{
	for (size_t i = 0; i < RULE_COUNT; i++)
		if (rules[i].number == number)
			return &rules[i];
	return NULL;
}

static const char *owner(uint32_t number)
{
	return number < 100 ? "transaction" : sdex_op_name((sdex_OperationType)(number / 100 - 1));
}

enum sdex_error refuse(const struct check *check, enum sdex_rule_number number, const char *found,
		       ...)
{
	if (!check->why)
		return SDEX_ERR_MALFORMED;
	const struct sdex_rule *rule = sdex_rule_by_number(number);
	CHECK(rule);
	char seen[96];
	va_list args;
	va_start(args, found);
	vsnprintf(seen, sizeof seen, found, args);
	va_end(args);
	char place[32] = "";
	if (check->in_tx)
		snprintf(place, sizeof place, "operations[%u] ", check->index);
	fail(check->why, SDEX_ERR_MALFORMED, check->index,
	     "%s%s.%s: expected %s, found %s: %s (%s)", place, owner(number), rule->field,
	     rule->expected, seen, rule->remedy, rule->network);
	check->why->rule = number;
	return SDEX_ERR_MALFORMED;
}

enum sdex_error limits_or_default(const struct sdex_network_limits **out,
				  const struct sdex_network_limits *limits,
				  struct sdex_failure *why)
{
	static const struct sdex_network_limits usual = {.protocol = SDEX_PROTOCOL,
							 .base_fee = 100};
	if (limits && (limits->protocol < 17 || limits->protocol > SDEX_PROTOCOL))
		return fail(why, SDEX_ERR_UNSUPPORTED, 0,
			    "limits.protocol: expected 17 to %d, found %u: older ledgers had other "
			    "rules, newer ones need a newer library",
			    SDEX_PROTOCOL, limits->protocol);
	*out = limits ? limits : &usual;
	return SDEX_OK;
}
