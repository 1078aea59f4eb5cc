/* ledger/sign.c - weights of signers. */
#include "ledger/sign.h"

#include <sodium.h>

void signing_init(struct signing *signing, const sdex_DecoratedSignature_list *signatures,
		  const uint8_t hash[32], uint32_t version, bool trusted, struct verdicts *verdicts)
{
	*signing = (struct signing){.signatures = signatures,
				    .trusted = trusted,
				    .verdicts = verdicts,
				    .limited = version >= VERSION_VERIFICATION_BUDGET};
	memcpy(signing->hash, hash, 32);
}

static void hint_of(uint8_t hint[4], const uint8_t *data, uint32_t size)
{
	memset(hint, 0, 4);
	if (size >= 4)
		memcpy(hint, data + size - 4, 4);
	else if (size)
		memcpy(hint, data, size);
}

static bool verify_now(const uint8_t *signature, const uint8_t key[32], const uint8_t *message,
		       uint32_t size)
{
	return crypto_sign_ed25519_verify_detached(signature, message, size, key) == 0;
}

static bool verify_once(struct verdicts *verdicts, const uint8_t *signature, const uint8_t key[32],
			const uint8_t *message, uint32_t size)
{
	crypto_generichash_state state;
	uint8_t of[32];
	uint32_t place;
	crypto_generichash_init(&state, NULL, 0, sizeof(of));
	crypto_generichash_update(&state, key, 32);
	crypto_generichash_update(&state, signature, 64);
	crypto_generichash_update(&state, message, size);
	crypto_generichash_final(&state, of, sizeof(of));
	memcpy(&place, of, sizeof(place));
	struct verification *verdict = &verdicts->kept[place % VERDICTS_KEPT];
	if (verdict->known && memcmp(verdict->of, of, sizeof(of)) == 0)
		return verdict->good;
	*verdict = (struct verification){.known = true,
					 .good = verify_now(signature, key, message, size)};
	memcpy(verdict->of, of, sizeof(of));
	verdicts->verified++;
	return verdict->good;
}

static bool verify(struct signing *signing, const sdex_DecoratedSignature *signature,
		   const uint8_t key[32], const uint8_t *message, uint32_t size)
{
	if (signing->limited && signing->verifications >= VERIFICATIONS_MAX)
		return false;
	if (signature->signature.size != 64)
		return false;
	signing->verifications++;
	return signing->verdicts ? verify_once(signing->verdicts, signature->signature.data, key,
					       message, size)
				 : verify_now(signature->signature.data, key, message, size);
}

/* A key that signed the transaction's hash is asked once; asking counts each time. */
static bool verify_hash(struct signing *signing, uint32_t index, const struct signer *signer)
{
	bool spent = signing->limited && signing->verifications >= VERIFICATIONS_MAX;
	if (!spent && signing->last[index].known &&
	    memcmp(signing->last[index].key, signer->key, 32) == 0) {
		signing->verifications++;
		return signing->last[index].good;
	}
	bool good =
		verify(signing, &signing->signatures->items[index], signer->key, signing->hash, 32);
	if (!spent) {
		signing->last[index].known = true;
		signing->last[index].good = good;
		memcpy(signing->last[index].key, signer->key, 32);
	}
	return good;
}

static bool matches(struct signing *signing, uint32_t index, const struct signer *signer)
{
	const sdex_DecoratedSignature *signature = &signing->signatures->items[index];
	uint8_t hint[4], more[4], hash[32];
	hint_of(hint, signer->key, 32);
	if (signer->type == SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD) {
		hint_of(more, signer->payload, signer->payload_size);
		for (int i = 0; i < 4; i++)
			hint[i] ^= more[i];
	}
	if (memcmp(hint, signature->hint.bytes, 4) != 0)
		return false;
	if (signer->type == SDEX_SIGNER_KEY_TYPE_HASH_X) {
		sdex_sha256(hash, signature->signature.data, signature->signature.size);
		return memcmp(hash, signer->key, 32) == 0;
	}
	if (signer->type == SDEX_SIGNER_KEY_TYPE_ED25519)
		return verify_hash(signing, index, signer);
	return verify(signing, signature, signer->key, signer->payload, signer->payload_size);
}

static uint32_t weight_of(const struct signer *signer)
{
	return signer->weight > UINT8_MAX ? UINT8_MAX : signer->weight;
}

bool signing_weighs(struct signing *signing, const struct signer *signers, uint32_t count,
		    uint32_t needed)
{
	static const uint32_t kinds[] = {SDEX_SIGNER_KEY_TYPE_HASH_X, SDEX_SIGNER_KEY_TYPE_ED25519,
					 SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD};
	bool spent[SDEX_MAX_SIGNERS + 1] = {false};
	uint32_t total = 0;
	if (signing->trusted)
		return true;
	for (uint32_t i = 0; i < count; i++) {
		if (signers[i].type != SDEX_SIGNER_KEY_TYPE_PRE_AUTH_TX ||
		    memcmp(signers[i].key, signing->hash, 32) != 0)
			continue;
		total += weight_of(&signers[i]);
		if (total >= needed)
			return true;
	}
	for (int kind = 0; kind < 3; kind++) {
		if (kind == 2 && signing->limited && signing->verifications >= VERIFICATIONS_MAX)
			return false;
		for (uint32_t s = 0; s < signing->signatures->count && s < SIGNATURES_MAX; s++) {
			for (uint32_t i = 0; i < count; i++) {
				if (spent[i] || signers[i].type != kinds[kind] ||
				    !matches(signing, s, &signers[i]))
					continue;
				signing->used[s] = true;
				spent[i] = true;
				total += weight_of(&signers[i]);
				if (total >= needed)
					return true;
				break;
			}
		}
	}
	return false;
}

bool signing_account(struct signing *signing, const struct state *state,
		     const struct account *account, uint32_t needed)
{
	struct signer signers[SDEX_MAX_SIGNERS + 1] = {0};
	uint32_t count = 0;
	if (signing->trusted)
		return true;
	if (account->thresholds[0]) {
		signers[0].type = SDEX_SIGNER_KEY_TYPE_ED25519;
		signers[0].weight = account->thresholds[0];
		memcpy(signers[0].key, address_at(state, account->address)->key, 32);
		count = 1;
	}
	uint32_t more = signer_count(account);
	if (more)
		memcpy(&signers[count], signer_at(account, 0), more * sizeof(*signers));
	return signing_weighs(signing, signers, count + more, needed);
}

bool signing_key(struct signing *signing, const uint8_t key[32])
{
	struct signer signer = {.type = SDEX_SIGNER_KEY_TYPE_ED25519, .weight = 1};
	memcpy(signer.key, key, 32);
	return signing_weighs(signing, &signer, 1, 0);
}

bool signing_all_used(const struct signing *signing)
{
	for (uint32_t s = 0; !signing->trusted && s < signing->signatures->count; s++)
		if (s >= SIGNATURES_MAX || !signing->used[s])
			return false;
	return true;
}
