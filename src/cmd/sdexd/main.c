/* cmd/sdexd/main.c - the connector daemon. */
#include <stdio.h>

#include "cmd/sdexd/live.h"

int main(int argc, char **argv)
{
	struct options options;
	struct sdex_failure why = {.text = "memory is out"};
	struct sdex_arena *arena = sdex_arena_new(0);
	int status = 2;
	if (!arena) {
		fprintf(stderr, "sdexd: memory is out\n");
		return 1;
	}
	switch (options_read(&options, arena, argc, argv)) {
	case OPTIONS_RUN:
		status = live_run(&options, &why);
		if (status)
			fprintf(stderr, "sdexd: %s\n", why.text);
		break;
	case OPTIONS_DONE:
		status = 0;
		break;
	case OPTIONS_WRONG:
		break;
	}
	sdex_arena_free(arena);
	return status;
}
