/* sign/audit_record.c - records of the audit log from bytes and back, and the reading of a log. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/check.h"
#include "base/endian.h"
#include "base/failure.h"
#include "sign/audit_chain.h"
#include "sign/pack.h"

#define VERSION 1u
#define SIGNATURE_SIZE 64u
#define FIXED_SIZE 123u /* of a record, before its runs */
#define LENGTH_SIZE 4u
#define HASH_SIZE 32u
#define RECORD_MOST (LENGTH_SIZE + AUDIT_RECORD_MAX + HASH_SIZE)
#define WINDOW (4u * RECORD_MOST)

/* ---- one record ---- */

bool audit_record_read(struct audit_record *r, const void *data, size_t size)
{
	struct unpack u = {.at = data, .left = size};
	memset(r, 0, sizeof *r);
	uint8_t version = unpack_u8(&u), kind = unpack_u8(&u);
	r->kind = (enum audit_kind)kind;
	r->number = unpack_u64(&u);
	r->time_ms = (int64_t)unpack_u64(&u);
	unpack_copy(&u, r->policy, sizeof r->policy);
	unpack_copy(&u, r->hash, sizeof r->hash);
	unpack_copy(&u, r->source, sizeof r->source);
	r->sequence = (int64_t)unpack_u64(&u);
	uint8_t flags = unpack_u8(&u);
	r->replaces = flags & 1;
	r->key = unpack_run(&u, FRAME_NAME_MAX);
	r->rule = unpack_run(&u, FRAME_NAME_MAX);
	r->text = unpack_run(&u, AUDIT_TEXT_MAX);
	r->signature = unpack_run(&u, SIGNATURE_SIZE);
	r->envelope = unpack_run(&u, FRAME_ENVELOPE_MAX);
	return unpack_done(&u) && version == VERSION && kind >= AUDIT_START && kind <= AUDIT_STOP &&
	       flags <= 1;
}

/* Can the bytes be the front of this record, of `length` bytes in all?  Its fields say how
 * long it is, too: a length that was changed is no crash's doing. */
static bool begins_record(const uint8_t *data, size_t size, uint32_t length, uint64_t number)
{
	static const uint32_t most[] = {FRAME_NAME_MAX, FRAME_NAME_MAX, AUDIT_TEXT_MAX,
					SIGNATURE_SIZE, FRAME_ENVELOPE_MAX};
	size_t at = FIXED_SIZE;
	if ((size > 0 && data[0] != VERSION) ||
	    (size > 1 && (data[1] < AUDIT_START || data[1] > AUDIT_STOP)) ||
	    (size >= 10 && load_be64(data + 2) != number))
		return false;
	for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
		if (size < at + 4)
			return true;
		uint32_t run = load_be32(data + at);
		at += 4 + (size_t)run;
		if (run > most[i] || at > length)
			return false;
	}
	return at == length;
}

static void pack_bounded(struct pack *p, struct sdex_bytes run, uint32_t most)
{
	p->full = p->full || run.size > most;
	pack_run(p, run);
}

size_t audit_record_write(void *data, size_t room, const struct audit_record *r)
{
	struct pack p = {.data = data, .room = room < AUDIT_RECORD_MAX ? room : AUDIT_RECORD_MAX};
	pack_u8(&p, VERSION);
	pack_u8(&p, (uint8_t)r->kind);
	pack_u64(&p, r->number);
	pack_u64(&p, (uint64_t)r->time_ms);
	pack_bytes(&p, r->policy, sizeof r->policy);
	pack_bytes(&p, r->hash, sizeof r->hash);
	pack_bytes(&p, r->source, sizeof r->source);
	pack_u64(&p, (uint64_t)r->sequence);
	pack_u8(&p, r->replaces);
	pack_bounded(&p, r->key, FRAME_NAME_MAX);
	pack_bounded(&p, r->rule, FRAME_NAME_MAX);
	pack_bounded(&p, r->text, AUDIT_TEXT_MAX);
	pack_bounded(&p, r->signature, SIGNATURE_SIZE);
	pack_bounded(&p, r->envelope, FRAME_ENVELOPE_MAX);
	return p.full ? 0 : p.size;
}

/* ---- the chain ---- */

const uint8_t audit_head[AUDIT_HEAD_SIZE] = "sdex-audit 1\n\0\0";

void audit_chain(uint8_t hash[32], const void *data, size_t size)
{
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, HASH_SIZE);
	crypto_generichash_update(&state, hash, HASH_SIZE);
	crypto_generichash_update(&state, data, size);
	crypto_generichash_final(&state, hash, HASH_SIZE);
}

void audit_chain_start(uint8_t hash[32])
{
	CHECK(sodium_init() >= 0);
	crypto_generichash(hash, HASH_SIZE, audit_head, sizeof audit_head, NULL, 0);
}

/* ---- reading ---- */

struct reader {
	int fd;
	struct audit_sum *sum;
	audit_each *each;
	void *arg;
	uint8_t *window;
	size_t size, at; /* bytes in it, and those done with */
	bool ended;
};

