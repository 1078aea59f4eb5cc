/* api/problem.c - problems as JSON. */
#include "api/problem.h"

#include <string.h>

#include "base/json_write.h"

static void member(struct json_writer *w, const char *name, const char *value)
{
	json_write_key(w, name, strlen(name));
	json_write_string(w, value, strlen(value));
}

void problem_answer(struct http_server *server, uint64_t token, const struct problem *problem)
{
	char text[2048];
	struct json_writer w;
	struct http_answer answer = {
		.status = problem->status, .type = "application/problem+json", .body = text};
	json_write_buffer(&w, text, sizeof text, false);
	json_write_object(&w);
	member(&w, "type", "about:blank");
	member(&w, "title", http_status_text(problem->status));
	json_write_key(&w, "status", 6);
	json_write_uint64(&w, problem->status);
	member(&w, "code", problem->code);
	if (problem->field)
		member(&w, "field", problem->field);
	member(&w, "detail", problem->detail);
	json_write_object_end(&w);
	if (json_write_close(&w, NULL, &answer.size)) /* a detail that does not fit */
		(void)!http_problem(server, token, problem->status, NULL);
	else
		(void)!http_answer(server, token, &answer);
}
