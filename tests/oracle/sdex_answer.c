/* tests/oracle/sdex_answer.c - libsdex's answers to the oracle's questions (README.md).
 *
 * Uses the public API only.  A question is a line of fields separated by tabs, an
 * answer a line; what the library refuses is answered "refused" and the reason.
 * `sdex_answer types` prints the names of all types. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sdex/address.h"
#include "sdex/amount.h"
#include "sdex/arena.h"
#include "sdex/asset.h"
#include "sdex/bytes.h"
#include "sdex/ids.h"
#include "sdex/key.h"
#include "sdex/mnemonic.h"
#include "sdex/price.h"
#include "sdex/signature.h"
#include "sdex/soroban.h"
#include "sdex/strkey.h"
#include "sdex/xdr_json.h"
#include "sdex_build.h"

#define FIELDS_MAX 4

/* One question: its fields behind the kind, and what the answer needs. */
struct question {
	const char *field[FIELDS_MAX];
	size_t count;
	struct sdex_arena *arena; /* reset before each question */
	struct sdex_failure why;
};

typedef enum sdex_error answer_fn(struct question *q);

/* -- fields */

static enum sdex_error field_decode(struct question *q, size_t i, struct sdex_bytes *bytes,
				    bool base64)
{
	const char *text = q->field[i];
	const size_t length = strlen(text);
	const size_t room = base64 ? SDEX_BASE64_SIZE(length) : SDEX_HEX_SIZE(length);
	uint8_t *data = sdex_arena_alloc(q->arena, room);
	size_t size;
	if (!data)
		return SDEX_ERR_NOMEM;
	const enum sdex_error error =
		base64 ? sdex_base64_decode(data, room, &size, text, length, &q->why)
		       : sdex_hex_decode(data, room, &size, text, length, &q->why);
	if (!error)
		*bytes = (struct sdex_bytes){data, (uint32_t)size};
	return error;
}

static enum sdex_error field_base64(struct question *q, size_t i, struct sdex_bytes *bytes)
{
	return field_decode(q, i, bytes, true);
}

static enum sdex_error field_hex(struct question *q, size_t i, struct sdex_bytes *bytes)
{
	return field_decode(q, i, bytes, false);
}

static unsigned long field_number(const struct question *q, size_t i)
{
	return strtoul(q->field[i], NULL, 10);
}

static void print_hex(const void *data, size_t size)
{
	const uint8_t *byte = data;
	for (size_t i = 0; i < size; i++)
		printf("%02x", byte[i]);
}

static enum sdex_error print_base64(struct question *q, const void *data, size_t size)
{
	const size_t room = SDEX_BASE64_LENGTH(size) + 1;
	char *text = sdex_arena_alloc(q->arena, room);
	if (!text)
		return SDEX_ERR_NOMEM;
	const enum sdex_error error = sdex_base64_encode(text, room, NULL, data, size);
	if (!error)
		fputs(text, stdout);
	return error;
}

/* -- strkeys */

