/* stellar/test_transaction.c - transactions are hashed as the network does it, and
 * refused by the rule that they break. */
#include "base/testing_corpus.h"
#include "sdex/result.h"
#include "sdex/signature.h"

static struct sdex_arena *arena;
static struct sdex_failure why;
static sdex_AccountID alice = {.ed25519 = {{0xaa}}}, bob = {.ed25519 = {{0xbb}}};

static int set_up(void **state)
{
	(void)state;
	arena = sdex_arena_new(0);
	memset(&why, 0, sizeof why);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sdex_arena_free(arena);
	return 0;
}

static sdex_Hash network(const char *passphrase)
{
	return sdex_network_id(passphrase, strlen(passphrase));
}

static void hex_is(const uint8_t *bytes, const char *expected)
{
	char text[65];
	assert_int_equal(sdex_hex_encode(text, sizeof text, NULL, bytes, 32), SDEX_OK);
	assert_string_equal(text, expected);
}

/* The ids that Horizon and the SDKs name for these passphrases. */
static void network_ids(void **state)
{
	(void)state;
	hex_is(network(SDEX_PASSPHRASE_PUBLIC).bytes,
	       "7ac33997544e3175d266bd022439b22cdb16508c01163f26e5cb2a3e1045a979");
	hex_is(network(SDEX_PASSPHRASE_TESTNET).bytes,
	       "cee0302d59844d32bdca915c8203dd44b33fbb7edc19051ea37abedf28ecd472");
}

struct vector {
	const char *hash, *envelope;
};

/* Transactions of pubnet, ledgers 63800108 and on (2026-08-04), with the hashes by which
 * the network lists them: a ChangeTrust and a fee bump. */
static const struct vector pubnet[] = {
	{"a9f2662bca3d3a2aeafc7e9e27568e394ce8a8a940226aabc3a9bd78aba03fa2",
	 "AAAAAgAAAAAI+57rEboFiAeFNJRuSh8gLkelB2z3JFFpKgZW80NyKwAAJxADs8q+AA2qKAAAAAEAAAAA"
	 "AAAAAAAAAABqckhiAAAAAAAAAAEAAAAAAAAABgAAAAJQQUxMQURJVU0AAAAAAAAActewXwv9xJ2579zi"
	 "o9ZtOoWqXc3KwMezZHorPP24ddJ//////////wAAAAAAAAAB80NyKwAAAEC0poC8kJkG1QiEnfkWyOQi"
	 "OmMys1gWSofNn5eUR5ym22VuYiMIzdlmMp2UpLvpw1pjTnEKVg9fuumf3WJQ82gF"},
	{"6e2db79572935c782facd40551488674a42f507b49c5a0e443080db1bea48ff7",
	 "AAAABQAAAADSs+i/GFHjC1pP8Um8BCxlZRusb2MiaM52KTdwJ/eWcgAAAAAAAw1AAAAAAgAAAAC8h8b7"
	 "1jqFpIwWbFl1vI9boYQKDn3EUL6r/kQrG5mPkQAAAGQDrpAOAAAAEQAAAAAAAAAAAAAAAQAAAAAAAAAB"
	 "AAAAAG7mXbrhPsPRBtKJweskWrN23gZ8M1dT9L2O3KonLqduAAAAAVVTREMAAAAAO5kROA7+mIugqJAO"
	 "sc/kTzZvfb6Ua+0HckD39iTfFcUAAAAAA0EhQAAAAAAAAAAB29gvegAAAED4OHBp1N4y8tiC4vAz9Zk6"
	 "jLXj3YVddnwj+MBkIAKBvmfQ8nxeHU6oWWbs832Altmg8/GjHzRaK7EKPi1dK8UAAAAAAAAAAAEn95Zy"
	 "AAAAQFGWMxLTImaBbjElpwxnhghLD1S9nARVSphlXDKmYgxK7Ea6d4QWhNfMykMWlm6HqdBc1SzVCSGt"
	 "tfWa+E0VTw8="},
};

static void real_hashes(void **state)
{
	(void)state;
	const sdex_Hash id = network(SDEX_PASSPHRASE_PUBLIC);
	for (size_t i = 0; i < sizeof pubnet / sizeof pubnet[0]; i++) {
		sdex_TransactionEnvelope *envelope = NULL;
		sdex_Hash hash;
		struct sdex_bytes payload;
		char text[2048];
		size_t length = 0;
		assert_int_equal(sdex_tx_from_base64(&envelope, arena, pubnet[i].envelope,
						     strlen(pubnet[i].envelope), &why),
				 SDEX_OK);
		assert_int_equal(sdex_tx_check(envelope, NULL, &why), SDEX_OK);
		assert_int_equal(sdex_tx_hash(&hash, arena, envelope, &id, &why), SDEX_OK);
		hex_is(hash.bytes, pubnet[i].hash);
		assert_int_equal(sdex_tx_payload(&payload, arena, envelope, &id, &why), SDEX_OK);
		sdex_sha256(hash.bytes, payload.data, payload.size);
		hex_is(hash.bytes, pubnet[i].hash);
		assert_int_equal(sdex_tx_to_base64(text, sizeof text, &length, envelope, &why),
				 SDEX_OK);
		assert_string_equal(text, pubnet[i].envelope);
		assert_int_equal(length, strlen(text));
		memset(text, 'x', length);
		assert_int_equal(sdex_tx_to_base64(text, length, NULL, envelope, &why),
				 SDEX_ERR_SPACE);
		assert_int_equal(strspn(text, "x"), length);
		assert_non_null(strstr(why.text, "room"));
		assert_int_equal(why.where, length + 1);
		assert_int_equal(sdex_tx_signatures(envelope).count, 1);
	}
	sdex_TransactionEnvelope *none;
	assert_int_equal(sdex_tx_from_base64(&none, arena, "AAAA", 4, &why), SDEX_ERR_TRUNCATED);
	assert_int_equal(sdex_tx_from_base64(&none, arena, "A*AA", 4, &why), SDEX_ERR_CHARACTER);
}

