/* bench/bench.h - measures how often a piece of work is done in a second of CPU time.
 *
 * Each figure is the median of 9 samples of about 0.1 s of process CPU time each,
 * after a warm-up; the work runs on one thread.  It is printed at once as a line
 *     NAME <tab> FIGURE <tab> UNIT
 * with UNIT "/s", "MB/s" (10^6 bytes), "x" or "each", which tools/bench gathers. */
#ifndef SDEX_BENCH_H
#define SDEX_BENCH_H

#include <stddef.h>
#include <stdint.h>

/* Does the work `count` times. */
typedef void bench_work(void *state, uint64_t count);

/* Measures and prints times of `work` per second; returns the figure. */
double bench_rate(const char *name, bench_work *work, void *state);

/* The same for work that handles `bytes` bytes each time: prints MB/s. */
double bench_throughput(const char *name, bench_work *work, void *state, size_t bytes);

/* Prints how often one piece of work asks the system for memory once it has run before; for
 * benchmarks that are linked with allocations.c. */
void bench_allocations(const char *name, bench_work *work, void *state);

/* Prints a figure that was obtained in some other way. */
void bench_print(const char *name, double figure, const char *unit);

/* Makes the compiler believe that what `pointer` points to is used. */
static inline void bench_keep(const void *pointer)
{
	__asm__ volatile("" : : "r"(pointer) : "memory");
}

/* Reads a whole file, gunzipped when its name ends in .gz, into memory that lives as
 * long as the process; ends the process with a message when it cannot. */
const uint8_t *bench_file(const char *path, size_t *size);

/* The path of a corpus file, or NULL (said on stderr) when SDEX_CORPUS is not set;
 * the memory lives as long as the process. */
const char *bench_corpus(const char *name);

#endif
