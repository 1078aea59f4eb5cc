/* tests/sign/confined.c - a process that confines itself as the signer does, and then tries
 * what its word says.  Says first what the kernel gave, and at the end that it lives. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "sign/confine.h"

static char *const nothing[] = {NULL};
static char page[4096] __attribute__((aligned(4096)));

static void open_file(void)
{
	(void)!open("/etc/hostname", O_RDONLY);
}
static void remove_file(void)
{
	(void)!unlink("/nothing/of/this/name");
}
static void make_socket(void)
{
	(void)!socket(AF_INET, SOCK_STREAM, 0);
}
static void run_program(void)
{
	(void)!execve("/bin/true", nothing, nothing);
}
static void make_process(void)
{
	(void)!syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}
static void signal_others(void)
{
	(void)!kill(getppid(), 0);
}
static void signal_a_thread_of_others(void)
{
	(void)!syscall(SYS_tgkill, 1, 1, 0);
}
static void read_others(void)
{
	(void)!syscall(SYS_process_vm_readv, getpid(), NULL, 0, NULL, 0, 0);
}
static void trace(void)
{
	(void)!syscall(SYS_ptrace, 0, 0, 0, 0);
}
static void be_dumpable(void)
{
	(void)!prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}
static void map_code(void)
{
	(void)!mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
static void make_code(void)
{
	(void)!mprotect(page, sizeof page, PROT_READ | PROT_EXEC);
}

/* What serving takes. */
static void work(void)
{
	struct timespec now;
	char *much = malloc((size_t)8 << 20);
	if (!much || clock_gettime(CLOCK_REALTIME, &now) || fcntl(STDOUT_FILENO, F_GETFL) < 0)
		abort();
	memset(much, 1, (size_t)8 << 20);
	much = realloc(much, (size_t)16 << 20);
	free(much);
}

static void give_up(void)
{
	abort();
}

static const struct {
	const char *name;
	void (*run)(void);
} attempts[] = {
	{"open", open_file},
	{"unlink", remove_file},
	{"socket", make_socket},
	{"execve", run_program},
	{"clone", make_process},
	{"kill", signal_others},
	{"tgkill", signal_a_thread_of_others},
	{"process_vm_readv", read_others},
	{"ptrace", trace},
	{"prctl", be_dumpable},
	{"mmap-exec", map_code},
	{"mprotect-exec", make_code},
	{"work", work},
	{"abort", give_up},
};

int main(int argc, char **argv)
{
	struct confined confined = {0};
	struct sdex_failure why = {0};
	confine_early(&confined);
	if (argc != 2 || confine_serving(&confined, &why)) {
		fprintf(stderr, "%s\n", why.text);
		return 2;
	}
	printf("landlock %d seccomp %d\n", confined.landlock, confined.seccomp);
	fflush(stdout);
	for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++)
		if (strcmp(attempts[i].name, argv[1]) == 0) {
			attempts[i].run();
			puts("lives");
			return 0;
		}
	return 2;
}