/* A transaction of `count` payments that breaks no rule. */
struct sample {
	sdex_Operation operations[101];
	sdex_PreconditionsV2 v2;
	sdex_TimeBounds time;
	sdex_LedgerBounds ledgers;
	int64_t min_sequence;
	sdex_SignerKey signers[3];
	sdex_Transaction tx;
	sdex_TransactionEnvelope envelope;
};

static struct sample *sample(uint32_t count)
{
	const sdex_Asset xlm = {.type = SDEX_ASSET_TYPE_NATIVE};
	const sdex_MuxedAccount to = sdex_muxed(&bob);
	struct sample *s = sdex_arena_alloc(arena, sizeof *s);
	memset(s, 0, sizeof *s);
	for (uint32_t i = 0; i < count && i < 101; i++)
		assert_int_equal(sdex_op_payment(&s->operations[i], arena, NULL, &to, &xlm,
						 sdex_stroops(i + 1), &why),
				 SDEX_OK);
	s->tx = (sdex_Transaction){.sourceAccount = sdex_muxed(&alice),
				   .fee = 100 * count,
				   .seqNum = 5,
				   .operations = {s->operations, count}};
	s->v2 = (sdex_PreconditionsV2){.timeBounds = &s->time,
				       .ledgerBounds = &s->ledgers,
				       .minSeqNum = &s->min_sequence,
				       .extraSigners = {s->signers, 0}};
	for (uint8_t i = 0; i < 3; i++)
		s->signers[i] = sdex_signer_hash_x((uint8_t[32]){i});
	return s;
}

static enum sdex_error make(struct sample *s, const struct sdex_network_limits *limits)
{
	memset(&why, 0, sizeof why);
	memset(&s->envelope, 0, sizeof s->envelope);
	return sdex_tx_make(&s->envelope, arena, &s->tx, limits, &why);
}

static void made(struct sample *s, const struct sdex_network_limits *limits)
{
	if (make(s, limits))
		fail_msg("%s", why.text);
	assert_int_equal(s->envelope.type, SDEX_ENVELOPE_TYPE_TX);
}

static bool seen[100];

static void is_rule(enum sdex_error error, enum sdex_rule_number rule)
{
	const struct sdex_rule *row = sdex_rule_by_number(rule);
	assert_int_equal(error, SDEX_ERR_MALFORMED);
	if (why.rule != rule)
		fail_msg("rule %s expected, got %u: %s", row->name, why.rule, why.text);
	assert_non_null(strstr(why.text, row->network));
	assert_non_null(strstr(why.text, row->expected));
	if (rule < 100)
		seen[rule] = true;
}

static void refused(struct sample *s, const struct sdex_network_limits *limits,
		    enum sdex_rule_number rule)
{
	is_rule(make(s, limits), rule);
	assert_null(s->envelope.v1);
}

#define REFUSED(s, rule) refused(s, NULL, SDEX_RULE_##rule)

static void shape(void **state)
{
	(void)state;
	struct sample *s = sample(1);
	made(s, NULL);
	made(sample(100), NULL);
	REFUSED(sample(101), TX_OPERATIONS_MANY);
	REFUSED(sample(0), TX_OPERATIONS_NONE);
	s->tx.fee = 99;
	REFUSED(s, TX_FEE);
	made(s, &(struct sdex_network_limits){.protocol = 28, .base_fee = 99});
	s->tx.fee = 100;
	s->tx.seqNum = -1;
	REFUSED(s, TX_SEQUENCE);
	s->tx.seqNum = 0; /* challenges (SEP-10) have 0 on purpose */
	made(s, NULL);
	s->tx.memo = sdex_memo_text("123456789 123456789 12345678", 28);
	made(s, NULL);
	s->tx.memo = sdex_memo_text("123456789 123456789 123456789", 29);
	REFUSED(s, TX_MEMO_TEXT);
	assert_int_equal(sdex_memo_text("", (size_t)UINT32_MAX + 5).text.size, UINT32_MAX);

	s = sample(3);
	s->operations[2].body.paymentOp->amount = 0;
	REFUSED(s, PAYMENT_AMOUNT);
	assert_int_equal(why.where, 2);
	assert_non_null(strstr(why.text, "operations[2] Payment.amount"));
	assert_int_equal(make(s, &(struct sdex_network_limits){.protocol = 29}),
			 SDEX_ERR_UNSUPPORTED);

	sdex_DecoratedSignature signatures[21] = {0};
	s = sample(1);
	made(s, NULL);
	s->envelope.v1->signatures = (sdex_DecoratedSignature_list){signatures, 21};
	is_rule(sdex_tx_check(&s->envelope, NULL, &why), SDEX_RULE_TX_SIGNATURES_MANY);
	s->envelope.v1->signatures.count = 20;
	assert_int_equal(sdex_tx_check(&s->envelope, NULL, &why), SDEX_OK);
}

/* The source of the transaction is that of its operations. */
static void sources(void **state)
{
	(void)state;
	struct sample *s = sample(2);
	const sdex_MuxedAccount self = sdex_muxed_with_id(&alice, 3), other = sdex_muxed(&bob);
	assert_int_equal(sdex_op_account_merge(&s->operations[1], arena, NULL, &self, &why),
			 SDEX_OK);
	REFUSED(s, ACCOUNT_MERGE_SELF);
	assert_int_equal(sdex_op_account_merge(&s->operations[1], arena, &other, &self, &why),
			 SDEX_OK);
	made(s, NULL);
	s->tx.sourceAccount = other;
	made(s, NULL);
}

