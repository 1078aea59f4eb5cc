/* use.c - a program of someone else: C and C++, shared and static.
 *
 * It has functions with the names of some that libsdex has inside; a library that
 * let its inside out would not link with it. */
#include <stdio.h>
#include <string.h>

#include <sdex/strkey.h>
#include <sdex/xdr_types.h>

#ifdef __cplusplus
extern "C" {
#endif
int fail(void);
int check_failed(void);
int base32_decode(void);
int arena_grow(void);
#ifdef __cplusplus
}
#endif

int fail(void)
{
	return 1;
}

int check_failed(void)
{
	return fail();
}

int base32_decode(void)
{
	return fail();
}

int arena_grow(void)
{
	return fail();
}

int main(void)
{
	/* SEP-23's example of an account. */
	static const char text[] = "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ";
	sdex_uint256 key;
	struct sdex_failure why;
	if (sdex_strkey_decode_key(key.bytes, SDEX_STRKEY_ACCOUNT, text, strlen(text), &why)) {
		fprintf(stderr, "%s\n", why.text);
		return 1;
	}
	sdex_AccountID account;
	memset(&account, 0, sizeof account);
	account.type = SDEX_PUBLIC_KEY_TYPE_ED25519;
	account.ed25519 = key;

	uint8_t bytes[64];
	size_t size = 0;
	if (sdex_AccountID_encode(bytes, sizeof bytes, &size, &account, &why) || size != 36) {
		fprintf(stderr, "encode: %s\n", why.text);
		return 1;
	}
	struct sdex_arena *arena = sdex_arena_new(0);
	sdex_AccountID *again = NULL;
	if (!arena || sdex_AccountID_decode(&again, arena, bytes, size, &why) ||
	    !sdex_AccountID_equal(&account, again))
		return 1;
	sdex_arena_free(arena);
	puts(sdex_error_name(SDEX_OK));
	return 0;
}
