/* cmd/sdex/ledger_file.c - finding out how ledgers are stored, and where one ends. */
#include "cmd/sdex/ledger_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/endian.h"
#include "cmd/sdex/say.h"
#include "sdex/bytes.h"
#include "sdex/xdr_types.h"

#define FIRST_ROOM ((size_t)1 << 18)
#define MARK 4u
#define BATCH_HEAD 12u

static size_t left(const struct ledger_file *f)
{
	return f->filled - f->at;
}

static const uint8_t *front(const struct ledger_file *f)
{
	return f->data + f->at;
}

static void take(struct ledger_file *f, size_t size)
{
	f->at += size;
}

static uint64_t place(const struct ledger_file *f)
{
	return f->passed + f->at;
}

static bool refuse(const struct ledger_file *f, uint64_t at, const char *reason)
{
	say_refused("%s, ledger %llu, byte %llu: %s", f->name, (unsigned long long)f->number + 1,
		    (unsigned long long)at, reason);
	return false;
}

/* Reads more behind what there is; false when that was refused. */
static bool more(struct ledger_file *f)
{
	size_t got = 0;
	if (f->at) {
		memmove(f->data, f->data + f->at, left(f));
		f->passed += f->at;
		f->filled -= f->at;
		f->at = 0;
	}
	if (f->filled == f->room) {
		uint8_t *data = f->room > SIZE_MAX / 2 ? NULL : realloc(f->data, 2 * f->room);
		if (!data)
			return refuse(f, place(f), "memory is out");
		f->data = data;
		f->room *= 2;
	}
	if (!source_read(f->source, f->data + f->filled, f->room - f->filled, &got))
		return false;
	f->filled += got;
	f->ended = got == 0;
	return true;
}

/* Has `size` bytes at the front, or the end of the file. */
static bool need(struct ledger_file *f, size_t size)
{
	while (left(f) < size && !f->ended)
		if (!more(f))
			return false;
	return true;
}

static bool over_limit(const struct ledger_file *f, size_t size)
{
	if (size <= f->limit)
		return false;
	say_refused("%s, ledger %llu, byte %llu: it is over the limit of %zu bytes; --max-size "
		    "sets another",
		    f->name, (unsigned long long)f->number + 1, (unsigned long long)place(f),
		    f->limit);
	return true;
}

/* --- text */

static bool begins_with_ledger(const uint8_t *data, size_t size, size_t *used)
{
	return sdex_xdr_check(SDEX_TYPE_LedgerCloseMeta, used, data, size, NULL, NULL) == SDEX_OK;
}

/* Hexadecimal digits are letters of base64 too: for INPUT_AUTO they are what makes a ledger. */
static bool decode_text(uint8_t *text, size_t length, size_t *size, enum input_form *form,
			struct sdex_failure *why)
{
	uint8_t *out = malloc(length + 1);
	enum sdex_error error = SDEX_ERR_NOMEM;
	size_t used;
	if (!out)
		return false;
	if (*form != INPUT_BASE64) {
		error = sdex_hex_decode(out, length, size, (char *)text, length, why);
		if (*form == INPUT_AUTO && (error || !begins_with_ledger(out, *size, &used)))
			*form = INPUT_BASE64;
		else
			*form = INPUT_HEX;
	}
	if (*form == INPUT_BASE64)
		error = sdex_base64_decode(out, length, size, (char *)text, length, why);
	if (!error)
		memcpy(text, out, *size);
	free(out);
	return error == SDEX_OK;
}

/* The next line that is not empty: its length, and with its end; both 0 at the end of the
 * file. */
static bool next_line(struct ledger_file *f, size_t *length, size_t *whole)
{
	size_t seen = 0;
	for (;;) {
		uint8_t *line = f->data + f->at;
		uint8_t *end = memchr(line + seen, '\n', left(f) - seen);
		if (!end && !f->ended) {
			seen = left(f);
			if (over_limit(f, seen / 2) || !more(f))
				return false;
			continue;
		}
		*whole = end ? (size_t)(end - line) + 1 : left(f);
		*length = *whole;
		while (*length && line[*length - 1] <= ' ')
			--*length;
		f->line += *whole != 0;
		if (*length || *whole == 0)
			return true;
		take(f, *whole);
		seen = 0;
	}
}

