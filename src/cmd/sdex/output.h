/* cmd/sdex/output.h - XDR on stdout, in the form that was asked for. */
#ifndef SDEX_CMD_OUTPUT_H
#define SDEX_CMD_OUTPUT_H

#include "cmd/sdex/args.h"
#include "sdex/xdr.h"

enum output_form {
	OUTPUT_TEXT,   /* JSON, indented */
	OUTPUT_JSON,   /* JSON, on one line */
	OUTPUT_BASE64, /* on one line */
	OUTPUT_HEX,    /* on one line */
	OUTPUT_RAW,
	OUTPUT_FRAMED, /* raw behind a record mark */
};

/* Writes bytes in a form that is not JSON. */
enum status output_bytes(enum output_form form, const uint8_t *data, size_t size);

/* Encodes a value and writes it in any form. */
enum status output_value(enum output_form form, enum sdex_type type, const void *value);

/* The form by its name among "text", "json", "base64", "hex", "raw". */
enum output_form output_form(const char *name);

/* Memory for values made of `size` bytes of input, 16 times as much and 64 MiB: the least
 * that suffices for lists of the shortest items, in JSON; ledgers take a tenth of it.  NULL,
 * said on stderr, when memory is out. */
struct sdex_arena *output_arena(size_t size);

#endif
