/* sign/signed_before.c - a few accounts, looked up one by one. */
#include "sign/signed_before.h"

#include <stdlib.h>
#include <string.h>

struct signed_account {
	uint8_t source[32];
	struct sequence sequence;
};

static struct signed_account *find(const struct signed_before *before, const uint8_t source[32])
{
	for (size_t i = 0; i < before->count; i++)
		if (memcmp(before->accounts[i].source, source, 32) == 0)
			return &before->accounts[i];
	return NULL;
}

enum sequence_verdict signed_before_ask(const struct signed_before *before,
					const uint8_t source[32], int64_t number,
					const uint8_t hash[32], bool replace)
{
	static const struct sequence none;
	const struct signed_account *account = find(before, source);
	return sequence_ask(account ? &account->sequence : &none, number, hash, replace);
}

static struct signed_account *add(struct signed_before *before, const uint8_t source[32])
{
	if (before->count == SIGNED_BEFORE_ACCOUNTS_MAX)
		return NULL;
	if (before->count == before->room) {
		size_t room = before->room ? before->room * 2 : 4;
		struct signed_account *more =
			realloc(before->accounts, room * sizeof *before->accounts);
		if (!more)
			return NULL;
		before->accounts = more;
		before->room = room;
	}
	struct signed_account *account = &before->accounts[before->count++];
	memset(account, 0, sizeof *account);
	memcpy(account->source, source, 32);
	return account;
}

bool signed_before_take(struct signed_before *before, const uint8_t source[32], int64_t number,
			const uint8_t hash[32])
{
	struct signed_account *account = find(before, source);
	if (!account)
		account = add(before, source);
	if (account)
		sequence_take(&account->sequence, number, hash);
	return account != NULL;
}

void signed_before_free(struct signed_before *before)
{
	free(before->accounts);
	*before = (struct signed_before){0};
}
