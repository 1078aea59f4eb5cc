/* ledger/cases/script_op.c - the words of a script's operations, and numbers. */
#include "ledger/cases/script.h"

/* --- names */

static struct script_name *find(struct script_name *names, uint32_t count, const char *name)
{
	for (uint32_t i = 0; i < count; i++)
		if (strcmp(names[i].name, name) == 0)
			return &names[i];
	return NULL;
}

int script_account(struct script_run *run, const char *name)
{
	const struct script_name *known = find(run->accounts, run->account_count, name);
	if (known)
		return (int)(known - run->accounts) + 1;
	if (run->account_count == 64)
		script_fail(run, "too many accounts");
	size_t size = strlen(name) + 1;
	run->accounts[run->account_count].name = sdex_arena_copy(run->names, name, size);
	return (int)++run->account_count;
}

sdex_Asset script_asset(struct script_run *run, const char *name)
{
	if (strcmp(name, "XLM") == 0)
		return native_asset();
	if (strcmp(name, "INVALID") == 0)
		return credit_of("", 1);
	const struct script_name *known = find(run->assets, run->asset_count, name);
	if (!known)
		script_fail(run, "no asset is called %s", name);
	return known->asset;
}

struct script_offer *script_offer(struct script_run *run, const char *name)
{
	for (uint32_t i = run->offer_count; i-- > 0;)
		if (strcmp(run->offers[i].name, name) == 0)
			return &run->offers[i];
	return NULL;
}

/* --- numbers */

struct sum {
	struct script_run *run;
	const char *all;
	const char *at;
};

static int64_t terms(struct sum *s);

static bool in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static void read_word(struct sum *s, char word[64])
{
	size_t size = 0;
	while (in_word(s->at[size]))
		size++;
	if (size == 0 || size >= 64)
		script_fail(s->run, "not a number: %s", s->all);
	memcpy(word, s->at, size);
	word[size] = 0;
	s->at += size;
}

static void expect(struct sum *s, char c)
{
	if (*s->at != c)
		script_fail(s->run, "%c is missing in %s", c, s->all);
	s->at++;
}

/* balance(who,ASSET) and reserved(who,ASSET) */
static int64_t held(struct sum *s, bool reserved)
{
	char who[64], code[64];
	read_word(s, who);
	expect(s, ',');
	read_word(s, code);
	int name = script_account(s->run, who);
	sdex_Asset asset = script_asset(s->run, code);
	if (asset.type == SDEX_ASSET_TYPE_NATIVE) {
		const struct account *account = world_account(&s->run->w, name);
		return !account ? 0 : reserved ? account->buying : account->balance;
	}
	const struct trustline *line = world_line(&s->run->w, name, asset);
	return !line ? 0 : reserved ? line->buying : line->balance;
}

/* available(who): lumens over the reserve and liabilities, below 0 when there are too few */
static int64_t available(struct sum *s)
{
	char who[64];
	read_word(s, who);
	const struct account *account = world_account(&s->run->w, script_account(s->run, who));
	return account ? rules_available(s->run->w.state, account) : 0;
}

static int64_t named(struct sum *s)
{
	char word[64];
	read_word(s, word);
	const struct script_name *known = find(s->run->lets, s->run->let_count, word);
	if (known)
		return known->value;
	if (strcmp(word, "max") == 0)
		return INT64_MAX;
	if (strcmp(word, "max32") == 0)
		return INT32_MAX;
	if (strcmp(word, "txfee") == 0)
		return s->run->w.state->header.base_fee;
	if (strcmp(word, "now") == 0)
		return (int64_t)s->run->w.state->header.close_time;
	if (strcmp(word, "ledger") == 0)
		return s->run->w.state->header.sequence;
	if (strcmp(word, "idpool") == 0)
		return s->run->id_pool;
	if (*s->at != '(')
		script_fail(s->run, "no number is called %s", word);
	s->at++;
	int64_t value = 0;
	if (strcmp(word, "available") == 0)
		value = available(s);
	else if (strcmp(word, "reserve") == 0)
		value = (2 + terms(s)) * s->run->w.state->header.base_reserve;
	else if (strcmp(word, "balance") == 0 || strcmp(word, "reserved") == 0)
		value = held(s, word[0] == 'r');
	else
		script_fail(s->run, "no function is called %s", word);
	expect(s, ')');
	return value;
}

