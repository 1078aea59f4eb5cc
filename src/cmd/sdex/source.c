/* cmd/sdex/source.c - reading, inflating, counting. */
#include "cmd/sdex/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>
#include <zstd.h>

#include "cmd/sdex/say.h"

/* Packed bytes over eight times those that they unpack to: empty members and blocks, of which
 * a file that never ends can be made.  No file packed in earnest comes near. */
#define HOLLOW_MAX ((uint64_t)1 << 20)

struct source {
	const char *name;
	int fd;
	size_t limit, given;
	bool gzip, ended;          /* ended: the file is, or gzip's last member is whole */
	bool member;               /* inside a gzip member */
	uint64_t packed, unpacked; /* bytes, all members together */
	z_stream inflate;
	ZSTD_DStream *zstd; /* NULL: it is no zstd */
	size_t at, filled;  /* of raw */
	uint8_t raw[1 << 16];
};

const char *source_name(const struct source *source)
{
	return source->name;
}

void source_close(struct source *source)
{
	if (!source)
		return;
	if (source->gzip)
		inflateEnd(&source->inflate);
	ZSTD_freeDStream(source->zstd);
	if (source->fd != STDIN_FILENO)
		close(source->fd);
	free(source);
}

/* Fills the raw buffer behind what is left of it; false when the system refuses. */
static bool fill(struct source *s)
{
	if (s->at) {
		memmove(s->raw, s->raw + s->at, s->filled - s->at);
		s->filled -= s->at;
		s->at = 0;
	}
	while (s->filled < sizeof s->raw) {
		ssize_t got = read(s->fd, s->raw + s->filled, sizeof s->raw - s->filled);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			say_refused("cannot read %s: %s", s->name, strerror(errno));
			return false;
		}
		s->filled += (size_t)got;
		return true;
	}
	return true;
}

/* Fills until the first bytes are there that tell gzip and zstd, or the file ends. */
static bool fill_front(struct source *s)
{
	size_t before;
	do {
		before = s->filled;
		if (!fill(s))
			return false;
	} while (s->filled < 4 && s->filled > before);
	return true;
}

static bool start_zstd(struct source *s)
{
	static const uint8_t magic[] = {0x28, 0xb5, 0x2f, 0xfd};
	if (s->filled < sizeof(magic) || memcmp(s->raw, magic, sizeof(magic)) != 0)
		return true;
	s->zstd = ZSTD_createDStream();
	if (!s->zstd || ZSTD_isError(ZSTD_initDStream(s->zstd))) {
		say_refused("memory is out");
		return false;
	}
	s->member = true;
	return true;
}

static bool start_inflate(struct source *s, enum unpack unpack)
{
	if (!fill_front(s))
		return false;
	bool gzip = s->filled >= 3 && s->raw[0] == 0x1f && s->raw[1] == 0x8b && s->raw[2] == 8;
	if (unpack == UNPACK_NEVER)
		return true;
	if (!gzip && unpack == UNPACK_AUTO)
		return start_zstd(s);
	if (!gzip) {
		say_refused("%s is not gzip: it does not begin with 1f 8b 08", s->name);
		return false;
	}
	if (inflateInit2(&s->inflate, 16 + MAX_WBITS) != Z_OK) {
		say_refused("memory is out");
		return false;
	}
	s->gzip = true;
	s->member = true;
	return true;
}

struct source *source_open(const char *path, enum unpack unpack, size_t limit)
{
	bool standard = !path || strcmp(path, "-") == 0;
	struct source *s = calloc(1, sizeof *s);
	if (!s) {
		say_refused("memory is out");
		return NULL;
	}
	s->name = standard ? "standard input" : path;
	s->limit = limit;
	s->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (s->fd < 0) {
		say_refused("cannot open %s: %s", path, strerror(errno));
		free(s);
		return NULL;
	}
	if (standard && isatty(STDIN_FILENO))
		say_note("reading from the terminal; end with Ctrl-D");
	if (!start_inflate(s, unpack)) {
		source_close(s);
		return NULL;
	}
	return s;
}

static bool damaged(struct source *s)
{
	say_refused("%s is damaged gzip: %s", s->name,
		    s->inflate.msg ? s->inflate.msg : "it ends too early");
	return false;
}

/* After a whole member: the end of the file, or another member. */
static bool next_member(struct source *s)
{
	if (s->at == s->filled && !fill(s))
		return false;
	if (s->at == s->filled) {
		s->ended = true;
		return true;
	}
	s->member = true;
	return inflateReset(&s->inflate) == Z_OK;
}

