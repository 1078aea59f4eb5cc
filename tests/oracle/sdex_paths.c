/* tests/oracle/sdex_paths.c - libsdex's side of tests/oracle/paths: reads a world from its
 * standard input and answers its questions. */
#include <stdlib.h>

#include "paths_world.h"

int main(void)
{
	size_t room = 1u << 16, used = 0;
	char *text = malloc(room);
	while (text) {
		used += fread(text + used, 1, room - 1 - used, stdin);
		if (used < room - 1)
			break;
		room *= 2;
		text = realloc(text, room);
	}
	if (!text || ferror(stdin))
		return 2;
	text[used] = 0;
	struct paths_world *world = paths_world_read(text, used);
	paths_world_answer(world, stdout);
	paths_world_free(world);
	free(text);
	return ferror(stdout) || fflush(stdout) ? 2 : 0;
}
