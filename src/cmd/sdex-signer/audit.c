/* cmd/sdex-signer/audit.c - sdex-signer audit verify, audit show */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/json_write.h"
#include "cmd/sdex-signer/signer.h"
#include "sdex/strkey.h"
#include "sign/audit.h"

static const char help[] =
	"sdex-signer audit: the log of what was signed\n\n"
	"usage: sdex-signer audit verify FILE\n"
	"       sdex-signer audit show FILE\n\n"
	"verify reads the whole log and checks that no record was changed, left out or put in;\n"
	"it prints the last hash, which a copy elsewhere shows to be the end or not.\n"
	"show prints each record as a line of JSON, checking the same.\n";

static void key(struct json_writer *w, const char *name)
{
	json_write_key(w, name, strlen(name));
}

static void text(struct json_writer *w, const char *name, struct sdex_bytes value)
{
	if (!value.size)
		return;
	key(w, name);
	json_write_string(w, value.data, value.size);
}

static void bytes(struct json_writer *w, const char *name, const void *data, size_t size)
{
	static const uint8_t zero[32];
	if (size == 0 || (size == 32 && memcmp(data, zero, 32) == 0))
		return;
	key(w, name);
	json_write_hex(w, data, size);
}

static const char *kind_name(enum audit_kind kind)
{
	switch (kind) {
	case AUDIT_START:
		return "start";
	case AUDIT_INTENT:
		return "intent";
	case AUDIT_SIGNED:
		return "signed";
	case AUDIT_REFUSED:
		return "refused";
	case AUDIT_STOP:
		return "stop";
	}
	return "?";
}

static void date_text(char date[40], int64_t time_ms)
{
	time_t seconds = (time_t)(time_ms / 1000);
	struct tm tm;
	char front[32];
	if (!gmtime_r(&seconds, &tm) || !strftime(front, sizeof front, "%Y-%m-%dT%H:%M:%S", &tm))
		snprintf(front, sizeof front, "?");
	snprintf(date, 40, "%s.%03dZ", front, (int)(time_ms % 1000));
}

static void write_transaction(struct json_writer *w, const struct audit_record *r)
{
	char source[SDEX_STRKEY_KEY_ROOM];
	if (!r->sequence)
		return;
	if (!sdex_strkey_encode_key(source, sizeof source, NULL, SDEX_STRKEY_ACCOUNT, r->source))
		text(w, "source", (struct sdex_bytes){(uint8_t *)source, SDEX_STRKEY_LENGTH});
	key(w, "sequence");
	json_write_int64(w, r->sequence);
	key(w, "replaces");
	json_write_bool(w, r->replaces);
}

static enum sdex_error print(void *arg, const struct audit_record *r, struct sdex_failure *why)
{
	static char room[4 * AUDIT_RECORD_MAX];
	struct json_writer w;
	size_t size;
	char date[40];
	(void)arg, (void)why;
	date_text(date, r->time_ms);
	json_write_buffer(&w, room, sizeof room, false);
	json_write_object(&w);
	key(&w, "number");
	json_write_uint64(&w, r->number);
	key(&w, "at");
	json_write_string(&w, date, strlen(date));
	key(&w, "kind");
	json_write_string(&w, kind_name(r->kind), strlen(kind_name(r->kind)));
	text(&w, "key", r->key);
	bytes(&w, r->kind == AUDIT_START ? "network" : "hash", r->hash, 32);
	write_transaction(&w, r);
	text(&w, "rule", r->rule);
	text(&w, "text", r->text);
	bytes(&w, "signature", r->signature.data, r->signature.size);
	bytes(&w, "envelope", r->envelope.data, r->envelope.size);
	bytes(&w, "policy", r->policy, 32);
	json_write_object_end(&w);
	if (json_write_close(&w, NULL, &size) == SDEX_OK)
		printf("%.*s\n", (int)size, room);
	else
		printf("{\"number\":%" PRIu64 ",\"kind\":\"?\"}\n", r->number);
	return SDEX_OK;
}

static enum status read_log(const char *path, bool show)
{
	struct audit_sum sum;
	struct sdex_failure why;
	char hash[SDEX_HEX_LENGTH(32) + 1], from[40], to[40];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return say_refused("cannot open the audit log %s: %s", path, strerror(errno));
	enum sdex_error error = audit_read(fd, &sum, show ? print : NULL, NULL, &why);
	close(fd);
	if (error)
		return say_refused("%s: %s", path, why.text);
	if (sum.cut_off)
		say_note("%" PRIu64 " bytes at the end are of a record that is not finished: it is "
			 "being written, or a crash has cut it",
			 sum.cut_off);
	if (show || sdex_hex_encode(hash, sizeof hash, NULL, sum.hash, sizeof sum.hash))
		return STATUS_OK;
	date_text(from, sum.first_ms);
	date_text(to, sum.last_ms);
	printf("good    %" PRIu64 " records, %" PRIu64 " bytes\n", sum.records, sum.bytes);
	if (sum.records)
		printf("from    %s\nto      %s\n", from, to);
	printf("last    %s\n", hash);
	return STATUS_OK;
}

enum status verb_audit(int argc, char **argv)
{
	bool show = argc > 1 && strcmp(argv[1], "show") == 0;
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		fputs(help, stdout);
		return STATUS_OK;
	}
	if (argc != 3 || (!show && strcmp(argv[1], "verify") != 0))
		return say_usage("audit wants \"verify FILE\" or \"show FILE\"");
	return read_log(argv[2], show);
}