/* All of a text, without its white space. */
static bool whole_text(struct ledger_file *f)
{
	while (!f->ended)
		if (over_limit(f, left(f) / 2) || !more(f))
			return false;
	size_t kept = 0, size = 0;
	uint8_t *text = f->data + f->at;
	struct sdex_failure why = {.text = "memory is out"};
	for (size_t i = 0; i < left(f); i++)
		if (text[i] > ' ')
			text[kept++] = text[i];
	if (!decode_text(text, kept, &size, &f->text, &why)) {
		say_refused("%s is neither XDR of a ledger nor base64 or hexadecimal of one: %s",
			    f->name, why.text);
		return false;
	}
	f->filled = f->at + size;
	f->form = LEDGER_BARE;
	return true;
}

/* A text is one ledger a line when its first line is one. */
static bool begin_text(struct ledger_file *f)
{
	size_t length, whole, size, used;
	enum input_form form = f->text;
	f->form = LEDGER_LINES;
	if (!next_line(f, &length, &whole))
		return false;
	f->line--; /* it comes again */
	uint8_t *copy = malloc(length + 1);
	if (!copy)
		return refuse(f, place(f), "memory is out");
	memcpy(copy, front(f), length);
	bool lines = decode_text(copy, length, &size, &form, NULL) &&
		     begins_with_ledger(copy, size, &used) && used == size;
	free(copy);
	if (lines)
		f->text = form;
	return lines || whole_text(f);
}

/* --- the form */

/* No ledger, mark or batch begins with a printable byte before ledger 500,000,000. */
static bool looks_like_text(const struct ledger_file *f)
{
	return left(f) && front(f)[0] < 0x7f &&
	       (front(f)[0] >= 0x20 || memchr("\t\r\n", front(f)[0], 3));
}

/* Some editors put a mark of UTF-8 in front of what they save. */
static void skip_utf8_mark(struct ledger_file *f)
{
	size_t at = f->at;
	if (left(f) <= 3 || memcmp(front(f), "\xef\xbb\xbf", 3) != 0)
		return;
	take(f, 3);
	if (!looks_like_text(f))
		f->at = at;
}

static bool begin(struct ledger_file *f, enum input_form form)
{
	if (!need(f, BATCH_HEAD))
		return false;
	if (form != INPUT_RAW)
		skip_utf8_mark(f);
	f->text = form;
	if (form == INPUT_BASE64 || form == INPUT_HEX || (form == INPUT_AUTO && looks_like_text(f)))
		return begin_text(f);
	f->form = left(f) && front(f)[0] >= 0x80 ? LEDGER_FRAMED : LEDGER_BARE;
	return true;
}

bool ledger_memory(const struct args *args, size_t *limit)
{
	const size_t least = (size_t)16 << 20;
	size_t size;
	if (!args_size(args, "max-size", &size, INPUT_SIZE_DEFAULT))
		return false;
	*limit = size > SIZE_MAX / 4 ? SIZE_MAX : 4 * size;
	*limit = *limit < least ? least : *limit;
	return true;
}

bool ledger_file_open(struct ledger_file *f, const struct args *args, const char *operand,
		      enum status *status)
{
	enum input_form form = input_form(args);
	*f = (struct ledger_file){.room = FIRST_ROOM};
	*status = STATUS_USAGE;
	if (!args_size(args, "max-size", &f->limit, INPUT_SIZE_DEFAULT))
		return false;
	if (input_is_text(operand)) {
		struct input input;
		if (!input_read(&input, args, operand, status))
			return false;
		f->name = "the operand (it names no file)";
		f->data = input.data;
		f->filled = f->room = input.size;
		f->ended = true;
	} else {
		*status = STATUS_REFUSED;
		enum unpack unpack = form == INPUT_GZIP  ? UNPACK_ALWAYS
				     : form == INPUT_RAW ? UNPACK_NEVER
							 : UNPACK_AUTO;
		f->source = source_open(operand, unpack, SIZE_MAX - 1);
		if (!f->source)
			return false;
		f->name = source_name(f->source);
		f->data = malloc(f->room);
	}
	*status = STATUS_REFUSED;
	if (!f->data)
		say_refused("memory is out");
	else if (begin(f, form))
		return true;
	ledger_file_close(f);
	return false;
}

void ledger_file_close(struct ledger_file *f)
{
	source_close(f->source);
	free(f->data);
	*f = (struct ledger_file){0};
}

/* --- ledgers */

