/* sign/confine.c - Landlock, seccomp, and the small things before them.
 *
 * The kernel's numbers that Debian 12's headers do not have yet are written out here. */
#define _GNU_SOURCE /* close_range */
#include "sign/confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/failure.h"
#include "sign/secret.h"

/* Their runtimes, and the counters of gcov that are written at the end, need what is closed here. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(SDEX_COVERAGE)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
	__has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

void confine_early(struct confined *confined)
{
	secret_harden();
	confined->not_dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
	confined->no_core = confined->not_dumpable;
	confined->no_new_privileges = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/* ---- descriptors ---- */

static int by_number(const void *a, const void *b)
{
	const int *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

enum sdex_error confine_descriptors(const int *keep, size_t count, struct sdex_failure *why)
{
	int kept[8];
	unsigned from = STDERR_FILENO + 1;
	if (count > sizeof kept / sizeof *kept)
		return fail(why, SDEX_ERR_INVALID, 0, "too many descriptors to keep");
	memcpy(kept, keep, count * sizeof *kept);
	qsort(kept, count, sizeof *kept, by_number);
	for (size_t i = 0; i <= count; i++) {
		unsigned end = i < count ? (unsigned)kept[i] : ~0u;
		if (i < count && kept[i] < (int)from)
			continue;
		if (end > from && close_range(from, i < count ? end - 1 : end, 0))
			return fail(why, SDEX_ERR_INVALID, 0, "cannot close descriptors: %s",
				    strerror(errno));
		from = end + 1;
	}
	return SDEX_OK;
}

/* ---- Landlock ---- */

struct ruleset {
	uint64_t files, net, scoped; /* handled, so denied: no rule allows any of it */
};

#define LANDLOCK_FILES_1 ((UINT64_C(1) << 13) - 1) /* ABI 1: all there was */
#define LANDLOCK_REFER (UINT64_C(1) << 13)         /* 2 */
#define LANDLOCK_TRUNCATE (UINT64_C(1) << 14)      /* 3 */
#define LANDLOCK_IOCTL (UINT64_C(1) << 15)         /* 5 */
#define LANDLOCK_TCP UINT64_C(3)                   /* 4: bind, connect */
#define LANDLOCK_SCOPES UINT64_C(3)                /* 6: abstract sockets, signals */

static size_t fill_ruleset(struct ruleset *ruleset, int abi)
{
	*ruleset = (struct ruleset){.files = LANDLOCK_FILES_1};
	ruleset->files |= abi >= 2 ? LANDLOCK_REFER : 0;
	ruleset->files |= abi >= 3 ? LANDLOCK_TRUNCATE : 0;
	ruleset->files |= abi >= 5 ? LANDLOCK_IOCTL : 0;
	ruleset->net = abi >= 4 ? LANDLOCK_TCP : 0;
	ruleset->scoped = abi >= 6 ? LANDLOCK_SCOPES : 0;
	return abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
}

static enum sdex_error landlock(struct confined *confined, struct sdex_failure *why)
{
	struct ruleset ruleset;
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi <= 0 || SANITIZED)
		return SDEX_OK; /* not in this kernel, or not switched on */
	size_t size = fill_ruleset(&ruleset, (int)abi);
	long fd = syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);
	if (fd < 0 || syscall(SYS_landlock_restrict_self, fd, 0))
		return fail(why, SDEX_ERR_INVALID, 0,
			    "the kernel has Landlock %ld and refuses its use: %s", abi,
			    strerror(errno));
	close((int)fd);
	confined->landlock = (int)abi;
	return SDEX_OK;
}

/* ---- seccomp ---- */

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#define ARCHITECTURE 0
#endif

