/* sdex/asset.h - assets: their text, their order, which are valid.
 *
 * The canonical text is "native" or "CODE:ISSUER", as in Horizon and SEP-11.  Valid
 * assets and texts are one to one.  A valid code has 1 to 12 ASCII letters and digits;
 * up to 4 make an alphanum4, 5 and more an alphanum12 (isAssetValid in stellar-core).
 * An sdex_Asset of the latter kind points at its code and issuer. */
#ifndef SDEX_ASSET_H
#define SDEX_ASSET_H

#include <stdbool.h>

#include "sdex/xdr_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SDEX_ASSET_ROOM 70u /* for the text of any asset, with its NUL */

/* Lumens. */
SDEX_API sdex_Asset sdex_asset_native(void);

/* Makes an asset; a code of over 4 characters takes memory from the arena, which may
 * else be NULL.
 * LENGTH     a code of 0 or over 12 characters
 * CHARACTER  something in it that is no letter or digit; why->where is its position
 * NOMEM      the arena is full */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_asset_make(sdex_Asset *asset, struct sdex_arena *arena,
						       const char *code, size_t length,
						       const sdex_AccountID *issuer,
						       struct sdex_failure *why);

/* Reads the canonical text, and with `xlm_too` also "XLM" for native (an asset of the
 * code XLM needs its issuer, as any other).
 * SYNTAX  neither "native" nor of the form CODE:ISSUER
 * Errors of the code as above, those of the issuer as in strkey.h; each with why->where. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_asset_parse(sdex_Asset *asset, struct sdex_arena *arena,
							const char *text, size_t length,
							bool xlm_too, struct sdex_failure *why);

/* Writes the canonical text and a NUL (in the form of bytes.h).
 * INVALID  the asset is not valid, so that it has no text
 * SPACE    room is not over the text's length; SDEX_ASSET_ROOM is enough for any */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_asset_print(char *text, size_t room, size_t *length,
							const sdex_Asset *asset);

/* Would the network take it? */
SDEX_API bool sdex_asset_valid(const sdex_Asset *asset);

/* The network's order, in which a pool has its assets: by type, code, issuer (CAP-38).
 * Negative, zero or positive; zero is equality. */
SDEX_API int sdex_asset_compare(const sdex_Asset *a, const sdex_Asset *b);

/* What a trustline is for: an asset as above, or the shares of a pool, whose id is
 * printed as L... (SEP-23) and read as that or as 64 hexadecimal digits.  Errors as
 * above. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_trustline_asset_parse(sdex_TrustLineAsset *asset, struct sdex_arena *arena, const char *text,
			   size_t length, bool xlm_too, struct sdex_failure *why);
SDEX_API SDEX_MUST_USE enum sdex_error sdex_trustline_asset_print(char *text, size_t room,
								  size_t *length,
								  const sdex_TrustLineAsset *asset);

/* The trustline that a CHANGE_TRUST operation with this line is about.  A code over 4
 * characters stays where `line` has it.
 * INVALID  not valid; a pool's assets must be in order, its fee 30 */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_trustline_asset_of(sdex_TrustLineAsset *asset,
							       const sdex_ChangeTrustAsset *line);

#ifdef __cplusplus
}
#endif
#endif
