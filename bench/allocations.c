/* bench/allocations.c - counts what is taken from the system: linked with a benchmark, these stand
 * in front of the C library's own. */
#include "bench.h"

static uint64_t allocations;

/* glibc's, under the names that stay when malloc is replaced. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *piece, size_t size);

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *piece, size_t size);

void *malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	allocations++;
	return __libc_calloc(count, size);
}

void *realloc(void *piece, size_t size)
{
	allocations++;
	return __libc_realloc(piece, size);
}

void bench_allocations(const char *name, bench_work *work, void *state)
{
	const uint64_t count = 100;
	work(state, 1); /* arenas take what they then keep */
	uint64_t before = allocations;
	work(state, count);
	bench_print(name, (double)(allocations - before) / (double)count, "each");
}