static int64_t unit(struct sum *s)
{
	if (*s->at == '-') {
		s->at++;
		return -unit(s);
	}
	if (*s->at == '(') {
		s->at++;
		int64_t value = terms(s);
		expect(s, ')');
		return value;
	}
	if (*s->at < '0' || *s->at > '9')
		return named(s);
	char *end;
	int64_t value = strtoll(s->at, &end, 10);
	s->at = end;
	return value;
}

static int64_t product(struct sum *s)
{
	int64_t value = unit(s);
	while (*s->at == '*' || *s->at == '/') {
		char sign = *s->at++;
		int64_t by = unit(s);
		if (sign == '/' ? by == 0 : __builtin_mul_overflow(value, by, &value))
			script_fail(s->run, "out of range: %s", s->all);
		if (sign == '/')
			value /= by;
	}
	return value;
}

static int64_t terms(struct sum *s)
{
	int64_t value = product(s);
	while (*s->at == '+' || *s->at == '-') {
		bool over = *s->at++ == '+' ? __builtin_add_overflow(value, product(s), &value)
					    : __builtin_sub_overflow(value, product(s), &value);
		if (over)
			script_fail(s->run, "out of range: %s", s->all);
	}
	return value;
}

int64_t script_number(struct script_run *run, const char *text)
{
	struct sum s = {run, text, text};
	int64_t value = terms(&s);
	if (*s.at)
		script_fail(run, "not a number: %s", text);
	return value;
}

struct price script_price(struct script_run *run, const char *text)
{
	char n[64];
	const char *slash = strchr(text, '/');
	if (!slash || slash - text >= 64)
		script_fail(run, "not a price: %s", text);
	memcpy(n, text, (size_t)(slash - text));
	n[slash - text] = 0;
	return (struct price){(int32_t)script_number(run, n),
			      (int32_t)script_number(run, slash + 1)};
}

/* --- shapes */

uint32_t script_split(struct script_run *run, char *text, char **words, uint32_t room)
{
	uint32_t count = 0;
	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		if (count == room)
			script_fail(run, "too many words");
		words[count++] = text;
		text += strcspn(text, " ");
		if (*text)
			*text++ = 0;
	}
	return count;
}

/* Only the plain words, which choose the shape; the others are looked at once it is chosen. */
static bool same_frame(const char *shape, char **words, uint32_t count)
{
	uint32_t at = 0;
	while (*shape) {
		size_t size = strcspn(shape, " ");
		if (*shape == '*')
			return true;
		bool slot = size == 1 && strchr("#%@/&?", *shape);
		if (at == count ||
		    (!slot && (strlen(words[at]) != size || strncmp(words[at], shape, size) != 0)))
			return false;
		at++;
		shape += size + (shape[size] == ' ');
	}
	return at == count;
}

bool script_shape(struct script_run *run, struct script_words *got, const char *shape, char **words,
		  uint32_t count)
{
	uint32_t numbers = 0, assets = 0, accounts = 0, prices = 0;
	if (!same_frame(shape, words, count))
		return false;
	*got = (struct script_words){0};
	for (uint32_t at = 0; *shape; at++) {
		size_t size = strcspn(shape, " ");
		const char *word = at < count ? words[at] : "";
		if (*shape == '*')
			break;
		if (size == 1 && *shape == '#')
			got->number[numbers++] = script_number(run, word);
		else if (size == 1 && *shape == '%')
			got->asset[assets++] = script_asset(run, word);
		else if (size == 1 && *shape == '@')
			got->account[accounts++] = script_account(run, word);
		else if (size == 1 && *shape == '/')
			got->price[prices++] = script_price(run, word);
		else if (size == 1 && *shape == '?')
			got->word = word;
		else if (size == 1 && *shape == '&') {
			got->offer = script_offer(run, word);
			got->offer_id = got->offer ? got->offer->id : script_number(run, word);
		}
		shape += size + (shape[size] == ' ');
		if (*shape != '*')
			continue;
		for (at++; at < count; at++)
			if (shape[1] == '%' && got->path_count < SCRIPT_PATH_MAX)
				got->path[got->path_count++] = script_asset(run, words[at]);
			else if (shape[1] == '?' && got->list_count < 12)
				got->list[got->list_count++] = words[at];
			else
				script_fail(run, "too many words");
		break;
	}
	return true;
}

