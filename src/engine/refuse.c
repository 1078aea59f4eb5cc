/* engine/refuse.c - why a command is not done: problems as RFC 9457 has them. */
#include "engine/inside.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
	unsigned status;
	const char *code, *title, *remedy;
} refusals[] = {
#define REFUSAL_ROW(name, status, code, title, remedy) {status, code, title, remedy},
	REFUSALS(REFUSAL_ROW)
#undef REFUSAL_ROW
};

void command_refuse(struct engine *e, uint64_t token, enum refusal refusal, const char *field,
		    const char *format, ...)
{
	char detail[400];
	va_list args;
	va_start(args, format);
	vsnprintf(detail, sizeof detail, format, args);
	va_end(args);
	struct json_writer w;
	const uint8_t *text;
	size_t size;
	json_write_arena(&w, e->scratch, false);
	json_write_object(&w);
	field_text(&w, "type", "about:blank");
	field_text(&w, "title", refusals[refusal].title);
	field_uint(&w, "status", refusals[refusal].status);
	field_text(&w, "code", refusals[refusal].code);
	field_text(&w, "detail", detail);
	if (field)
		field_text(&w, "field", field);
	field_text(&w, "remedy", refusals[refusal].remedy);
	json_write_object_end(&w);
	if (json_write_close(&w, &text, &size)) { /* a cut character, or memory is out */
		static const char plain[] = "{\"type\":\"about:blank\",\"status\":503,"
					    "\"code\":\"not_ready\",\"title\":\"Out of memory\"}";
		e->env.reply(e->env.world, token, 503, plain, sizeof plain - 1);
		return;
	}
	e->env.reply(e->env.world, token, refusals[refusal].status, text, size);
}
