/* fuzz/replay.c - feeds saved inputs to a fuzz target, with any compiler.
 *
 * usage: replay_TARGET FOLDER...: every file of every folder is one input; a short
 * one is also cut off after each of its bytes, since ends are where decoders slip;
 * under valgrind (SDEX_RUN_UNDER) after each seventh.
 * The first folder (the corpus) must hold something; the others may be absent. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SHORT 2048

/* In a block of its own size, so that a sanitizer sees a read past the end. */
static void feed(const uint8_t *data, size_t size)
{
	uint8_t *input = malloc(size ? size : 1);
	if (!input)
		abort();
	memcpy(input, data, size);
	LLVMFuzzerTestOneInput(input, size);
	free(input);
}

static uint8_t *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	if (!file || fseek(file, 0, SEEK_END)) {
		perror(path);
		exit(1);
	}
	long length = ftell(file);
	rewind(file);
	uint8_t *data = malloc((size_t)length + 1);
	if (length < 0 || !data || fread(data, 1, (size_t)length, file) != (size_t)length) {
		perror(path);
		exit(1);
	}
	fclose(file);
	*size = (size_t)length;
	return data;
}

static int replay_folder(const char *folder)
{
	struct dirent **entries;
	int found = scandir(folder, &entries, NULL, alphasort);
	int inputs = 0;
	const char *under = getenv("SDEX_RUN_UNDER");
	size_t step = under && *under ? 7 : 1;
	for (int i = 0; i < found; i++) {
		if (entries[i]->d_name[0] != '.') {
			char path[4096];
			size_t size;
			snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
			uint8_t *data = read_file(path, &size);
			printf("%s\n", path);
			fflush(stdout);
			feed(data, size);
			for (size_t cut = 0; size <= SHORT && cut < size; cut += step)
				feed(data, cut);
			free(data);
			inputs++;
		}
		free(entries[i]);
	}
	if (found >= 0)
		free(entries);
	return inputs;
}

int main(int argc, char **argv)
{
	int corpus = argc > 1 ? replay_folder(argv[1]) : 0;
	int more = 0;
	for (int i = 2; i < argc; i++)
		more += replay_folder(argv[i]);
	printf("%d inputs\n", corpus + more);
	if (!corpus)
		fprintf(stderr, "no saved input in %s\n", argc > 1 ? argv[1] : "(no folder given)");
	return corpus ? 0 : 1;
}
