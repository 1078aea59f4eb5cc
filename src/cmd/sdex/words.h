/* cmd/sdex/words.h - the pieces of sentences: accounts, assets, amounts, times, texts. */
#ifndef SDEX_CMD_WORDS_H
#define SDEX_CMD_WORDS_H

#include <stdio.h>

#include "sdex/xdr_types.h"

void put_account(FILE *out, const sdex_AccountID *account);
void put_muxed(FILE *out, const sdex_MuxedAccount *muxed);
void put_signer(FILE *out, const sdex_SignerKey *signer);
void put_address(FILE *out, const sdex_SCAddress *address);
void put_asset(FILE *out, const sdex_Asset *asset);
void put_trust_asset(FILE *out, const sdex_TrustLineAsset *asset);
void put_balance(FILE *out, const sdex_ClaimableBalanceID *id);
void put_pool(FILE *out, const sdex_PoolID *id);
void put_price(FILE *out, sdex_Price price);

/* Units, without needless zeros. */
void put_amount(FILE *out, int64_t stroops);
/* "1.5 XLM" */
void put_money(FILE *out, int64_t stroops, const sdex_Asset *asset);

/* In hexadecimal. */
void put_bytes(FILE *out, const uint8_t *data, size_t size);
/* In quotes, all that is not printable ASCII escaped. */
void put_text(FILE *out, struct sdex_bytes text);
/* "2026-01-01 00:00:00 UTC" */
void put_time(FILE *out, uint64_t seconds);

/* A value as SEP-51's JSON. */
void put_value(FILE *out, enum sdex_type type, const void *value);

#endif