static void preconditions(void **state)
{
	(void)state;
	struct sample *s = sample(1);
	s->tx.cond = sdex_preconditions_time(5, 0);
	made(s, NULL);
	s->tx.cond = sdex_preconditions_time(5, 5);
	made(s, NULL);
	s->tx.cond = sdex_preconditions_time(6, 5);
	REFUSED(s, TX_TIME_BOUNDS);

	s->tx.cond = sdex_preconditions(&s->v2);
	assert_int_equal(s->tx.cond.type, SDEX_PRECOND_V2);
	made(s, NULL);
	refused(s, &(struct sdex_network_limits){.protocol = 18}, SDEX_RULE_TX_PRECONDITIONS_OLD);
	s->time = (sdex_TimeBounds){2, 1};
	REFUSED(s, TX_TIME_BOUNDS);
	s->time.maxTime = 0;
	s->ledgers = (sdex_LedgerBounds){7, 7};
	REFUSED(s, TX_LEDGER_BOUNDS);
	s->ledgers.maxLedger = 8;
	made(s, NULL);
	s->min_sequence = 5;
	REFUSED(s, TX_MIN_SEQUENCE);
	s->min_sequence = 4;
	made(s, NULL);
	s->v2.minSeqNum = NULL;
	s->v2.extraSigners.count = 2;
	made(s, NULL);
	s->v2.extraSigners.count = 3;
	REFUSED(s, TX_EXTRA_SIGNERS_MANY);
	s->v2.extraSigners.count = 2;
	s->signers[1] = s->signers[0];
	REFUSED(s, TX_EXTRA_SIGNERS_SAME);
	sdex_SignerKeyEd25519SignedPayload payload = {.payload = {(const uint8_t *)"x", 0}};
	s->signers[1] = (sdex_SignerKey){.type = SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD,
					 .ed25519SignedPayload = &payload};
	REFUSED(s, TX_EXTRA_SIGNER_PAYLOAD);
	payload.payload.size = 1;
	made(s, NULL);
	s->tx.cond.type = (sdex_PreconditionType)3;
	assert_int_equal(make(s, NULL), SDEX_ERR_DISCRIMINANT);

	/* the smallest form that says it */
	sdex_PreconditionsV2 v2 = {0};
	assert_int_equal(sdex_preconditions(&v2).type, SDEX_PRECOND_NONE);
	v2.timeBounds = &s->time;
	assert_int_equal(sdex_preconditions(&v2).type, SDEX_PRECOND_TIME);
	assert_int_equal(sdex_preconditions(&v2).timeBounds.minTime, 2);
	v2.minSeqAge = 1;
	assert_int_equal(sdex_preconditions(&v2).type, SDEX_PRECOND_V2);
	v2 = (sdex_PreconditionsV2){.minSeqLedgerGap = 1};
	assert_int_equal(sdex_preconditions(&v2).type, SDEX_PRECOND_V2);
}

static void memos(void **state)
{
	(void)state;
	const sdex_Hash hash = {{1, 2}};
	assert_int_equal(sdex_memo_none().type, SDEX_MEMO_NONE);
	assert_int_equal(sdex_memo_id(UINT64_MAX).id, UINT64_MAX);
	assert_int_equal(sdex_memo_hash(&hash).type, SDEX_MEMO_HASH);
	assert_memory_equal(sdex_memo_hash(&hash).hash.bytes, hash.bytes, 32);
	assert_int_equal(sdex_memo_return(&hash).type, SDEX_MEMO_RETURN);
	assert_memory_equal(sdex_memo_return(&hash).retHash.bytes, hash.bytes, 32);
}

static void v0_is_hashed_as_v1(void **state)
{
	(void)state;
	const sdex_Hash id = network(SDEX_PASSPHRASE_TESTNET);
	for (int timed = 0; timed < 2; timed++) {
		struct sample *s = sample(2);
		sdex_TransactionEnvelope v0, v1;
		sdex_Hash hash, hash_v1, hash_s;
		uint8_t bytes[1000], bytes_v1[1000];
		size_t size, size_v1;
		if (timed)
			s->tx.cond = sdex_preconditions_time(1, 2);
		made(s, NULL);
		assert_int_equal(sdex_tx_make_v0(&v0, arena, &s->tx, NULL, &why), SDEX_OK);
		assert_int_equal(v0.type, SDEX_ENVELOPE_TYPE_TX_V0);
		assert_int_equal(sdex_tx_to_v1(&v1, arena, &v0), SDEX_OK);
		assert_true(sdex_TransactionEnvelope_equal(&v1, &s->envelope));
		assert_int_equal(sdex_tx_hash(&hash, arena, &v0, &id, &why), SDEX_OK);
		assert_int_equal(sdex_tx_hash(&hash_v1, arena, &v1, &id, &why), SDEX_OK);
		assert_int_equal(sdex_tx_hash(&hash_s, arena, &s->envelope, &id, &why), SDEX_OK);
		assert_memory_equal(&hash, &hash_v1, 32);
		assert_memory_equal(&hash, &hash_s, 32);
		assert_int_equal(sdex_TransactionEnvelope_encode(bytes, 1000, &size, &v0, &why), 0);
		assert_int_equal(
			sdex_TransactionEnvelope_encode(bytes_v1, 1000, &size_v1, &v1, &why), 0);
		assert_int_equal(size + 4, size_v1); /* the key type of the source */
		assert_int_equal(sdex_tx_operations(&v0).count, 2);
		assert_int_equal(sdex_tx_sequence(&v0), 5);
		assert_int_equal(sdex_tx_memo(&v0).type, SDEX_MEMO_NONE);
		sdex_MuxedAccount source = sdex_tx_source(&v0);
		assert_true(sdex_MuxedAccount_equal(&source, &s->tx.sourceAccount));
	}
	struct sample *s = sample(1);
	sdex_TransactionEnvelope v0;
	s->tx.sourceAccount = sdex_muxed_with_id(&alice, 1);
	is_rule(sdex_tx_make_v0(&v0, arena, &s->tx, NULL, &why), SDEX_RULE_TX_V0_SOURCE);
	s->tx.sourceAccount = sdex_muxed(&alice);
	s->tx.cond = sdex_preconditions(&s->v2);
	is_rule(sdex_tx_make_v0(&v0, arena, &s->tx, NULL, &why), SDEX_RULE_TX_V0_PRECONDITIONS);
	s->tx.cond.type = SDEX_PRECOND_NONE;
	s->tx.ext.v = 1;
	is_rule(sdex_tx_make_v0(&v0, arena, &s->tx, NULL, &why), SDEX_RULE_TX_V0_SOROBAN);
	s->tx.ext.v = 0;
	s->tx.fee = 1;
	is_rule(sdex_tx_make_v0(&v0, arena, &s->tx, NULL, &why), SDEX_RULE_TX_FEE);
}

