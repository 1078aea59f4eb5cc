/* ledger/verify/differ.h - in which fields two values of the schema differ, in words. */
#ifndef SDEX_LEDGER_VERIFY_DIFFER_H
#define SDEX_LEDGER_VERIFY_DIFFER_H

#include "sdex/xdr.h"
#include "stellar/words.h"

/* Adds "balance: expected 5, found 6; flags: ..." for the first fields that differ, `most`
 * of them at most, in the schema's names; "nothing differs" if none does.  Both values are
 * fit to be encoded. */
void differ_words(struct words *words, enum sdex_type type, const void *expected, const void *found,
		  unsigned most);

#endif
