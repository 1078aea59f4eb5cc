/* store/thread.h - threads that leave the process's signals to the loop. */
#ifndef SDEX_STORE_THREAD_H
#define SDEX_STORE_THREAD_H

#include <pthread.h>
#include <signal.h>

/* As pthread_create.  The thread takes no signal: those of the process go to the loop's, and
 * a write over a limit ends in its errno instead of SIGXFSZ. */
static inline int thread_start(pthread_t *thread, void *(*run)(void *), void *arg)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int error = pthread_create(thread, NULL, run, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

#endif