/* --- operations */

static struct script_offer offer_of(int who, const struct script_words *s)
{
	return (struct script_offer){.name = "",
				     .seller = who,
				     .selling = s->asset[0],
				     .buying = s->asset[1],
				     .price = s->price[0],
				     .amount = s->number[0]};
}

static sdex_Operation *sells(struct script_run *run, int who, const struct script_words *s,
			     struct script_offer *made)
{
	*made = offer_of(who, s);
	made->id = s->offer_id;
	made->passive = s->offer && s->offer->passive;
	return op_sell(&run->w, who, s->asset[0], s->asset[1], s->number[0], s->price[0].n,
		       s->price[0].d, s->offer_id);
}

static sdex_Operation *sells_passively(struct script_run *run, int who,
				       const struct script_words *s, struct script_offer *made)
{
	*made = offer_of(who, s);
	made->passive = true;
	return op_passive(&run->w, who, s->asset[0], s->asset[1], s->number[0], s->price[0].n,
			  s->price[0].d);
}

/* What rests of it sells; how much, only `leaves` can say. */
static sdex_Operation *buys(struct script_run *run, int who, const struct script_words *s,
			    struct script_offer *made)
{
	*made = (struct script_offer){.name = "",
				      .seller = who,
				      .selling = s->asset[1],
				      .buying = s->asset[0],
				      .price = {s->price[0].d, s->price[0].n},
				      .amount = -1,
				      .id = s->offer_id,
				      .passive = s->offer && s->offer->passive};
	return op_buy(&run->w, who, s->asset[1], s->asset[0], s->number[0], s->price[0].n,
		      s->price[0].d, s->offer_id);
}

static sdex_Operation *pays(struct script_run *run, int who, const struct script_words *s,
			    struct script_offer *made)
{
	(void)made;
	return op_payment(&run->w, who, s->account[0], s->asset[0], s->number[0]);
}

static sdex_Operation *pays_muxed(struct script_run *run, int who, const struct script_words *s,
				  struct script_offer *made)
{
	sdex_Operation *op = pays(run, who, s, made);
	sdex_MuxedAccount *to = &op->body.paymentOp->destination;
	*to = (sdex_MuxedAccount){.type = SDEX_KEY_TYPE_MUXED_ED25519};
	to->med25519.id = 2;
	to->med25519.ed25519 = account_of(s->account[0]).ed25519;
	return op;
}

static sdex_Operation *receives(struct script_run *run, int who, const struct script_words *s,
				struct script_offer *made)
{
	(void)made;
	return op_receive(&run->w, who, s->account[0], s->asset[1], s->number[1], s->asset[0],
			  s->number[0], s->path, s->path_count);
}

static sdex_Operation *sends(struct script_run *run, int who, const struct script_words *s,
			     struct script_offer *made)
{
	(void)made;
	return op_send(&run->w, who, s->account[0], s->asset[0], s->number[0], s->asset[1],
		       s->number[1], s->path, s->path_count);
}

static sdex_Operation *trusts(struct script_run *run, int who, const struct script_words *s,
			      struct script_offer *made)
{
	(void)made;
	return op_trust(&run->w, who, s->asset[0], s->number[0]);
}

