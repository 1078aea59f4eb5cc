/* cmd/sdex/journal_words.h - what a journal's record says, as JSON. */
#ifndef SDEX_CMD_JOURNAL_WORDS_H
#define SDEX_CMD_JOURNAL_WORDS_H

#include "base/json_write.h"

/* Writes `"record":{"kind":...}` into the object that is open, when the bytes are a record of this
 * version's engine; nothing otherwise. */
void journal_words(struct json_writer *writer, const void *data, size_t size);

#endif
