/* A job's pieces shared between threads. */
#ifndef SHARE_H
#define SHARE_H
#include "kernels.h"

enum { MAX_THREADS = 16 };

/* Does all of a job. 0: there was no memory. */
int do_job(Job* job);

/* Which kernels from now on (null: the processor's best), and how many threads at most (0: as many as there are processors). */
int configure(const char* kernels, int threads);
const Kernels* kernels_now(void);
int threads_now(void);
#endif