static bool hollow(const struct source *s)
{
	if (s->packed / 8 <= HOLLOW_MAX / 8 + s->unpacked)
		return false;
	say_refused("%s is %s that unpacks to next to nothing: %llu bytes to %llu; pack anew "
		    "what is in it",
		    s->name, s->zstd ? "zstd" : "gzip", (unsigned long long)s->packed,
		    (unsigned long long)s->unpacked);
	return true;
}

static bool read_gzip(struct source *s, uint8_t *data, size_t room, size_t *size)
{
	*size = 0;
	while (*size == 0 && !s->ended) {
		if (!s->member) {
			if (!next_member(s))
				return false;
			continue;
		}
		if (s->at == s->filled) {
			if (!fill(s))
				return false;
			if (s->at == s->filled)
				return damaged(s);
		}
		s->inflate.next_in = s->raw + s->at;
		s->inflate.avail_in = (unsigned)(s->filled - s->at);
		s->inflate.next_out = data;
		s->inflate.avail_out = room > 1 << 30 ? 1u << 30 : (unsigned)room;
		unsigned asked = s->inflate.avail_out;
		int result = inflate(&s->inflate, Z_NO_FLUSH);
		s->packed += s->filled - s->at - s->inflate.avail_in;
		s->at = s->filled - s->inflate.avail_in;
		*size = asked - s->inflate.avail_out;
		s->unpacked += *size;
		if (result == Z_STREAM_END)
			s->member = false;
		else if (result != Z_OK && result != Z_BUF_ERROR)
			return damaged(s);
		if (hollow(s))
			return false;
	}
	return true;
}

/* Frame after frame.  What zstd keeps of the text before is at most 128 MB (its default). */
static bool read_zstd(struct source *s, uint8_t *data, size_t room, size_t *size)
{
	*size = 0;
	while (*size == 0) {
		if (s->at == s->filled && !fill(s))
			return false;
		bool ended = s->at == s->filled;
		if (ended && !s->member)
			return true;
		ZSTD_inBuffer in = {s->raw, s->filled, s->at};
		ZSTD_outBuffer out = {data, room, 0};
		size_t result = ZSTD_decompressStream(s->zstd, &out, &in);
		if (ZSTD_isError(result) || (ended && result && out.pos == 0)) {
			say_refused("%s is damaged zstd: %s", s->name,
				    ZSTD_isError(result) ? ZSTD_getErrorName(result)
							 : "it ends too early");
			return false;
		}
		s->member = result != 0;
		s->packed += in.pos - s->at;
		s->unpacked += out.pos;
		s->at = in.pos;
		*size = out.pos;
		if (hollow(s))
			return false;
	}
	return true;
}

static bool read_raw(struct source *s, uint8_t *data, size_t room, size_t *size)
{
	if (s->at == s->filled && !fill(s))
		return false;
	*size = s->filled - s->at < room ? s->filled - s->at : room;
	memcpy(data, s->raw + s->at, *size);
	s->at += *size;
	return true;
}

bool source_read(struct source *s, uint8_t *data, size_t room, size_t *size)
{
	/* One byte over the limit tells a longer input from one that just fits. */
	size_t left = s->limit - s->given;
	if (room > left)
		room = left + 1;
	if (!(s->gzip   ? read_gzip(s, data, room, size)
	      : s->zstd ? read_zstd(s, data, room, size)
			: read_raw(s, data, room, size)))
		return false;
	if (*size > left) {
		say_refused("%s is over the limit of %zu bytes%s; --max-size sets another", s->name,
			    s->limit, s->gzip || s->zstd ? " when it is unpacked" : "");
		return false;
	}
	s->given += *size;
	return true;
}

uint8_t *source_all(struct source *s, size_t *size)
{
	size_t room = 1 << 16, used = 0, got;
	uint8_t *data = malloc(room + 1);
	if (!data)
		goto no_memory;
	for (;;) {
		if (!source_read(s, data + used, room - used, &got)) {
			free(data);
			return NULL;
		}
		if (got == 0)
			break;
		used += got;
		if (used == room) {
			uint8_t *more =
				room > SIZE_MAX / 2 - 1 ? NULL : realloc(data, 2 * room + 1);
			if (!more)
				goto no_memory;
			data = more;
			room *= 2;
		}
	}
	data[used] = '\0';
	*size = used;
	return data;

no_memory:
	free(data);
	say_refused("memory is out for %s", s->name);
	return NULL;
}
