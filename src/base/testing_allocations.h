/* base/testing_allocations.h - counts what is taken from the system, whoever takes it: for one
 * file of a test or a benchmark, whose program's own malloc this then is. */
#ifndef SDEX_BASE_TESTING_ALLOCATIONS_H
#define SDEX_BASE_TESTING_ALLOCATIONS_H

#include <stdbool.h>
#include <stddef.h>

static _Atomic unsigned long allocations;

#if defined(__has_feature) /* clang's word for what gcc says by __SANITIZE_ADDRESS__ */
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

#ifdef __SANITIZE_ADDRESS__
int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void *, size_t),
					      void (*)(const volatile void *));
static void on_malloc(const volatile void *piece, size_t size)
{
	(void)piece, (void)size;
	allocations++;
}
static void on_free(const volatile void *piece)
{
	(void)piece;
}

/* Counts from now on; false when that cannot be. */
static bool allocations_watch(void)
{
	static bool watching;
	if (!watching)
		watching = __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) > 0;
	return watching;
}
#else
/* glibc's own, under the names that stay when malloc is replaced. */
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

/* Counts from now on; false when that cannot be. */
static bool allocations_watch(void)
{
	return true;
}
#endif

#endif