static enum sdex_error bump(sdex_TransactionEnvelope *out, struct sample *s, int64_t fee,
			    const struct sdex_network_limits *limits)
{
	const sdex_MuxedAccount payer = sdex_muxed(&bob);
	memset(&why, 0, sizeof why);
	return sdex_tx_make_fee_bump(out, arena, &payer, sdex_stroops(fee), &s->envelope, limits,
				     &why);
}

static void fee_bumps(void **state)
{
	(void)state;
	struct sample *s = sample(3);
	sdex_TransactionEnvelope out = {0}, again;
	s->tx.fee = 700;
	s->tx.memo = sdex_memo_id(9);
	made(s, NULL);
	is_rule(bump(&out, s, 399, NULL), SDEX_RULE_FEE_BUMP_FEE);
	is_rule(bump(&out, s, -1, NULL), SDEX_RULE_FEE_BUMP_NEGATIVE);
	is_rule(bump(&out, s, 933, NULL), SDEX_RULE_FEE_BUMP_RATE); /* 933/4 < 700/3 */
	assert_null(out.feeBump);
	assert_int_equal(bump(&out, s, 934, NULL), SDEX_OK);
	assert_int_equal(bump(&out, s, INT64_MAX, NULL), SDEX_OK);
	assert_int_equal(sdex_tx_operations(&out).count, 3);
	assert_int_equal(sdex_tx_sequence(&out), 5);
	assert_int_equal(sdex_tx_memo(&out).id, 9);
	assert_memory_equal(sdex_tx_source(&out).ed25519.bytes, &alice.ed25519, 32);
	assert_int_equal(sdex_tx_signatures(&out).count, 0);
	assert_int_equal(sdex_tx_to_v1(&again, arena, &out), SDEX_OK);
	assert_true(sdex_TransactionEnvelope_equal(&again, &out));

	/* the inner fee is not the network's concern, its rules are */
	s->tx.fee = 0;
	s->envelope.v1->tx.fee = 0;
	assert_int_equal(bump(&out, s, 400, NULL), SDEX_OK);
	s->envelope.v1->tx.seqNum = -1;
	is_rule(bump(&out, s, 400, NULL), SDEX_RULE_TX_SEQUENCE);
	s->envelope.v1->tx.seqNum = 1;
	s->operations[1].body.paymentOp->amount = -1;
	is_rule(bump(&out, s, 400, NULL), SDEX_RULE_PAYMENT_AMOUNT);
	s->operations[1].body.paymentOp->amount = 1;

	struct sample outer = {.envelope = out};
	is_rule(bump(&again, &outer, 4000, NULL), SDEX_RULE_FEE_BUMP_INNER);
	out.feeBump->tx.innerTx.type = SDEX_ENVELOPE_TYPE_TX_FEE_BUMP;
	is_rule(sdex_tx_check(&out, NULL, &why), SDEX_RULE_FEE_BUMP_INNER);
	out.feeBump->tx.innerTx.type = SDEX_ENVELOPE_TYPE_TX;
	out.feeBump->signatures.count = 21;
	is_rule(sdex_tx_check(&out, NULL, &why), SDEX_RULE_TX_SIGNATURES_MANY);

	/* a v0 transaction is bumped as the v1 that it stands for */
	struct sample *old = sample(1);
	const sdex_Hash id = network(SDEX_PASSPHRASE_TESTNET);
	sdex_Hash inner_hash, old_hash;
	assert_int_equal(sdex_tx_make_v0(&old->envelope, arena, &old->tx, NULL, &why), SDEX_OK);
	assert_int_equal(bump(&out, old, 200, NULL), SDEX_OK);
	sdex_TransactionEnvelope inner = {.type = SDEX_ENVELOPE_TYPE_TX,
					  .v1 = out.feeBump->tx.innerTx.v1};
	assert_int_equal(sdex_tx_hash(&inner_hash, arena, &inner, &id, &why), SDEX_OK);
	assert_int_equal(sdex_tx_hash(&old_hash, arena, &old->envelope, &id, &why), SDEX_OK);
	assert_memory_equal(&inner_hash, &old_hash, 32);
}

/* A Soroban transaction: one operation, and data with a footprint of up to 4 keys each way. */
struct call {
	struct sample *s;
	sdex_SorobanTransactionData data;
	sdex_LedgerKey read[4], write[4];
	sdex_LedgerKeyContractData entries[8];
	uint32_t archived[4];
};

static struct call *call(sdex_OperationType type)
{
	struct call *c = sdex_arena_alloc(arena, sizeof *c);
	memset(c, 0, sizeof *c);
	c->s = sample(1);
	static sdex_InvokeContractArgs args;
	args.contractAddress.type = SDEX_SC_ADDRESS_TYPE_CONTRACT;
	args.functionName = (struct sdex_bytes){(const uint8_t *)"f", 1};
	sdex_HostFunction function = {.type = SDEX_HOST_FUNCTION_TYPE_INVOKE_CONTRACT,
				      .invokeContract = &args};
	sdex_Operation *op = &c->s->operations[0];
	enum sdex_error error =
		type == SDEX_INVOKE_HOST_FUNCTION
			? sdex_op_invoke_host_function(op, arena, NULL, &function, NULL, 0, &why)
		: type == SDEX_EXTEND_FOOTPRINT_TTL
			? sdex_op_extend_footprint_ttl(op, arena, NULL, 10, &why)
			: sdex_op_restore_footprint(op, arena, NULL, &why);
	assert_int_equal(error, SDEX_OK);
	for (uint8_t i = 0; i < 8; i++) {
		c->entries[i] = (sdex_LedgerKeyContractData){
			.contract = {.type = SDEX_SC_ADDRESS_TYPE_CONTRACT, .contractId = {{i}}},
			.key = {.type = SDEX_SCV_U32, .u32 = 7},
			.durability = SDEX_PERSISTENT};
		*(i < 4 ? &c->read[i] : &c->write[i - 4]) = (sdex_LedgerKey){
			.type = SDEX_CONTRACT_DATA, .contractData = &c->entries[i]};
	}
	c->data.resources.footprint.readOnly.items = c->read;
	c->data.resources.footprint.readWrite.items = c->write;
	c->data.ext.resourceExt.archivedSorobanEntries.items = c->archived;
	c->s->tx.ext.v = 1;
	c->s->tx.ext.sorobanData = &c->data;
	return c;
}

