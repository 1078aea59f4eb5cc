/* ledger/rules.c - balances, minimums and liabilities. */
#include "ledger/rules.h"

#include "base/int128.h"

bool rules_fault(struct state *state, const char *text)
{
	if (!state->fault)
		state->fault = text;
	return false;
}

/* a - b, held to 64 bits; what saturates is out of all bounds that it is compared with */
static int64_t minus(int64_t a, int64_t b)
{
	int64_t difference;
	if (__builtin_sub_overflow(a, b, &difference))
		return b > 0 ? INT64_MIN : INT64_MAX;
	return difference;
}

static int64_t plus(int64_t a, int64_t b)
{
	int64_t sum;
	if (__builtin_add_overflow(a, b, &sum))
		return a > 0 ? INT64_MAX : INT64_MIN;
	return sum;
}

int64_t rules_minimum(const struct state *state, const struct account *account)
{
	int64_t reserves = 2 + (int64_t)account->subentries + account->sponsoring -
			   (int64_t)account->sponsored;
	int128 minimum = (int128)reserves * state->header.base_reserve;
	return minimum > INT64_MAX ? INT64_MAX : minimum < 0 ? 0 : (int64_t)minimum;
}

int64_t rules_available(const struct state *state, const struct account *account)
{
	return minus(minus(account->balance, rules_minimum(state, account)), account->selling);
}

bool rules_add(int64_t *balance, int64_t delta, int64_t max)
{
	if (delta == 0)
		return true;
	if (delta < -*balance || delta > max - *balance)
		return false;
	*balance += delta;
	return true;
}

struct holding holding_of(const struct state *state, uint32_t address, uint32_t asset)
{
	struct holding holding = {.kind = HOLDING_NONE};
	if (asset == ASSET_NATIVE) {
		holding.account = state_account(state, address);
		if (holding.account)
			holding.kind = HOLDING_NATIVE;
	} else if (asset_at(state, asset)->issuer == address) {
		holding.kind = HOLDING_ISSUER;
	} else {
		holding.line = state_trustline(state, address, asset);
		if (holding.line)
			holding.kind = HOLDING_LINE;
	}
	return holding;
}

void holding_touch(struct state *state, struct holding holding)
{
	if (holding.kind == HOLDING_NATIVE)
		state_touch(state, ENTRY_ACCOUNT, holding.account);
	else if (holding.kind == HOLDING_LINE)
		state_touch(state, ENTRY_TRUSTLINE, holding.line);
}

bool holding_authorized(struct holding holding)
{
	return holding.kind != HOLDING_LINE ||
	       (holding.line->entry.flags & SDEX_AUTHORIZED_FLAG) != 0;
}

bool holding_maintains(struct holding holding)
{
	return holding.kind != HOLDING_LINE ||
	       (holding.line->entry.flags &
		(SDEX_AUTHORIZED_FLAG | SDEX_AUTHORIZED_TO_MAINTAIN_LIABILITIES_FLAG)) != 0;
}

static int64_t at_least_zero(int64_t amount)
{
	return amount > 0 ? amount : 0;
}

int64_t holding_free(const struct state *state, struct holding holding)
{
	switch (holding.kind) {
	case HOLDING_NONE:
		break;
	case HOLDING_NATIVE:
		return rules_available(state, holding.account);
	case HOLDING_LINE:
		return minus(holding.line->balance, holding.line->selling);
	case HOLDING_ISSUER:
		return INT64_MAX;
	}
	return 0;
}

int64_t holding_space(struct holding holding)
{
	switch (holding.kind) {
	case HOLDING_NONE:
		break;
	case HOLDING_NATIVE:
		return minus(INT64_MAX, plus(holding.account->balance, holding.account->buying));
	case HOLDING_LINE:
		return minus(minus(holding.line->limit, holding.line->balance),
			     holding.line->buying);
	case HOLDING_ISSUER:
		return INT64_MAX;
	}
	return 0;
}

int64_t holding_can_send(struct state *state, struct holding holding)
{
	return holding_maintains(holding) ? at_least_zero(holding_free(state, holding)) : 0;
}

int64_t holding_can_receive(struct state *state, struct holding holding)
{
	if (!holding_maintains(holding)) {
		rules_fault(state, "a trustline without authorization is to receive");
		return 0;
	}
	return at_least_zero(holding_space(holding));
}

static bool account_add(struct state *state, struct account *account, int64_t delta)
{
	int64_t balance = account->balance;
	if (delta == 0)
		return true;
	if (!rules_add(&balance, delta, INT64_MAX))
		return false;
	if (delta < 0 && minus(balance, rules_minimum(state, account)) < account->selling)
		return false;
	if (balance > INT64_MAX - account->buying)
		return false;
	account->balance = balance;
	return true;
}

bool line_add_unauthorized(struct trustline *line, int64_t delta)
{
	int64_t balance = line->balance;
	if (!rules_add(&balance, delta, line->limit))
		return false;
	if (balance < line->selling || balance > minus(line->limit, line->buying))
		return false;
	line->balance = balance;
	return true;
}

bool holding_add(struct state *state, struct holding holding, int64_t delta)
{
	switch (holding.kind) {
	case HOLDING_NONE:
		return rules_fault(state, "what is not held is to change");
	case HOLDING_NATIVE:
		return account_add(state, holding.account, delta);
	case HOLDING_LINE:
		if (delta == 0)
			return true;
		/* a pool share needs no leave of an issuer */
		if (asset_at(state, holding.line->asset)->type != SDEX_ASSET_TYPE_POOL_SHARE &&
		    !holding_maintains(holding))
			return rules_fault(state, "a trustline without authorization is to change");
		return line_add_unauthorized(holding.line, delta);
	case HOLDING_ISSUER:
		break;
	}
	return true;
}

bool holding_owe(struct state *state, struct holding holding, int64_t delta, bool buying)
{
	if (holding.kind == HOLDING_ISSUER)
		return true;
	if (holding.kind == HOLDING_NONE)
		return false;
	if (delta == 0)
		return true;
	if (holding.kind == HOLDING_NATIVE) {
		struct account *account = holding.account;
		int64_t max = buying ? INT64_MAX - account->balance
				     : minus(account->balance, rules_minimum(state, account));
		if (max < 0 ||
		    !rules_add(buying ? &account->buying : &account->selling, delta, max))
			return false;
		if (account->entry.level == 0)
			account->entry.level = 1;
		return true;
	}
	struct trustline *line = holding.line;
	int64_t max = buying ? line->limit - line->balance : line->balance;
	if (!holding_maintains(holding) || max < 0 ||
	    !rules_add(buying ? &line->buying : &line->selling, delta, max))
		return false;
	if (line->entry.level == 0)
		line->entry.level = 1;
	return true;
}

bool rules_reserve(struct state *state, uint32_t owner, uint32_t selling, uint32_t buying,
		   struct price price, int64_t amount, int sign)
{
	struct liabilities held = exchange_liabilities(price, amount);
	struct holding buys = holding_of(state, owner, buying);
	struct holding sells = holding_of(state, owner, selling);
	holding_touch(state, buys);
	holding_touch(state, sells);
	if (!holding_owe(state, buys, sign * held.buying, true) ||
	    !holding_owe(state, sells, sign * held.selling, false))
		return rules_fault(state, "an offer's liabilities do not fit");
	return true;
}
