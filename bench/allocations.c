/* bench/allocations.c - how often a piece of work takes memory from the system. */
#include "base/testing_allocations.h"

#include "base/check.h"
#include "bench.h"

void bench_allocations(const char *name, bench_work *work, void *state)
{
	const uint64_t count = 100;
	CHECK(allocations_watch());
	work(state, 1); /* arenas take what they then keep */
	unsigned long before = allocations;
	work(state, count);
	bench_print(name, (double)(allocations - before) / (double)count, "each");
}