static bool give(struct ledger_file *f, struct ledger_record *record, size_t size)
{
	record->data = front(f);
	record->size = size;
	snprintf(record->where, sizeof record->where, "%.4096s, ledger %llu (byte %llu)", f->name,
		 (unsigned long long)f->number + 1, (unsigned long long)place(f));
	record->sequence = f->batched ? f->batch_next : 0;
	f->number++;
	take(f, size);
	return true;
}

static bool next_framed(struct ledger_file *f, struct ledger_record *record)
{
	if (!need(f, MARK))
		return false;
	if (left(f) == 0)
		return true;
	if (left(f) < MARK)
		return refuse(f, place(f), "the file ends inside a record mark");
	uint32_t mark = load_be32(front(f));
	if (!(mark >> 31))
		return refuse(f, place(f),
			      "expected a record mark (a length with the highest bit set), as "
			      "before the first ledger, and found none");
	size_t size = mark & 0x7fffffffu;
	char text[160];
	if (size > f->limit) {
		/* anything that begins with the highest bit set is taken for a mark */
		snprintf(text, sizeof text,
			 "a record mark announces %zu bytes, which is over the limit of %zu bytes; "
			 "if these are ledgers, --max-size sets another",
			 size, f->limit);
		return refuse(f, place(f), text);
	}
	if (!need(f, MARK + size))
		return false;
	if (left(f) < MARK + size) {
		snprintf(text, sizeof text,
			 "the file ends inside of it: %zu bytes are announced, %zu are there", size,
			 left(f) - MARK);
		return refuse(f, place(f), text);
	}
	take(f, MARK);
	return give(f, record, size);
}

static bool next_of_lines(struct ledger_file *f, struct ledger_record *record)
{
	size_t length, whole, size;
	struct sdex_failure why = {.text = "memory is out"};
	if (!next_line(f, &length, &whole))
		return false;
	if (length == 0)
		return true;
	if (!decode_text(f->data + f->at, length, &size, &f->text, &why)) {
		say_refused("%s, line %llu: %s", f->name, (unsigned long long)f->line, why.text);
		return false;
	}
	give(f, record, size);
	snprintf(record->where, sizeof record->where, "%.4096s, line %llu", f->name,
		 (unsigned long long)f->line);
	take(f, whole - size);
	return true;
}

/* What stands at the front: a ledger, or the head of a batch of them? */
static bool is_batch(const struct ledger_file *f)
{
	uint32_t first = load_be32(front(f)), second = load_be32(front(f) + 4);
	if (first > 2)
		return true;
	return first > 0 && (second > 1 || (second == 1 && load_be32(front(f) + 8) != 0));
}

static bool begin_batch(struct ledger_file *f)
{
	uint32_t first = load_be32(front(f)), last = load_be32(front(f) + 4);
	uint32_t count = load_be32(front(f) + 8);
	if (last < first || count != last - first + 1)
		return refuse(f, place(f),
			      "expected a ledger (LedgerCloseMeta) or a batch of them, found "
			      "neither");
	f->batched = count;
	f->batch_next = first;
	take(f, BATCH_HEAD);
	return true;
}

/* Where does the value end?  Read on until it does. */
static bool next_bare(struct ledger_file *f, struct ledger_record *record)
{
	struct sdex_failure why;
	size_t used;
	if (!need(f, BATCH_HEAD))
		return false;
	if (left(f) == 0 && !f->batched)
		return true;
	if (!f->batched && left(f) >= BATCH_HEAD && is_batch(f) && !begin_batch(f))
		return false;
	for (;;) {
		enum sdex_error error = sdex_xdr_check(SDEX_TYPE_LedgerCloseMeta, &used, front(f),
						       left(f), NULL, &why);
		if (!error)
			break;
		if (error != SDEX_ERR_TRUNCATED || f->ended)
			return refuse(f, place(f) + why.where, why.text);
		/* twice as much, so that what is looked at again is not more than what there is */
		size_t wanted = 2 * left(f) > FIRST_ROOM ? 2 * left(f) : FIRST_ROOM;
		if (over_limit(f, left(f)) || !need(f, wanted))
			return false;
	}
	if (over_limit(f, used))
		return false;
	give(f, record, used);
	if (f->batched) {
		f->batched--;
		f->batch_next++;
	}
	return true;
}

bool ledger_file_next(struct ledger_file *f, struct ledger_record *record)
{
	*record = (struct ledger_record){0};
	switch (f->form) {
	case LEDGER_FRAMED:
		return next_framed(f, record);
	case LEDGER_LINES:
		return next_of_lines(f, record);
	case LEDGER_BARE:
		break;
	}
	return next_bare(f, record);
}