static void soroban_alone(void **state)
{
	(void)state;
	const struct sdex_network_limits p24 = {.protocol = 24, .base_fee = 100};
	const struct sdex_network_limits p20 = {.protocol = 20, .base_fee = 100};
	struct call *c = call(SDEX_INVOKE_HOST_FUNCTION);
	made(c->s, NULL);
	c->s->operations[1] = c->s->operations[0];
	c->s->tx.operations.count = 2;
	c->s->tx.fee = 200;
	REFUSED(c->s, TX_SOROBAN_ALONE);
	struct sample *mixed = sample(2);
	mixed->operations[1] = c->s->operations[0];
	REFUSED(mixed, TX_SOROBAN_ALONE);
	c->s->tx.operations.count = 1;
	c->s->tx.ext.v = 0;
	REFUSED(c->s, TX_SOROBAN_DATA_MISSING);
	struct sample *classic = sample(1);
	classic->tx.ext = (sdex_TransactionExt){.v = 1, .sorobanData = &c->data};
	REFUSED(classic, TX_SOROBAN_DATA_EXTRA);
	made(classic, &p20);
	c->data.resourceFee = 100; /* nobody asks for it */
	made(classic, &p20);
	c->data.resourceFee = INT64_MIN;
	made(classic, &p20);
	c->data.resourceFee = 0;

	c = call(SDEX_INVOKE_HOST_FUNCTION);
	c->s->tx.memo = sdex_memo_id(1);
	REFUSED(c->s, TX_SOROBAN_MEMO);
	made(c->s, &p24);
	c->s->tx.memo = sdex_memo_none();
	c->s->tx.sourceAccount = sdex_muxed_with_id(&alice, 1);
	REFUSED(c->s, TX_SOROBAN_MUXED);
	c->s->tx.sourceAccount = sdex_muxed(&alice);
	c->s->operations[0].sourceAccount =
		&(sdex_MuxedAccount){.type = SDEX_KEY_TYPE_MUXED_ED25519, .med25519 = {.id = 1}};
	REFUSED(c->s, TX_SOROBAN_MUXED);
	c = call(SDEX_RESTORE_FOOTPRINT); /* only calls are held to it */
	c->s->tx.memo = sdex_memo_id(1);
	made(c->s, NULL);
}

static void soroban_fees(void **state)
{
	(void)state;
	const struct sdex_network_limits p22 = {.protocol = 22, .base_fee = 100};
	struct call *c = call(SDEX_INVOKE_HOST_FUNCTION);
	sdex_TransactionEnvelope out;
	c->data.resourceFee = -1;
	REFUSED(c->s, TX_RESOURCE_FEE);
	c->data.resourceFee = ((int64_t)1 << 50) + 1;
	REFUSED(c->s, TX_RESOURCE_FEE);
	c->data.resourceFee = 900;
	c->s->tx.fee = 899;
	REFUSED(c->s, TX_RESOURCE_FEE_COVER);
	c->s->tx.fee = 999;
	REFUSED(c->s, TX_FEE);
	c->s->tx.fee = 1000;
	made(c->s, NULL);
	is_rule(bump(&out, c->s, 1099, NULL), SDEX_RULE_FEE_BUMP_FEE);
	assert_int_equal(bump(&out, c->s, 1100, NULL), SDEX_OK);
	c->s->envelope.v1->tx.fee = 5; /* since protocol 23 a bump may pay it all */
	assert_int_equal(bump(&out, c->s, 1100, NULL), SDEX_OK);
	is_rule(bump(&out, c->s, 1100, &p22), SDEX_RULE_FEE_BUMP_INNER_FEE);
}

static void footprints(void **state)
{
	(void)state;
	struct call *c = call(SDEX_INVOKE_HOST_FUNCTION);
	sdex_LedgerKey_list *read = &c->data.resources.footprint.readOnly,
			    *write = &c->data.resources.footprint.readWrite;
	read->count = write->count = 4;
	made(c->s, NULL);
	c->entries[6] = c->entries[1];
	REFUSED(c->s, TX_FOOTPRINT_TWICE);
	c->entries[6].durability = SDEX_TEMPORARY; /* is part of the key */
	made(c->s, NULL);
	for (int type = SDEX_ACCOUNT; type <= SDEX_TTL; type++) {
		sdex_LedgerKeyTrustLine line = {.accountID = alice,
						.asset = {.type = SDEX_ASSET_TYPE_NATIVE}};
		sdex_LedgerKeyOffer offer = {0};
		sdex_LedgerKeyData data = {0};
		c->read[2] = (sdex_LedgerKey){.type = (sdex_LedgerEntryType)type};
		if (type == SDEX_TRUSTLINE)
			c->read[2].trustLine = &line;
		else if (type == SDEX_OFFER)
			c->read[2].offer = &offer;
		else if (type == SDEX_DATA)
			c->read[2].data = &data;
		else if (type == SDEX_CONTRACT_DATA)
			c->read[2].contractData = &c->entries[2];
		if (type == SDEX_TRUSTLINE)
			REFUSED(c->s, TX_FOOTPRINT_TRUSTLINE);
		else if (type == SDEX_ACCOUNT || type == SDEX_CONTRACT_DATA ||
			 type == SDEX_CONTRACT_CODE)
			made(c->s, NULL);
		else
			REFUSED(c->s, TX_FOOTPRINT_KEY);
	}
	sdex_LedgerKeyTrustLine line = {
		.accountID = alice,
		.asset = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4, .alphaNum4 = {{"AB"}, bob}}};
	c->write[2] = (sdex_LedgerKey){.type = SDEX_TRUSTLINE, .trustLine = &line};
	c->read[2] = (sdex_LedgerKey){.type = SDEX_CONTRACT_CODE};
	made(c->s, NULL);
	line.accountID = bob;
	REFUSED(c->s, TX_FOOTPRINT_TRUSTLINE);
	line.accountID = alice;
	line.asset.alphaNum4.assetCode.bytes[0] = ' ';
	REFUSED(c->s, TX_FOOTPRINT_TRUSTLINE);
}

