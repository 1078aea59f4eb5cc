/* ledger/testing/wild_script.c - wild.h: scripts as bytes and as C, and how one that fails
 * gets small. */
#include <stdio.h>

#include "base/check.h"
#include "ledger/testing/wild_op.h"

#define TX_HEAD 3u

void wild_read(struct wild_script *script, const uint8_t *data, size_t size)
{
	memset(script, 0, sizeof(*script));
	if (size == 0)
		return;
	script->version = *data++;
	size--;
	while (size >= TX_HEAD + sizeof(struct wild_op) && script->count < WILD_TXS) {
		struct wild_tx *tx = &script->txs[script->count++];
		*tx = (struct wild_tx){data[0], data[1], data[2], {{0}}};
		data += TX_HEAD;
		size -= TX_HEAD;
		for (uint32_t i = 0; i <= tx->count % WILD_OPS && size >= sizeof(tx->ops[i]); i++) {
			memcpy(&tx->ops[i], data, sizeof(tx->ops[i]));
			data += sizeof(tx->ops[i]);
			size -= sizeof(tx->ops[i]);
		}
	}
}

size_t wild_write(uint8_t *data, size_t room, const struct wild_script *script)
{
	size_t size = 0;
	if (room == 0)
		return 0;
	data[size++] = script->version;
	for (uint32_t t = 0; t < script->count; t++) {
		const struct wild_tx *tx = &script->txs[t];
		size_t ops = (tx->count % WILD_OPS + 1u) * sizeof(struct wild_op);
		if (room - size < TX_HEAD + ops)
			break;
		memcpy(data + size, (const uint8_t[]){tx->source, tx->count, tx->form}, TX_HEAD);
		memcpy(data + size + TX_HEAD, tx->ops, ops);
		size += TX_HEAD + ops;
	}
	return size;
}

void wild_print(const struct wild_script *script)
{
	printf("static const struct wild_script script = {\n\t.version = %u,\n\t.count = %u,\n"
	       "\t.txs = {\n",
	       script->version, script->count);
	for (uint32_t t = 0; t < script->count; t++) {
		const struct wild_tx *tx = &script->txs[t];
		printf("\t\t{%u, %u, %u,\n\t\t {\n", tx->source, tx->count, tx->form);
		for (uint32_t i = 0; i <= tx->count % WILD_OPS; i++) {
			const struct wild_op *o = &tx->ops[i];
			printf("\t\t\t {%u, %u, %u, {%u, %u, %u}, {%u, %u}, %u, %u, %u, %u}, /* %s "
			       "*/\n",
			       o->kind, o->source, o->to, o->asset[0], o->asset[1], o->asset[2],
			       o->amount[0], o->amount[1], o->n, o->d, o->pick, o->flags,
			       sdex_enum_name(SDEX_TYPE_OperationType, (int32_t)wild_kind(o)));
		}
		printf("\t\t }},\n");
	}
	printf("\t}};\n");
}

/* --- shrinking */

static bool still_fails(const struct wild_script *script, wild_law law)
{
	char text[WILD_TEXT_ROOM];
	return !wild_run(text, NULL, script, law);
}

static bool drop_transactions(struct wild_script *script, wild_law law)
{
	bool smaller = false;
	for (uint32_t chunk = script->count; chunk > 0; chunk /= 2) {
		for (uint32_t from = 0; from + chunk <= script->count;) {
			struct wild_script less = *script;
			memmove(&less.txs[from], &less.txs[from + chunk],
				(less.count - from - chunk) * sizeof(less.txs[0]));
			less.count -= chunk;
			if (still_fails(&less, law)) {
				*script = less;
				smaller = true;
			} else {
				from += chunk;
			}
		}
	}
	return smaller;
}

/* Every smaller set of operations, since some stand or fall together. */
static bool drop_operations(struct wild_script *script, wild_law law)
{
	bool smaller = false;
	for (uint32_t t = 0; t < script->count; t++) {
		uint32_t count = script->txs[t].count % WILD_OPS + 1u;
		for (uint32_t keep = 1; keep + 1 < 1u << count; keep++) {
			struct wild_script less = *script;
			struct wild_tx *tx = &less.txs[t];
			uint32_t kept = 0;
			memset(tx->ops, 0, sizeof(tx->ops));
			for (uint32_t i = 0; i < count; i++)
				if (keep >> i & 1)
					tx->ops[kept++] = script->txs[t].ops[i];
			tx->count = (uint8_t)(kept - 1);
			if (!still_fails(&less, law))
				continue;
			*script = less;
			smaller = true;
			break;
		}
	}
	return smaller;
}

static bool lower(struct wild_script *script, uint8_t *byte, wild_law law)
{
	uint8_t was = *byte;
	for (uint8_t less = 0; less < was; less = less ? (uint8_t)(less * 2) : 1) {
		*byte = less;
		if (still_fails(script, law))
			return true;
		if (less >= 128)
			break;
	}
	*byte = was;
	return false;
}

static bool lower_bytes(struct wild_script *script, wild_law law)
{
	bool smaller = lower(script, &script->version, law);
	for (uint32_t t = 0; t < script->count; t++) {
		struct wild_tx *tx = &script->txs[t];
		smaller = lower(script, &tx->source, law) || smaller;
		smaller = lower(script, &tx->form, law) || smaller;
		for (uint32_t i = 0; i <= tx->count % WILD_OPS; i++)
			for (size_t b = 0; b < sizeof(tx->ops[i]); b++)
				smaller = lower(script, (uint8_t *)&tx->ops[i] + b, law) || smaller;
	}
	return smaller;
}

void wild_shrink(struct wild_script *script, wild_law law)
{
	CHECK(still_fails(script, law));
	for (bool smaller = true; smaller;) {
		smaller = drop_transactions(script, law);
		smaller = drop_operations(script, law) || smaller;
		smaller = lower_bytes(script, law) || smaller;
	}
}