/* Pools know their assets in order; a script may name them in any. */
static bool swapped(const sdex_Asset *a, const sdex_Asset *b)
{
	if (a->type != b->type)
		return a->type > b->type;
	if (a->type == SDEX_ASSET_TYPE_NATIVE)
		return false;
	if (a->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		return memcmp(a->alphaNum12, b->alphaNum12, sizeof(*a->alphaNum12)) > 0;
	return memcmp(&a->alphaNum4, &b->alphaNum4, sizeof(a->alphaNum4)) > 0;
}

static sdex_Operation *trusts_pool(struct script_run *run, int who, const struct script_words *s,
				   struct script_offer *made)
{
	(void)made;
	bool turn = swapped(&s->asset[0], &s->asset[1]);
	return op_trust_pool(&run->w, who, s->asset[turn], s->asset[!turn], s->number[0]);
}

/* As it is written, right or wrong. */
static sdex_Operation *trusts_pool_fee(struct script_run *run, int who,
				       const struct script_words *s, struct script_offer *made)
{
	(void)made;
	return op_trust_pool_fee(&run->w, who, s->asset[0], s->asset[1], (int32_t)s->number[0],
				 s->number[1]);
}

static sdex_Operation *deposits(struct script_run *run, int who, const struct script_words *s,
				struct script_offer *made)
{
	(void)made;
	bool turn = swapped(&s->asset[0], &s->asset[1]);
	return op_deposit(&run->w, who, s->asset[turn], s->asset[!turn], s->number[turn],
			  s->number[!turn]);
}

/* Here the order is the pool's: prices mean it. */
static sdex_Operation *deposits_within(struct script_run *run, int who,
				       const struct script_words *s, struct script_offer *made)
{
	(void)made;
	return op_deposit_within(&run->w, who, s->asset[0], s->asset[1], s->number[0], s->number[1],
				 s->price[0], s->price[1]);
}

static sdex_Operation *withdraws(struct script_run *run, int who, const struct script_words *s,
				 struct script_offer *made)
{
	(void)made;
	bool turn = swapped(&s->asset[0], &s->asset[1]);
	return op_withdraw(&run->w, who, s->asset[turn], s->asset[!turn], s->number[0],
			   s->number[1 + turn], s->number[1 + !turn]);
}

static sdex_Operation *creates(struct script_run *run, int who, const struct script_words *s,
			       struct script_offer *made)
{
	(void)made;
	return op_create(&run->w, who, s->account[0], s->number[0]);
}

static sdex_Operation *merges(struct script_run *run, int who, const struct script_words *s,
			      struct script_offer *made)
{
	(void)made;
	return op_merge(&run->w, who, s->account[0]);
}

static uint32_t flags_of(struct script_run *run, const struct script_words *s)
{
	static const char *const names[] = {"required", "revocable", "immutable", "clawback"};
	uint32_t flags = 0;
	for (uint32_t i = 0; i < s->list_count; i++) {
		uint32_t bit = 0;
		while (bit < 4 && strcmp(names[bit], s->list[i]) != 0)
			bit++;
		if (bit == 4)
			script_fail(run, "no account flag is called %s", s->list[i]);
		flags |= 1u << bit;
	}
	return flags;
}

static sdex_Operation *sets_flags(struct script_run *run, int who, const struct script_words *s,
				  struct script_offer *made)
{
	(void)made;
	return op_options(&run->w, who, flags_of(run, s), 0);
}

static sdex_Operation *clears_flags(struct script_run *run, int who, const struct script_words *s,
				    struct script_offer *made)
{
	(void)made;
	return op_options(&run->w, who, 0, flags_of(run, s));
}

/* full, maintain, none */
static uint32_t trust_of(struct script_run *run, const char *word)
{
	static const char *const names[] = {"none", "full", "maintain"};
	for (uint32_t flags = 0; flags < 3; flags++)
		if (strcmp(names[flags], word) == 0)
			return flags;
	script_fail(run, "trust is full, maintain or none, not %s", word);
}

static sdex_Operation *allows_trust(struct script_run *run, int who, const struct script_words *s,
				    struct script_offer *made)
{
	(void)made;
	return op_allow_trust(&run->w, who, s->account[0], s->asset[0], trust_of(run, s->word));
}

static sdex_Operation *sets_trust(struct script_run *run, int who, const struct script_words *s,
				  struct script_offer *made)
{
	(void)made;
	uint32_t to = trust_of(run, s->word);
	return op_line_flags(&run->w, who, s->account[0], s->asset[0], to, 3 & ~to);
}

static sdex_Operation *sets_line(struct script_run *run, int who, const struct script_words *s,
				 struct script_offer *made)
{
	(void)made;
	return op_line_flags(&run->w, who, s->account[0], s->asset[0], (uint32_t)s->number[0],
			     (uint32_t)s->number[1]);
}

static sdex_Operation *claws_back(struct script_run *run, int who, const struct script_words *s,
				  struct script_offer *made)
{
	(void)made;
	return op_clawback(&run->w, who, s->account[0], s->asset[0], s->number[0]);
}

static sdex_Operation *sponsors(struct script_run *run, int who, const struct script_words *s,
				struct script_offer *made)
{
	(void)made;
	return op_sponsor(&run->w, who, s->account[0]);
}

static sdex_Operation *ends_sponsoring(struct script_run *run, int who,
				       const struct script_words *s, struct script_offer *made)
{
	(void)s;
	(void)made;
	return op_end_sponsoring(&run->w, who);
}

static sdex_Operation *revokes_offer(struct script_run *run, int who, const struct script_words *s,
				     struct script_offer *made)
{
	(void)made;
	return op_revoke_offer(&run->w, who, s->offer ? s->offer->seller : who, s->offer_id);
}

static sdex_Operation *revokes_line(struct script_run *run, int who, const struct script_words *s,
				    struct script_offer *made)
{
	(void)made;
	return op_revoke_line(&run->w, who, s->account[0], s->asset[0]);
}

static sdex_Operation *revokes_share(struct script_run *run, int who, const struct script_words *s,
				     struct script_offer *made)
{
	(void)made;
	bool turn = swapped(&s->asset[0], &s->asset[1]);
	return op_revoke_share(&run->w, who, s->account[0], s->asset[turn], s->asset[!turn]);
}

static sdex_Operation *revokes_account(struct script_run *run, int who,
				       const struct script_words *s, struct script_offer *made)
{
	(void)made;
	return op_revoke_account(&run->w, who, s->account[0]);
}

static const struct {
	const char *shape;
	sdex_Operation *(*make)(struct script_run *run, int who, const struct script_words *s,
				struct script_offer *made);
} operations[] = {
	{"sells # % for % at /", sells},
	{"passively sells # % for % at /", sells_passively},
	{"buys # % for % at /", buys},
	{"changes & to sell # % for % at /", sells},
	{"changes & to buy # % for % at /", buys},
	{"pays @ # %", pays},
	{"pays muxed @ # %", pays_muxed},
	{"pays @ # % with at most # %", receives},
	{"pays @ # % with at most # % via *%", receives},
	{"sends # % to @ for at least # %", sends},
	{"sends # % to @ for at least # % via *%", sends},
	{"trusts % up to #", trusts},
	{"trusts pool % % up to #", trusts_pool},
	{"trusts pool % % fee # up to #", trusts_pool_fee}, /* neither sorted nor checked */
	{"deposits # % # %", deposits},
	{"deposits # % # % from / to /", deposits_within},
	{"withdraws # of % % for # #", withdraws},
	{"creates @ with #", creates},
	{"merges into @", merges},
	{"sets flags *?", sets_flags},
	{"clears flags *?", clears_flags},
	{"allow_trust @ % ?", allows_trust},       /* ALLOW_TRUST: full, maintain or none */
	{"set_trust @ % ?", sets_trust},           /* the same by SET_TRUST_LINE_FLAGS */
	{"set_line @ % set # clear #", sets_line}, /* enum sdex_TrustLineFlags */
	{"claws back # % from @", claws_back},
	{"sponsors @", sponsors},
	{"ends sponsoring", ends_sponsoring},
	{"revokes offer &", revokes_offer},
	{"revokes line @ %", revokes_line},
	{"revokes line @ pool % %", revokes_share},
	{"revokes account @", revokes_account},
};

sdex_Operation *script_op(struct script_run *run, char **words, uint32_t count,
			  struct script_offer *made)
{
	struct script_words got;
	int who = script_account(run, words[0]);
	*made = (struct script_offer){0};
	if (count > 3 && strcmp(words[1], "as") == 0) {
		sdex_Operation *op = NULL;
		uint64_t number = (uint64_t)script_number(run, words[2]);
		words[2] = words[0];
		op = script_op(run, words + 2, count - 2, made);
		sdex_uint256 key = op->sourceAccount->ed25519;
		op->sourceAccount->type = SDEX_KEY_TYPE_MUXED_ED25519;
		op->sourceAccount->med25519 = (sdex_MuxedAccountMed25519){number, key};
		return op;
	}
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (script_shape(run, &got, operations[i].shape, words + 1, count - 1))
			return operations[i].make(run, who, &got, made);
	sdex_Operation *op = script_entry_op(run, words, count);
	if (!op)
		script_fail(run, "no operation reads like this");
	return op;
}