static void huge_footprints_are_sorted(void **state)
{
	(void)state;
	struct call *c = call(SDEX_INVOKE_HOST_FUNCTION);
	enum { COUNT = 20000 };
	sdex_LedgerKey *keys = sdex_arena_alloc(arena, COUNT * sizeof *keys);
	for (uint32_t i = 0; i < COUNT; i++) {
		keys[i] = (sdex_LedgerKey){.type = SDEX_CONTRACT_CODE};
		memcpy(keys[i].contractCode.hash.bytes, &i, sizeof i);
	}
	c->data.resources.footprint.readOnly = (sdex_LedgerKey_list){keys, COUNT / 2};
	c->data.resources.footprint.readWrite = (sdex_LedgerKey_list){keys + COUNT / 2, COUNT / 2};
	made(c->s, NULL);
	keys[COUNT - 1] = keys[5];
	REFUSED(c->s, TX_FOOTPRINT_TWICE);
	/* 5 and COUNT - 1, in either order */
	assert_non_null(strstr(why.text, "19999"));
}

static void archived_entries(void **state)
{
	(void)state;
	const struct sdex_network_limits p22 = {.protocol = 22, .base_fee = 100};
	struct call *c = call(SDEX_INVOKE_HOST_FUNCTION);
	sdex_uint32_list *archived = &c->data.ext.resourceExt.archivedSorobanEntries;
	c->data.resources.footprint.readWrite.count = 4;
	c->data.ext.v = 1;
	archived->count = 2;
	c->archived[0] = 0;
	c->archived[1] = 3;
	made(c->s, NULL);
	refused(c->s, &p22, SDEX_RULE_TX_ARCHIVED_OLD);
	c->archived[1] = 4;
	REFUSED(c->s, TX_ARCHIVED_RANGE);
	c->archived[1] = 0;
	REFUSED(c->s, TX_ARCHIVED_ORDER);
	c->archived[1] = 2;
	c->entries[6].durability = SDEX_TEMPORARY;
	REFUSED(c->s, TX_ARCHIVED_KEY);
	c->write[2] = (sdex_LedgerKey){.type = SDEX_CONTRACT_CODE};
	made(c->s, NULL);
}

static void extend_and_restore(void **state)
{
	(void)state;
	struct call *c = call(SDEX_EXTEND_FOOTPRINT_TTL);
	c->data.resources.footprint.readOnly.count = 4;
	c->entries[1].durability = SDEX_TEMPORARY;
	made(c->s, NULL);
	c->data.resources.footprint.readWrite.count = 1;
	REFUSED(c->s, EXTEND_FOOTPRINT_TTL_READ_WRITE);
	c->data.resources.footprint.readWrite.count = 0;
	c->read[3] = (sdex_LedgerKey){.type = SDEX_ACCOUNT, .account = {alice}};
	REFUSED(c->s, EXTEND_FOOTPRINT_TTL_KEY);

	c = call(SDEX_RESTORE_FOOTPRINT);
	c->data.resources.footprint.readWrite.count = 4;
	made(c->s, NULL);
	c->entries[5].durability = SDEX_TEMPORARY;
	REFUSED(c->s, RESTORE_FOOTPRINT_KEY);
	c->data.resources.footprint.readOnly.count = 1;
	REFUSED(c->s, RESTORE_FOOTPRINT_READ_ONLY);
}

