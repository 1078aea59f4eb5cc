/* stellar/shape.h - what codes, names and assets have to look like, and which are
 * the same: the questions that several rules ask. */
#ifndef SDEX_STELLAR_SHAPE_H
#define SDEX_STELLAR_SHAPE_H

#include "base/bytes.h"
#include "sdex/xdr_types.h"

/* An asset code of 4 bytes has 1 to 4, one of 12 bytes 5 to 12 letters and digits, and
 * zero bytes only behind them (isAssetValid in stellar-core's util/types.cpp). */
bool asset_valid(const sdex_Asset *asset);
bool asset_code_valid(const sdex_AssetCode *code);
bool trustline_asset_valid(const sdex_TrustLineAsset *asset);

/* Native assets and pool shares have no issuer: false. */
bool asset_issued_by(const sdex_Asset *asset, const sdex_AccountID *account);
bool trustline_asset_issued_by(const sdex_TrustLineAsset *asset, const sdex_AccountID *account);

/* The network's order: by type, code, issuer; < 0, 0, > 0. */
int asset_compare(const sdex_Asset *a, const sdex_Asset *b);

bool account_same(const sdex_AccountID *a, const sdex_AccountID *b);

/* Only ASCII 0x20 to 0x7e; true for no text at all (isStringValid, the same file). */
bool text_printable(struct sdex_bytes text);

/* For a failure's text: XLM, or the code in quotes. */
const char *asset_words(struct quote *quote, const sdex_Asset *asset);

/* The order of addresses in the host (Ord of rs-stellar-xdr's ScAddress). */
int address_compare(const sdex_SCAddress *a, const sdex_SCAddress *b);

/* At most 32 of a-z, A-Z, 0-9 and _. */
bool symbol_valid(struct sdex_bytes symbol);

/* Contract data and code have a time to live; of these, all but temporary data can be
 * archived and restored. */
bool key_has_ttl(const sdex_LedgerKey *key);
bool key_is_persistent(const sdex_LedgerKey *key);

#endif