static uint32_t from_big_endian(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

/* The payloads of SEP-23, as the other SDKs hand them out, and back. */
static bool strkey_from_payload(struct sdex_strkey *key, char letter, struct sdex_bytes payload)
{
	const uint8_t *data = payload.data;
	switch (letter) {
#define LETTER(l, name, version, text)                                   \
	case l:                                                          \
		*key = (struct sdex_strkey){.kind = SDEX_STRKEY_##name}; \
		break;
		SDEX_STRKEY_KINDS(LETTER)
#undef LETTER
	default:
		return false;
	}
	if (letter == 'B')
		data++;
	memcpy(key->key, data, 32);
	if (letter == 'M')
		key->id = (uint64_t)from_big_endian(data + 32) << 32 | from_big_endian(data + 36);
	if (letter == 'P') {
		key->payload_size = from_big_endian(data + 32);
		memcpy(key->payload, data + 36, key->payload_size);
	}
	return true;
}

static void print_payload(char letter, const struct sdex_strkey *key)
{
	printf("%c\t%s", letter, letter == 'B' ? "00" : "");
	print_hex(key->key, 32);
	if (letter == 'M')
		printf("%016llx", (unsigned long long)key->id);
	if (letter == 'P') {
		printf("%08x", key->payload_size);
		print_hex(key->payload, (key->payload_size + 3) / 4 * 4);
	}
}

static enum sdex_error answer_address(struct question *q)
{
	const char letter = q->field[0][0];
	struct sdex_bytes payload;
	struct sdex_strkey key;
	char text[SDEX_STRKEY_ROOM];
	size_t length;
	enum sdex_error error = field_hex(q, 1, &payload);
	if (!error && letter == 'S') {
		struct sdex_secret secret;
		sdex_secret_from_seed(&secret, payload.data);
		sdex_secret_print(text, &secret);
	} else if (!error) {
		if (!strkey_from_payload(&key, letter, payload))
			return SDEX_ERR_UNKNOWN;
		error = sdex_strkey_encode(text, sizeof(text), &length, &key);
	}
	if (!error)
		fputs(text, stdout);
	return error;
}

static enum sdex_error answer_inspect(struct question *q)
{
	const char *text = q->field[0];
	struct sdex_secret secret;
	struct sdex_strkey key;
	if (text[0] == 'S') {
		const enum sdex_error error =
			sdex_secret_parse(&secret, text, strlen(text), &q->why);
		if (!error) {
			fputs("S\t", stdout);
			print_hex(secret.seed, sizeof(secret.seed));
		}
		return error;
	}
	const enum sdex_error error = sdex_strkey_decode(&key, text, strlen(text), &q->why);
	if (!error)
		print_payload(text[0], &key);
	return error;
}

/* -- keys */

static enum sdex_error answer_sep5(struct question *q)
{
	uint8_t seed[64];
	struct sdex_path path;
	struct sdex_secret secret;
	char address[59], text[SDEX_SECRET_ROOM];
	enum sdex_error error = sdex_path_account(&path, (uint32_t)field_number(q, 0));
	if (!error)
		error = sdex_mnemonic_seed(seed, q->field[2], strlen(q->field[2]), q->field[1],
					   strlen(q->field[1]), &q->why);
	if (!error)
		error = sdex_secret_derive(&secret, seed, sizeof(seed), &path);
	if (!error)
		error = sdex_strkey_encode_key(address, sizeof address, NULL, SDEX_STRKEY_ACCOUNT,
					       secret.public_key);
	if (error)
		return error;
	sdex_secret_print(text, &secret);
	printf("%s\t%s", address, text);
	return SDEX_OK;
}

static enum sdex_error sign_with(struct question *q,
				 void (*sign)(const struct sdex_secret *, uint8_t[64], const void *,
					      size_t))
{
	struct sdex_secret secret;
	struct sdex_bytes message;
	uint8_t signature[64];
	enum sdex_error error =
		sdex_secret_parse(&secret, q->field[0], strlen(q->field[0]), &q->why);
	if (!error)
		error = field_hex(q, 1, &message);
	if (error)
		return error;
	sign(&secret, signature, message.data, message.size);
	print_hex(signature, sizeof(signature));
	return SDEX_OK;
}

static enum sdex_error answer_sign(struct question *q)
{
	return sign_with(q, sdex_sign);
}

static enum sdex_error answer_message(struct question *q)
{
	return sign_with(q, sdex_message_sign);
}

/* -- amounts and prices */

static enum sdex_error answer_amount(struct question *q)
{
	struct sdex_amount amount;
	const char *text = q->field[0];
	const enum sdex_error error = sdex_amount_parse(&amount, text, strlen(text), &q->why);
	if (!error)
		printf("%lld", (long long)amount.stroops);
	return error;
}

static enum sdex_error answer_stroops(struct question *q)
{
	char text[SDEX_AMOUNT_ROOM];
	sdex_amount_print(text, sdex_stroops(strtoll(q->field[0], NULL, 10)));
	fputs(text, stdout);
	return SDEX_OK;
}

static enum sdex_error answer_price(struct question *q)
{
	sdex_Price price;
	const char *text = q->field[0];
	const enum sdex_error error =
		sdex_price_parse(&price, text, strlen(text), SDEX_ROUND_NEAREST, &q->why);
	if (!error)
		printf("%d/%d", price.n, price.d);
	return error;
}

/* -- ids */

static sdex_Hash field_network(const struct question *q, size_t i)
{
	return sdex_network_id(q->field[i], strlen(q->field[i]));
}

static enum sdex_error field_asset(struct question *q, size_t i, sdex_Asset *asset)
{
	const char *text = q->field[i];
	return sdex_asset_parse(asset, q->arena, text, strlen(text), false, &q->why);
}

static enum sdex_error print_key(enum sdex_strkey_kind kind, const uint8_t key[32])
{
	char text[59];
	const enum sdex_error error = sdex_strkey_encode_key(text, sizeof text, NULL, kind, key);
	if (!error)
		fputs(text, stdout);
	return error;
}

static enum sdex_error answer_contract(struct question *q)
{
	const sdex_Hash network = field_network(q, 0);
	sdex_Asset asset;
	sdex_ContractID id;
	enum sdex_error error = field_asset(q, 1, &asset);
	if (!error)
		error = sdex_asset_contract_id(&id, &network, &asset);
	return error ? error : print_key(SDEX_STRKEY_CONTRACT, id.bytes);
}

static enum sdex_error answer_deployed(struct question *q)
{
	const sdex_Hash network = field_network(q, 0);
	sdex_SCAddress deployer;
	sdex_ContractID id;
	struct sdex_bytes salt;
	enum sdex_error error =
		sdex_address_parse(&deployer, q->field[1], strlen(q->field[1]), &q->why);
	if (!error)
		error = field_hex(q, 2, &salt);
	if (!error)
		error = sdex_deployed_contract_id(&id, &network, &deployer, salt.data);
	return error ? error : print_key(SDEX_STRKEY_CONTRACT, id.bytes);
}

static enum sdex_error answer_pool(struct question *q)
{
	sdex_Asset a, b;
	sdex_PoolID id;
	enum sdex_error error = field_asset(q, 0, &a);
	if (!error)
		error = field_asset(q, 1, &b);
	if (!error)
		error = sdex_pool_id(&id, &a, &b);
	if (!error)
		print_hex(id.bytes, sizeof(id.bytes));
	return error;
}

static enum sdex_error answer_balance(struct question *q)
{
	sdex_AccountID source;
	sdex_ClaimableBalanceID id;
	char text[SDEX_BALANCE_ID_HEX_ROOM];
	const enum sdex_error error =
		sdex_account_parse(&source, q->field[0], strlen(q->field[0]), &q->why);
	if (error)
		return error;
	sdex_balance_id(&id, &source, strtoll(q->field[1], NULL, 10), (uint32_t)field_number(q, 2));
	sdex_balance_id_print_hex(text, &id);
	fputs(text, stdout);
	return SDEX_OK;
}

static enum sdex_error answer_toid(struct question *q)
{
	const struct sdex_toid place = {(uint32_t)field_number(q, 0), (uint32_t)field_number(q, 1),
					(uint32_t)field_number(q, 2)};
	int64_t id;
	const enum sdex_error error = sdex_toid_pack(&id, &place);
	if (!error)
		printf("%lld", (long long)id);
	return error;
}

/* -- XDR */

static enum sdex_error field_value(struct question *q, enum sdex_type *type, void **value)
{
	struct sdex_bytes data;
	enum sdex_error error = sdex_type_by_name(type, q->field[0]);
	if (!error)
		error = field_base64(q, 1, &data);
	if (!error)
		error = sdex_xdr_decode(*type, value, q->arena, data.data, data.size, NULL,
					&q->why);
	return error;
}

static enum sdex_error print_value(struct question *q, enum sdex_type type, const void *value)
{
	size_t size;
	enum sdex_error error = sdex_xdr_size(type, &size, value, &q->why);
	uint8_t *data = error ? NULL : sdex_arena_alloc(q->arena, size);
	if (!error)
		error = data ? sdex_xdr_encode(type, data, size, &size, value, &q->why)
			     : SDEX_ERR_NOMEM;
	return error ? error : print_base64(q, data, size);
}

static enum sdex_error answer_bytes(struct question *q)
{
	enum sdex_type type;
	void *value;
	const enum sdex_error error = field_value(q, &type, &value);
	return error ? error : print_value(q, type, value);
}

static enum sdex_error answer_json(struct question *q)
{
	enum sdex_type type;
	void *value;
	const char *text;
	size_t size;
	enum sdex_error error = field_value(q, &type, &value);
	if (!error)
		error = sdex_xdr_to_json_arena(type, &text, &size, q->arena, value,
					       SDEX_JSON_COMPACT, &q->why);
	if (!error)
		fwrite(text, 1, size, stdout);
	return error;
}

static enum sdex_error answer_xdr(struct question *q)
{
	enum sdex_type type;
	void *value;
	const char *text = q->field[1];
	enum sdex_error error = sdex_type_by_name(&type, q->field[0]);
	if (!error)
		error = sdex_xdr_from_json(type, &value, q->arena, text, strlen(text), NULL,
					   &q->why);
	return error ? error : print_value(q, type, value);
}

/* -- transactions */

/* Signs as one signer of the question says: S..., x:PREIMAGE or p:S...:PAYLOAD. */
static enum sdex_error sign_as(struct question *q, sdex_TransactionEnvelope *envelope,
			       const sdex_Hash *network, char *signer)
{
	struct sdex_secret secret;
	const struct sdex_secret *const key = &secret;
	struct sdex_bytes bytes = {NULL, 0};
	const char *kind = strsep(&signer, ":");
	const char *seed = kind;
	enum sdex_error error = SDEX_OK;
	if (signer) { /* hex follows behind the last colon */
		q->field[FIELDS_MAX - 1] = strrchr(signer, ':') ? strrchr(signer, ':') + 1 : signer;
		error = field_hex(q, FIELDS_MAX - 1, &bytes);
		seed = strsep(&signer, ":");
	}
	if (!error && kind[0] == 'x')
		return sdex_tx_sign_hash_x(envelope, q->arena, bytes.data, bytes.size, &q->why);
	if (!error)
		error = sdex_secret_parse(&secret, seed, strlen(seed), &q->why);
	if (!error && kind[0] == 'p')
		return sdex_tx_sign_payload(envelope, q->arena, key, bytes, &q->why);
	return error ? error : sdex_tx_sign(envelope, q->arena, network, &key, 1, &q->why);
}

static enum sdex_error answer_tx(struct question *q)
{
	const sdex_Hash network = field_network(q, 0);
	sdex_TransactionEnvelope *envelope;
	sdex_Hash hash;
	enum sdex_error error =
		sdex_tx_from_base64(&envelope, q->arena, q->field[1], strlen(q->field[1]), &q->why);
	if (!error)
		error = sdex_tx_hash(&hash, q->arena, envelope, &network, &q->why);
	char *rest = error ? NULL : sdex_arena_copy(q->arena, q->field[2], strlen(q->field[2]) + 1);
	while (!error && rest && *rest)
		error = sign_as(q, envelope, &network, strsep(&rest, " "));
	if (error)
		return error;
	print_hex(hash.bytes, sizeof(hash.bytes));
	putchar('\t');
	return print_value(q, SDEX_TYPE_TransactionEnvelope, envelope);
}

static sdex_Operation_list *operations_of(sdex_TransactionEnvelope *envelope)
{
	if (envelope->type == SDEX_ENVELOPE_TYPE_TX_V0)
		return &envelope->v0->tx.operations;
	if (envelope->type == SDEX_ENVELOPE_TYPE_TX)
		return &envelope->v1->tx.operations;
	return &envelope->feeBump->tx.innerTx.v1->tx.operations;
}

static enum sdex_error field_entry(struct question *q, size_t i,
				   sdex_SorobanAuthorizationEntry **entry)
{
	void *value;
	struct sdex_bytes data;
	enum sdex_error error = field_base64(q, i, &data);
	if (!error)
		error = sdex_xdr_decode(SDEX_TYPE_SorobanAuthorizationEntry, &value, q->arena,
					data.data, data.size, NULL, &q->why);
	if (!error)
		*entry = value;
	return error;
}

static enum sdex_error answer_auth(struct question *q)
{
	const sdex_Hash network = field_network(q, 0);
	sdex_SorobanAuthorizationEntry *entry;
	struct sdex_secret secret;
	const struct sdex_secret *const key = &secret;
	enum sdex_error error = field_entry(q, 1, &entry);
	if (!error)
		error = sdex_secret_parse(&secret, q->field[2], strlen(q->field[2]), &q->why);
	/* Where the source account agrees, the others leave the entry as it is. */
	if (!error && sdex_auth_entry_credentials(entry))
		error = sdex_auth_entry_sign(entry, q->arena, &network,
					     (uint32_t)field_number(q, 3), &key, 1, &q->why);
	return error ? error : print_value(q, SDEX_TYPE_SorobanAuthorizationEntry, entry);
}

static enum sdex_error answer_delegates(struct question *q)
{
	sdex_SorobanAuthorizationEntry *entry;
	sdex_SorobanDelegateSignature list[8] = {0};
	uint32_t count = 0;
	enum sdex_error error = field_entry(q, 0, &entry);
	char *rest = error ? NULL : sdex_arena_copy(q->arena, q->field[2], strlen(q->field[2]) + 1);
	for (; !error && rest; count++) {
		const char *text = strsep(&rest, " ");
		list[count].signature.type = SDEX_SCV_VOID;
		error = sdex_address_parse(&list[count].address, text, strlen(text), &q->why);
	}
	if (!error)
		error = sdex_auth_entry_delegate(entry, q->arena, list, count, &q->why);
	if (error)
		return error;
	sdex_SorobanAddressCredentials *credentials = sdex_auth_entry_credentials(entry);
	credentials->signatureExpirationLedger = (uint32_t)field_number(q, 1);
	credentials->signature = (sdex_SCVal){.type = SDEX_SCV_VOID};
	return print_value(q, SDEX_TYPE_SorobanAuthorizationEntry, entry);
}

/* Names of the operations that were made again, and those of the refused ones with the
 * number of the rule they break. */
static enum sdex_error answer_build(struct question *q)
{
	sdex_TransactionEnvelope *envelope;
	void *value;
	struct sdex_bytes data;
	enum sdex_error error = field_base64(q, 0, &data);
	if (!error)
		error = sdex_xdr_decode(SDEX_TYPE_TransactionEnvelope, &value, q->arena, data.data,
					data.size, NULL, &q->why);
	if (error)
		return error;
	envelope = value;
	sdex_Operation_list *list = operations_of(envelope);
	char *notes = sdex_arena_alloc(q->arena, list->count * 64 + 1);
	if (!notes)
		return SDEX_ERR_NOMEM;
	char *end = notes;
	for (uint32_t i = 0; i < list->count; i++) {
		sdex_Operation again;
		const char *name = sdex_op_name(list->items[i].body.type);
		error = build_again(&again, q->arena, &list->items[i], &q->why);
		if (error && error != SDEX_ERR_MALFORMED)
			return error;
		if (error) {
			end += sprintf(end, " %s:%u", name, q->why.rule);
			continue;
		}
		list->items[i] = again;
		end += sprintf(end, " %s", name);
	}
	error = print_value(q, SDEX_TYPE_TransactionEnvelope, envelope);
	if (!error)
		printf("\t%.*s", (int)(end - notes), notes);
	return error;
}

/* -- the loop */

/* kind, number of fields */
#define ANSWERS(X)      \
	X(address, 2)   \
	X(inspect, 1)   \
	X(sep5, 3)      \
	X(sign, 2)      \
	X(message, 2)   \
	X(amount, 1)    \
	X(stroops, 1)   \
	X(price, 1)     \
	X(contract, 2)  \
	X(deployed, 3)  \
	X(pool, 2)      \
	X(balance, 3)   \
	X(toid, 3)      \
	X(bytes, 2)     \
	X(json, 2)      \
	X(xdr, 2)       \
	X(tx, 3)        \
	X(auth, 4)      \
	X(delegates, 3) \
	X(build, 1)

static const struct {
	const char *kind;
	size_t fields;
	answer_fn *answer;
} answers[] = {
#define ANSWER(kind, fields) {#kind, fields, answer_##kind},
	ANSWERS(ANSWER)
#undef ANSWER
};

static void answer(struct question *q, char *line)
{
	char *rest = line;
	const char *kind = strsep(&rest, "\t");
	q->count = 0;
	q->why.text[0] = '\0';
	while (rest && q->count < FIELDS_MAX)
		q->field[q->count++] = strsep(&rest, "\t");
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		if (strcmp(kind, answers[i].kind) || q->count != answers[i].fields)
			continue;
		const enum sdex_error error = answers[i].answer(q);
		if (error)
			printf("refused %s %s", sdex_error_name(error), q->why.text);
		return;
	}
	fputs("unknown", stdout);
}

int main(int count, char **arguments)
{
	struct question q = {.arena = sdex_arena_new(0)};
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	if (count == 2 && !strcmp(arguments[1], "types")) {
		for (unsigned type = 0; type < SDEX_TYPE_COUNT; type++)
			puts(sdex_type_name((enum sdex_type)type));
		sdex_arena_free(q.arena);
		return 0;
	}
	if (count != 2 || strcmp(arguments[1], "answer") || !q.arena) {
		fputs("usage: sdex_answer answer | sdex_answer types\n", stderr);
		return 2;
	}
	while ((length = getline(&line, &room, stdin)) > 0) {
		if (line[length - 1] == '\n')
			line[length - 1] = '\0';
		sdex_arena_reset(q.arena);
		answer(&q, line);
		putchar('\n');
	}
	free(line);
	sdex_arena_free(q.arena);
	return 0;
}