static void voted_limits(void **state)
{
	(void)state;
	const struct sdex_network_limits room = {.protocol = 28,
						 .base_fee = 100,
						 .max_key_size = 52,
						 .tx_max_size = 732,
						 .tx_max_disk_reads = 1,
						 .tx_max_disk_bytes = 10,
						 .tx_max_writes = 4,
						 .tx_max_write_bytes = 10,
						 .tx_max_footprint = 8,
						 .tx_max_instructions = 1000};
	struct sdex_network_limits tight = room;
	struct call *c = call(SDEX_INVOKE_HOST_FUNCTION);
	sdex_SorobanResources *r = &c->data.resources;
	r->footprint.readOnly.count = r->footprint.readWrite.count = 4;
	r->instructions = 1000;
	r->diskReadBytes = r->writeBytes = 10;
	c->read[1] = (sdex_LedgerKey){.type = SDEX_ACCOUNT, .account = {alice}};
	made(c->s, &room);
#define TIGHTER(field, rule)                                \
	do {                                                \
		tight = room;                               \
		tight.field--;                              \
		refused(c->s, &tight, SDEX_RULE_TX_##rule); \
	} while (0)
	TIGHTER(max_key_size, KEY_SIZE);
	TIGHTER(tx_max_disk_bytes, READ_BYTES);
	TIGHTER(tx_max_writes, WRITE_ENTRIES);
	TIGHTER(tx_max_write_bytes, WRITE_BYTES);
	TIGHTER(tx_max_footprint, FOOTPRINT_ENTRIES);
	TIGHTER(tx_max_instructions, INSTRUCTIONS);
	size_t size;
	made(c->s, NULL);
	assert_int_equal(sdex_xdr_size(SDEX_TYPE_TransactionEnvelope, &size, &c->s->envelope, &why),
			 SDEX_OK);
	tight.tx_max_size = (uint32_t)size;
	tight.tx_max_instructions++;
	made(c->s, &tight);
	tight.tx_max_size--;
	refused(c->s, &tight, SDEX_RULE_TX_SIZE);

	/* archived entries come from disk, and so does all that is not a contract's */
	c->data.ext.v = 1;
	c->data.ext.resourceExt.archivedSorobanEntries.count = 1;
	refused(c->s, &room, SDEX_RULE_TX_READ_ENTRIES);
	tight = room;
	tight.tx_max_disk_reads = 2;
	tight.tx_max_size = 0;
	made(c->s, &tight);
	tight.protocol = 22; /* everything came from disk */
	c->data.ext.v = 0;
	refused(c->s, &tight, SDEX_RULE_TX_READ_ENTRIES);
	tight.tx_max_disk_reads = 8;
	made(c->s, &tight);
	struct call *restore = call(SDEX_RESTORE_FOOTPRINT);
	restore->data.resources.footprint.readWrite.count = 4;
	tight = (struct sdex_network_limits){.protocol = 28, .tx_max_disk_reads = 3};
	refused(restore->s, &tight, SDEX_RULE_TX_READ_ENTRIES);
	tight.tx_max_disk_reads = 4;
	made(restore->s, &tight);
#undef TIGHTER
}

static void what_is_no_envelope(void **state)
{
	(void)state;
	const sdex_Hash id = network(SDEX_PASSPHRASE_TESTNET);
	sdex_Hash hash;
	for (int type = SDEX_ENVELOPE_TYPE_SCP;
	     type <= SDEX_ENVELOPE_TYPE_SOROBAN_AUTHORIZATION_WITH_ADDRESS; type++) {
		sdex_TransactionEnvelope none = {.type = (sdex_EnvelopeType)type};
		if (type != SDEX_ENVELOPE_TYPE_TX && type != SDEX_ENVELOPE_TYPE_TX_FEE_BUMP)
			assert_int_equal(sdex_tx_hash(&hash, arena, &none, &id, &why),
					 SDEX_ERR_DISCRIMINANT);
	}
	/* a transaction that is larger than any guess, and one that does not fit */
	struct sample *s = sample(1);
	struct sdex_bytes code = {sdex_arena_alloc(arena, 100000), 100000};
	memset((uint8_t *)(uintptr_t)code.data, 1, code.size);
	sdex_HostFunction upload = {.type = SDEX_HOST_FUNCTION_TYPE_UPLOAD_CONTRACT_WASM,
				    .wasm = code};
	sdex_SorobanTransactionData data = {0};
	s->tx.ext = (sdex_TransactionExt){.v = 1, .sorobanData = &data};
	assert_int_equal(sdex_op_invoke_host_function(&s->operations[0], arena, NULL, &upload, NULL,
						      0, &why),
			 SDEX_OK);
	made(s, NULL);
	struct sdex_bytes payload;
	assert_int_equal(sdex_tx_payload(&payload, arena, &s->envelope, &id, &why), SDEX_OK);
	sdex_TransactionSignaturePayload *whole = NULL;
	assert_int_equal(sdex_TransactionSignaturePayload_decode(&whole, arena, payload.data,
								 payload.size, &why),
			 SDEX_OK);
	assert_true(sdex_Transaction_equal(whole->taggedTransaction.tx, &s->tx));
	struct sdex_arena *small = sdex_arena_new(50000);
	assert_int_equal(sdex_tx_hash(&hash, small, &s->envelope, &id, &why), SDEX_ERR_NOMEM);
	assert_int_equal(sdex_tx_payload(&payload, small, &s->envelope, &id, &why), SDEX_ERR_NOMEM);
	char text[8];
	size_t length;
	sdex_arena_free(small);
	small = sdex_arena_new(64);
	sdex_TransactionEnvelope out, v0;
	sdex_TransactionEnvelope *read;
	assert_int_equal(sdex_tx_make(&out, small, &s->tx, NULL, &why), SDEX_ERR_NOMEM);
	assert_int_equal(sdex_tx_from_base64(&read, small, pubnet[0].envelope, 300, &why),
			 SDEX_ERR_NOMEM);
	struct sample *classic = sample(1);
	assert_int_equal(sdex_tx_make_v0(&v0, arena, &classic->tx, NULL, &why), SDEX_OK);
	assert_int_equal(sdex_tx_make_v0(&out, small, &classic->tx, NULL, &why), SDEX_ERR_NOMEM);
	assert_int_equal(sdex_tx_to_v1(&out, small, &v0), SDEX_ERR_NOMEM);
	assert_int_equal(sdex_tx_make_fee_bump(&out, small, &s->tx.sourceAccount,
					       sdex_stroops(1000), &v0, NULL, &why),
			 SDEX_ERR_NOMEM);
	sdex_arena_free(small);
	/* a NULL where a transaction has to be */
	s->operations[0].body = (sdex_OperationBody){.type = SDEX_PAYMENT};
	assert_int_equal(sdex_tx_hash(&hash, arena, &s->envelope, &id, &why), SDEX_ERR_MISSING);
	assert_int_equal(sdex_tx_payload(&payload, arena, &s->envelope, &id, &why),
			 SDEX_ERR_MISSING);
	assert_int_equal(sdex_tx_to_base64(text, 8, &length, &s->envelope, &why), SDEX_ERR_MISSING);
}

/* --- real ledgers */

/* What a ledger says of its transactions: each envelope, and each hash with its result. */
struct ledger {
	struct sdex_arena *arena;
	sdex_Hash network;
	uint32_t protocol;
	uint32_t envelopes, matched;
	sdex_TransactionResultPair *pairs[2000];
	uint32_t pair_count;
	sdex_TransactionEnvelope *list[2000];
};

static enum sdex_visit gather(void *context, const struct sdex_found *found)
{
	struct ledger *l = context;
	sdex_LedgerHeader *header = NULL;
	if (found->type == SDEX_TYPE_LedgerHeader) {
		assert_int_equal(
			sdex_LedgerHeader_decode(&header, l->arena, found->data, found->size, &why),
			SDEX_OK);
		l->protocol = header->ledgerVersion;
	} else if (found->type == SDEX_TYPE_TransactionEnvelope) {
		assert_int_equal(sdex_TransactionEnvelope_decode(&l->list[l->envelopes++], l->arena,
								 found->data, found->size, &why),
				 SDEX_OK);
	} else {
		assert_int_equal(sdex_TransactionResultPair_decode(&l->pairs[l->pair_count++],
								   l->arena, found->data,
								   found->size, &why),
				 SDEX_OK);
	}
	return SDEX_VISIT_ON;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), n = strlen(end);
	return length >= n && strcmp(text + length - n, end) == 0;
}

