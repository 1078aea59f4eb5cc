/* examples/read_file.h - a whole file in memory, for the examples that need one. */
#ifndef READ_FILE_H
#define READ_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The caller frees it (the casts are for C++); NULL, with a word on stderr, when it cannot be read. */
static inline uint8_t *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	size_t room = (size_t)1 << 20, used = 0, got;
	uint8_t *data = (uint8_t *)malloc(room);
	while (file && data && (got = fread(data + used, 1, room - used, file)) > 0) {
		used += got;
		if (used == room) {
			uint8_t *more = (uint8_t *)realloc(data, room *= 2);
			if (!more)
				free(data);
			data = more;
		}
	}
	if (!file || !data || ferror(file)) {
		perror(path);
		free(data);
		data = NULL;
	}
	if (file)
		fclose(file);
	*size = used;
	return data;
}

#endif
