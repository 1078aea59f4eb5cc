/* oracle/sdex_build.h - operations made anew with libsdex's constructors. */
#ifndef SDEX_ORACLE_SDEX_BUILD_H
#define SDEX_ORACLE_SDEX_BUILD_H

#include "sdex/operation.h"

/* Makes the operation again from its parts.  Errors are the constructor's. */
SDEX_MUST_USE enum sdex_error build_again(sdex_Operation *out, struct sdex_arena *arena,
					  const sdex_Operation *op, struct sdex_failure *why);

#endif