/* What is in a ledger, done or failed, had passed the network's rules: it breaks none here,
 * and the network found nothing malformed in it. */
static void agree(const struct ledger *l, const sdex_TransactionEnvelope *envelope,
		  const sdex_TransactionResult *result)
{
	const struct sdex_network_limits limits = {.protocol = l->protocol, .base_fee = 100};
	sdex_OperationResult_list list = sdex_result_operations(result);
	if (sdex_tx_check(envelope, &limits, &why))
		fail_msg("the network took it, and we say %s", why.text);
	for (uint32_t i = 0; i < list.count; i++) {
		const struct sdex_code *code = sdex_op_result_code(&list.items[i]);
		assert_non_null(code);
		if (ends_with(code->name, "_MALFORMED") || !strcmp(code->name, "opNOT_SUPPORTED"))
			fail_msg("the network says %s of operation %u, we nothing", code->name, i);
	}
}

static void hash_ledger(struct ledger *l, const uint8_t *data, size_t size)
{
	static const enum sdex_type types[] = {SDEX_TYPE_LedgerHeader,
					       SDEX_TYPE_TransactionEnvelope,
					       SDEX_TYPE_TransactionResultPair};
	struct sdex_visit_plan plan;
	assert_int_equal(sdex_visit_plan_init(&plan, types, 3), SDEX_OK);
	l->envelopes = l->pair_count = 0;
	assert_int_equal(
		sdex_xdr_visit(SDEX_TYPE_LedgerCloseMeta, &plan, gather, l, data, size, NULL, &why),
		SDEX_OK);
	assert_int_equal(l->envelopes, l->pair_count);
	for (uint32_t i = 0; i < l->envelopes; i++) {
		sdex_Hash hash;
		uint32_t k = 0;
		assert_int_equal(sdex_tx_hash(&hash, l->arena, l->list[i], &l->network, &why),
				 SDEX_OK);
		while (k < l->pair_count && memcmp(&l->pairs[k]->transactionHash, &hash, 32))
			k++;
		if (k == l->pair_count)
			fail_msg("envelope %u hashes to what the ledger does not list", i);
		agree(l, l->list[i], &l->pairs[k]->result);
		l->matched++;
	}
}

static void pubnet_ledgers(void **state)
{
	(void)state;
	static const char *const names[] = {"46154623", "57500008", "63092988"};
	const char *folder = corpus();
	struct ledger *l = calloc(1, sizeof *l);
	l->network = network(SDEX_PASSPHRASE_PUBLIC);
	for (int i = 0; i < 3; i++) {
		char path[1000];
		size_t size;
		snprintf(path, sizeof path, "%s/pubnet/ledger-%s.xdr.gz", folder, names[i]);
		uint8_t *data = corpus_read(path, &size);
		l->arena = sdex_arena_new(0);
		hash_ledger(l, data, size);
		sdex_arena_free(l->arena);
		free(data);
	}
	assert_int_equal(l->matched, 682);
	free(l);
}

/* stellar-core's own tests, whose network's passphrase is in its src/test/test.cpp. */
static void core_ledgers(void **state)
{
	(void)state;
	static const char *const names[] = {
		"01a934d21d6aa937", "07c95288d49d06df", "0818f91bf50e070d", "084dee4b02745aa0",
		"16ba80aa94255ef1", "17d5554d10b7a5e0", "2fa9339745c0c86e", "4648651a80c5b3d5",
	};
	const char *folder = corpus();
	struct ledger *l = calloc(1, sizeof *l);
	l->network = network("(V) (;,,;) (V)");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char path[1000];
		size_t size, record_size;
		const uint8_t *record;
		snprintf(path, sizeof path, "%s/core/TxResultsTests/%s.xdr", folder, names[i]);
		uint8_t *data = corpus_read(path, &size);
		const uint8_t *rest = data;
		l->arena = sdex_arena_new(0);
		while (sdex_xdr_frame_next(&record, &record_size, &rest, &size) == SDEX_OK)
			hash_ledger(l, record, record_size);
		assert_int_equal(size, 0);
		sdex_arena_free(l->arena);
		free(data);
	}
	assert_int_equal(l->matched, 50);
	free(l);
}

/* Runs last: every rule about transactions was seen at work above. */
static void no_rule_was_forgotten(void **state)
{
	(void)state;
	for (size_t i = 0; sdex_rule_at(i); i++) {
		const struct sdex_rule *rule = sdex_rule_at(i);
		if (rule->number < 90 && !seen[rule->number])
			fail_msg("no test of %s", rule->name);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(network_ids),
		TEST(real_hashes),
		TEST(shape),
		TEST(sources),
		TEST(preconditions),
		TEST(memos),
		TEST(v0_is_hashed_as_v1),
		TEST(fee_bumps),
		TEST(soroban_alone),
		TEST(soroban_fees),
		TEST(footprints),
		TEST(huge_footprints_are_sorted),
		TEST(archived_entries),
		TEST(extend_and_restore),
		TEST(voted_limits),
		TEST(what_is_no_envelope),
		TEST(pubnet_ledgers),
		TEST(core_ledgers),
		TEST(no_rule_was_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
