/* bench/bench.c - the samples, their median, and where the data comes from. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#define SAMPLES 9
#define SAMPLE_NS 100000000u

static uint64_t cpu_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t time_of(bench_work *work, void *state, uint64_t count)
{
	uint64_t start = cpu_ns();
	work(state, count);
	return cpu_ns() - start;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double per_second(bench_work *work, void *state)
{
	/* Doubling until a run is long enough to scale from is the warm-up too. */
	uint64_t count = 1;
	uint64_t ns = time_of(work, state, count);
	while (ns < SAMPLE_NS / 4) {
		count *= 2;
		ns = time_of(work, state, count);
	}
	count = (uint64_t)((double)count * SAMPLE_NS / (double)ns) + 1;
	double rates[SAMPLES];
	for (int i = 0; i < SAMPLES; i++) {
		ns = time_of(work, state, count);
		rates[i] = (double)count * 1e9 / (double)ns;
	}
	qsort(rates, SAMPLES, sizeof rates[0], by_value);
	return rates[SAMPLES / 2];
}

void bench_print(const char *name, double figure, const char *unit)
{
	printf("%s\t%.6g\t%s\n", name, figure, unit);
	fflush(stdout);
}

double bench_rate(const char *name, bench_work *work, void *state)
{
	double rate = per_second(work, state);
	bench_print(name, rate, "/s");
	return rate;
}

double bench_throughput(const char *name, bench_work *work, void *state, size_t bytes)
{
	double megabytes = per_second(work, state) * (double)bytes / 1e6;
	bench_print(name, megabytes, "MB/s");
	return megabytes;
}

const uint8_t *bench_file(const char *path, size_t *size)
{
	/* gzread passes a file that is not gzip through as it is. */
	gzFile file = gzopen(path, "rb");
	size_t room = 1u << 20, used = 0;
	uint8_t *data = malloc(room);
	int got = 0;
	while (file && data && (got = gzread(file, data + used, (unsigned)(room - used))) > 0) {
		used += (size_t)got;
		if (used == room)
			data = realloc(data, room *= 2);
	}
	if (!file || !data || got < 0) {
		fprintf(stderr, "bench: cannot read %s\n", path);
		exit(1);
	}
	gzclose(file);
	*size = used;
	return data;
}

const char *bench_corpus(const char *name)
{
	const char *folder = getenv("SDEX_CORPUS");
	if (!folder) {
		fprintf(stderr, "bench: SDEX_CORPUS is not set: nothing measured on %s\n", name);
		return NULL;
	}
	size_t room = strlen(folder) + strlen(name) + 2;
	char *path = malloc(room);
	if (!path)
		abort();
	snprintf(path, room, "%s/%s", folder, name);
	return path;
}