/* Fills the window up to its end or the file's. */
static enum sdex_error fill(struct reader *r, struct sdex_failure *why)
{
	memmove(r->window, r->window + r->at, r->size - r->at);
	r->size -= r->at;
	r->at = 0;
	while (r->size < WINDOW && !r->ended) {
		ssize_t got = read(r->fd, r->window + r->size, WINDOW - r->size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(why, SDEX_ERR_INVALID, r->sum->bytes,
				    "cannot read the audit log: %s", strerror(errno));
		r->ended = got == 0;
		r->size += (size_t)got;
	}
	return SDEX_OK;
}

static bool all_zero(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (data[i])
			return false;
	return true;
}

static enum sdex_error broken(const struct reader *r, enum sdex_error code, const char *what,
			      struct sdex_failure *why)
{
	return fail(why, code, r->sum->bytes,
		    "the audit log is damaged or was changed: record %" PRIu64 ", at byte %" PRIu64
		    ", %s; keep the file, and find out who could write it",
		    r->sum->records + 1, r->sum->bytes, what);
}

static enum sdex_error take(struct reader *r, const uint8_t *data, uint32_t size,
			    struct sdex_failure *why)
{
	struct audit_record record;
	struct audit_sum *sum = r->sum;
	uint8_t hash[HASH_SIZE];
	memcpy(hash, sum->hash, sizeof hash);
	audit_chain(hash, data, size);
	if (memcmp(hash, data + size, HASH_SIZE) != 0)
		return broken(r, SDEX_ERR_CHECKSUM, "does not follow from the one before", why);
	if (!audit_record_read(&record, data, size) || record.number != sum->records + 1)
		return broken(r, SDEX_ERR_SYNTAX, "is none that this program writes", why);
	enum sdex_error error = r->each ? r->each(r->arg, &record, why) : SDEX_OK;
	if (error)
		return error;
	memcpy(sum->hash, hash, sizeof hash);
	sum->records++;
	sum->bytes += LENGTH_SIZE + size + HASH_SIZE;
	if (sum->records == 1)
		sum->first_ms = record.time_ms;
	sum->last_ms = record.time_ms > sum->last_ms ? record.time_ms : sum->last_ms;
	return SDEX_OK;
}

/* A write that a crash has cut leaves the beginning of a record, and behind what the disk has
 * taken the file may read as zeros.  Nothing else is forgiven, at the end neither. */
static bool is_cut_off(const struct reader *r, size_t left, uint32_t length)
{
	const uint8_t *data = r->window + r->at;
	if (!r->ended)
		return false;
	if (left < LENGTH_SIZE || all_zero(data, left))
		return true;
	if (length == 0 || length > AUDIT_RECORD_MAX)
		return false;
	size_t body = LENGTH_SIZE + length;
	if (left >= body + HASH_SIZE && !all_zero(data + body, left - body))
		return false;
	size_t seen = left < body ? left : body;
	while (seen > LENGTH_SIZE && data[seen - 1] == 0)
		seen--;
	return begins_record(data + LENGTH_SIZE, seen - LENGTH_SIZE, length, r->sum->records + 1);
}

/* The next record; *done at the end. */
static enum sdex_error next(struct reader *r, bool *done, struct sdex_failure *why)
{
	size_t left = r->size - r->at;
	if (left < RECORD_MOST && !r->ended) {
		enum sdex_error error = fill(r, why);
		if (error)
			return error;
		left = r->size - r->at;
	}
	const uint8_t *data = r->window + r->at;
	uint32_t length = left >= LENGTH_SIZE ? load_be32(data) : 0;
	if (is_cut_off(r, left, length)) {
		r->sum->cut_off = left;
		*done = true;
		return SDEX_OK;
	}
	if (length == 0 || length > AUDIT_RECORD_MAX)
		return broken(r, SDEX_ERR_SYNTAX, "has a length that none has", why);
	if (left < (size_t)LENGTH_SIZE + length + HASH_SIZE)
		return broken(r, SDEX_ERR_SYNTAX, "is longer than what is left of the file", why);
	enum sdex_error error = take(r, data + LENGTH_SIZE, length, why);
	r->at += LENGTH_SIZE + length + HASH_SIZE;
	return error;
}

static enum sdex_error read_head(struct reader *r, struct sdex_failure *why)
{
	enum sdex_error error = fill(r, why);
	if (error)
		return error;
	/* The first write, cut. */
	if (r->size < sizeof audit_head && memcmp(r->window, audit_head, r->size) == 0) {
		r->sum->cut_off = r->size;
		r->at = r->size;
		return SDEX_OK;
	}
	if (r->size < sizeof audit_head || memcmp(r->window, audit_head, sizeof audit_head) != 0)
		return fail(why, SDEX_ERR_SYNTAX, 0,
			    "not an audit log of this version: name the file that `sdex-signer "
			    "serve` has made, or a new one");
	r->at = r->sum->bytes = sizeof audit_head;
	return SDEX_OK;
}

enum sdex_error audit_read(int fd, struct audit_sum *sum, audit_each *each, void *arg,
			   struct sdex_failure *why)
{
	struct reader r = {.fd = fd, .sum = sum, .each = each, .arg = arg};
	*sum = (struct audit_sum){0};
	audit_chain_start(sum->hash);
	r.window = malloc(WINDOW);
	if (!r.window)
		return fail(why, SDEX_ERR_NOMEM, 0, "memory for reading the audit log is out");
	enum sdex_error error = read_head(&r, why);
	bool done = sum->bytes == 0;
	while (!error && !done)
		error = next(&r, &done, why);
	free(r.window);
	return error;
}
