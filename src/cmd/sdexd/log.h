/* cmd/sdexd/log.h - what the process has to say: readable lines on a terminal, else one
 * JSON object a line with the names of the Elastic Common Schema.  On stdout. */
#ifndef SDEX_CMD_SDEXD_LOG_H
#define SDEX_CMD_SDEXD_LOG_H

#include <stdint.h>

#include "env/env.h"

/* Writes one line.  `event_id` is a word such as "order.open", the text UTF-8. */
void log_line(int64_t now_ms, enum env_level level, const char *event_id, const char *text);

#endif