/* The low half of an argument: all that the calls below look at. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARGUMENT(n) ((uint32_t)(offsetof(struct seccomp_data, args) + 8u * (n)))
#else
#define ARGUMENT(n) ((uint32_t)(offsetof(struct seccomp_data, args) + 8u * (n) + 4u))
#endif

#define ALLOW(number)                                        \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* Memory, but none that code could run from. */
#define ALLOW_DATA(number)                                             \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 4),           \
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(2)),       \
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1), \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),   \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* A call whose first argument is our own process, which stands for OWN_PROCESS. */
#define OWN_PROCESS UINT32_MAX
#define ALLOW_SELF(number)                                              \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 4),            \
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(0)),        \
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_PROCESS, 1, 0), \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),    \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* Reading, writing, syncing; memory; time; ending.  fcntl and fstat are libc's before it
 * writes, the signal calls those of abort, ftruncate the audit log's after a failed write. */
static const struct sock_filter filter[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	ALLOW(SYS_read),
	ALLOW(SYS_write),
	ALLOW(SYS_ppoll),
#ifdef SYS_poll
	ALLOW(SYS_poll),
#endif
	ALLOW(SYS_fdatasync),
	ALLOW(SYS_ftruncate),
	ALLOW(SYS_clock_gettime),
	ALLOW_DATA(SYS_mmap),
	ALLOW(SYS_mremap),
	ALLOW(SYS_munmap),
	ALLOW_DATA(SYS_mprotect),
	ALLOW(SYS_madvise),
	ALLOW(SYS_munlock),
	ALLOW(SYS_brk),
	ALLOW(SYS_futex),
	ALLOW(SYS_getrandom),
	ALLOW(SYS_close),
	ALLOW(SYS_fstat),
#ifdef SYS_newfstatat
	ALLOW(SYS_newfstatat),
#endif
	ALLOW(SYS_fcntl),
	ALLOW(SYS_lseek),
	ALLOW(SYS_getpid),
	ALLOW(SYS_gettid),
	ALLOW_SELF(SYS_tgkill),
	ALLOW(SYS_rt_sigprocmask),
	ALLOW(SYS_rt_sigaction),
	ALLOW(SYS_rt_sigreturn),
	ALLOW(SYS_restart_syscall),
	ALLOW(SYS_exit),
	ALLOW(SYS_exit_group),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
};

static enum sdex_error seccomp(struct confined *confined, struct sdex_failure *why)
{
	struct sock_filter own[sizeof filter / sizeof *filter];
	const struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = own};
	const uint32_t kill = SECCOMP_RET_KILL_PROCESS;
	if (!ARCHITECTURE || SANITIZED || syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &kill))
		return SDEX_OK;
	memcpy(own, filter, sizeof own);
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (own[i].code == (BPF_JMP | BPF_JEQ | BPF_K) && own[i].k == OWN_PROCESS)
			own[i].k = (uint32_t)getpid();
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program))
		return fail(why, SDEX_ERR_INVALID, 0,
			    "the kernel has seccomp and refuses its use: %s", strerror(errno));
	confined->seccomp = true;
	return SDEX_OK;
}

enum sdex_error confine_serving(struct confined *confined, struct sdex_failure *why)
{
	enum sdex_error error = landlock(confined, why);
	return error ? error : seccomp(confined, why);
}

/* ---- telling ---- */

void confine_text(char *text, size_t room, const struct confined *c)
{
	char abi[24] = "no Landlock";
	if (c->landlock)
		snprintf(abi, sizeof abi, "Landlock %d", c->landlock);
	snprintf(text, room, "%s, %s, %s, %s, %s",
		 c->not_dumpable && c->no_core ? "no dumps" : "DUMPS POSSIBLE",
		 c->no_new_privileges ? "no new privileges" : "PRIVILEGES CAN BE GAINED", abi,
		 c->seccomp ? "seccomp" : "no seccomp",
		 c->locked ? "secrets locked in memory" : "secrets may be swapped");
}

bool confine_is_whole(const struct confined *c)
{
	return c->not_dumpable && c->no_core && c->no_new_privileges && c->landlock && c->seccomp &&
	       c->locked;
}
