/* cmd/sdex/records.h - a stream of values: records with a mark in front (RFC 5531), or
 * one value of text a line.  Holds one record at a time. */
#ifndef SDEX_CMD_RECORDS_H
#define SDEX_CMD_RECORDS_H

#include "cmd/sdex/input.h"

struct records {
	struct source *source;
	enum input_form form; /* INPUT_BASE64, INPUT_HEX: lines; else marks */
	size_t limit;         /* of a record */
	uint8_t *data;        /* read and not yet handed out: at .. filled */
	size_t at, filled, room;
	size_t seen; /* behind `at`, bytes known to hold no line feed */
	bool ended;
	uint64_t number; /* of the last record, from 1 */
};

/* Opens the operand as input_open does.  --max-size bounds each record. */
bool records_open(struct records *records, const struct args *args, const char *operand,
		  enum status *status);
void records_close(struct records *records);

/* Borrows the next record until the next call; a line's text is decoded.  *data is NULL
 * at the end.  False, said on stderr, when there is something wrong. */
bool records_next(struct records *records, const uint8_t **data, size_t *size);

#endif
