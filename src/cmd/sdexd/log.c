/* cmd/sdexd/log.c - lines for people, lines for machines. */
#include "cmd/sdexd/log.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/json_write.h"

#define LINE_ROOM 4096u

static const char *level_name(enum env_level level)
{
	switch (level) {
	case ENV_DEBUG:
		return "debug";
	case ENV_INFO:
		return "info";
	case ENV_WARNING:
		return "warn";
	case ENV_ERROR:
		return "error";
	}
	return "info";
}

static void member(struct json_writer *w, const char *name, const char *value)
{
	json_write_key(w, name, strlen(name));
	json_write_string(w, value, strlen(value));
}

static void write_json(const char *time, enum env_level level, const char *event_id,
		       const char *text)
{
	char line[LINE_ROOM];
	struct json_writer w;
	size_t size;
	json_write_buffer(&w, line, sizeof line, false);
	json_write_object(&w);
	member(&w, "@timestamp", time);
	member(&w, "log.level", level_name(level));
	member(&w, "event.action", event_id);
	member(&w, "message", text);
	member(&w, "service.name", "sdexd");
	json_write_object_end(&w);
	if (!json_write_close(&w, NULL, &size))
		printf("%.*s\n", (int)size, line);
}

void log_line(int64_t now_ms, enum env_level level, const char *event_id, const char *text)
{
	time_t seconds = (time_t)(now_ms / 1000);
	struct tm tm;
	char day[32], time[48];
	gmtime_r(&seconds, &tm);
	strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(time, sizeof time, "%s.%03dZ", day, (int)(now_ms % 1000));
	if (isatty(STDOUT_FILENO))
		printf("%s  %-5s  %s\n", time + 11, level_name(level), text);
	else
		write_json(time, level, event_id, text);
	fflush(stdout);
}
