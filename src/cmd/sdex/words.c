/* cmd/sdex/words.c - the pieces of sentences. */
#include "cmd/sdex/words.h"

#include <string.h>
#include <time.h>

#include "sdex/address.h"
#include "sdex/amount.h"
#include "sdex/asset.h"
#include "sdex/bytes.h"
#include "sdex/ids.h"
#include "sdex/price.h"
#include "sdex/xdr_json.h"

static enum sdex_error pour(void *out, const char *text, size_t size)
{
	fwrite(text, 1, size, out);
	return SDEX_OK;
}

void put_value(FILE *out, enum sdex_type type, const void *value)
{
	if (sdex_xdr_to_json_sink(type, pour, out, value, SDEX_JSON_COMPACT, NULL))
		fputs("(no value)", out);
}

void put_account(FILE *out, const sdex_AccountID *account)
{
	char text[SDEX_ACCOUNT_ROOM];
	sdex_account_print(text, account);
	fputs(text, out);
}

void put_muxed(FILE *out, const sdex_MuxedAccount *muxed)
{
	char text[SDEX_STRKEY_ROOM];
	if (sdex_muxed_print(text, sizeof text, NULL, muxed) == SDEX_OK)
		fputs(text, out);
}

void put_signer(FILE *out, const sdex_SignerKey *signer)
{
	char text[SDEX_STRKEY_ROOM];
	if (sdex_signer_print(text, sizeof text, NULL, signer) == SDEX_OK)
		fputs(text, out);
}

void put_address(FILE *out, const sdex_SCAddress *address)
{
	char text[SDEX_STRKEY_ROOM];
	if (sdex_address_print(text, sizeof text, NULL, address) == SDEX_OK)
		fputs(text, out);
}

void put_asset(FILE *out, const sdex_Asset *asset)
{
	char text[SDEX_ASSET_ROOM];
	if (asset->type == SDEX_ASSET_TYPE_NATIVE)
		fputs("XLM", out);
	else if (sdex_asset_print(text, sizeof text, NULL, asset) == SDEX_OK)
		fputs(text, out);
	else
		put_value(out, SDEX_TYPE_Asset, asset);
}

void put_trust_asset(FILE *out, const sdex_TrustLineAsset *asset)
{
	char text[SDEX_ASSET_ROOM];
	if (sdex_trustline_asset_print(text, sizeof text, NULL, asset) == SDEX_OK)
		fputs(text, out);
	else
		put_value(out, SDEX_TYPE_TrustLineAsset, asset);
}

void put_balance(FILE *out, const sdex_ClaimableBalanceID *id)
{
	char text[SDEX_BALANCE_ID_ROOM];
	sdex_balance_id_print(text, id);
	fputs(text, out);
}

void put_pool(FILE *out, const sdex_PoolID *id)
{
	char text[SDEX_POOL_ID_ROOM];
	sdex_pool_id_print(text, id);
	fputs(text, out);
}

void put_price(FILE *out, sdex_Price price)
{
	char text[SDEX_PRICE_ROOM];
	if (!sdex_price_valid(price)) {
		fprintf(out, "%d/%d", price.n, price.d);
		return;
	}
	sdex_price_print(text, price, SDEX_PRICE_DECIMALS_BACK);
	fprintf(out, "%s (%d/%d)", text, price.n, price.d);
}

void put_amount(FILE *out, int64_t stroops)
{
	char text[SDEX_AMOUNT_ROOM];
	size_t size = sdex_amount_print(text, sdex_stroops(stroops));
	while (text[size - 1] == '0')
		size--;
	size -= text[size - 1] == '.';
	fprintf(out, "%.*s", (int)size, text);
}

void put_money(FILE *out, int64_t stroops, const sdex_Asset *asset)
{
	put_amount(out, stroops);
	fputc(' ', out);
	put_asset(out, asset);
}

void put_bytes(FILE *out, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		fprintf(out, "%02x", data[i]);
}

void put_text(FILE *out, struct sdex_bytes text)
{
	put_value(out, SDEX_TYPE_SCString, &text);
}

void put_time(FILE *out, uint64_t seconds)
{
	char text[64];
	struct tm tm;
	time_t t = (time_t)seconds;
	/* Years of more than four digits say nothing to anybody. */
	if (seconds < 253402300800u && gmtime_r(&t, &tm) &&
	    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &tm))
		fputs(text, out);
	else
		fprintf(out, "%llu s after 1970", (unsigned long long)seconds);
}
