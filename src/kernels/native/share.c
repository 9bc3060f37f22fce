/*
 * The threads wait for work asleep, and live as long as the process. Jobs of several JavaScript threads may come at once:
 * one of them gets the helpers, the others do theirs alone.
 */
#define _GNU_SOURCE
#include "share.h"
#include "platform.h"
#include <pthread.h>
#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#endif
#if defined(__SSE2__)
#include <immintrin.h>
#endif

/* A job that touches fewer elements takes less time than to wake a thread. */
#if !defined(WORTH_SHARING)
#define WORTH_SHARING (1 << 16)
#endif

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work_came = PTHREAD_COND_INITIALIZER, helper_left = PTHREAD_COND_INITIALIZER;
/* Guarded by the lock. */
static Job* shared;
static const Kernels* shared_kernels;
static Supply supply;
static int helpers, wanted, helping;
static pid_t owner;

static const Kernels* kernels;
static int threads;

static int processors(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online < 1 ? 1 : (int)online;
}

int configure(const char* name, int count) {
  const Kernels* found = kernels_named(name);
  if (!found) return 0;
  if (count < 1) count = processors();
  pthread_mutex_lock(&lock);
  __atomic_store_n(&kernels, found, __ATOMIC_RELAXED);
  __atomic_store_n(&threads, count < MAX_THREADS ? count : MAX_THREADS, __ATOMIC_RELAXED);
  pthread_mutex_unlock(&lock);
  return 1;
}

const Kernels* kernels_now(void) {
  if (!__atomic_load_n(&kernels, __ATOMIC_RELAXED)) configure(0, 0);
  return __atomic_load_n(&kernels, __ATOMIC_RELAXED);
}

int threads_now(void) { return __atomic_load_n(&threads, __ATOMIC_RELAXED); }

/* TensorFlow has denormal numbers flushed to zero while its operations run; here they count. */
static void run_exactly(const Kernels* k, Job* job, Supply* pieces) {
#if defined(__SSE2__)
  const unsigned before = _mm_getcsr();
  _mm_setcsr(0x1f80);
  k->run(job, pieces);
  _mm_setcsr(before);
#elif defined(__aarch64__)
  uint64_t before;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before));
  __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)0));
  k->run(job, pieces);
  __asm__ volatile("msr fpcr, %0" : : "r"(before));
#else
  k->run(job, pieces);
#endif
}

static void* help(void* nothing) {
  pthread_mutex_lock(&lock);
  for (;;) {
    while (!shared || wanted == 0) pthread_cond_wait(&work_came, &lock);
    wanted--;
    helping++;
    const Kernels* const k = shared_kernels;
    Job* const job = shared;
    pthread_mutex_unlock(&lock);
    run_exactly(k, job, &supply);
    pthread_mutex_lock(&lock);
    if (--helping == 0) pthread_cond_signal(&helper_left);
  }
  return nothing;
}

/* As many helpers as there are, or can be had. */
static int helpers_up_to(int count) {
  /* After a fork without exec the child has none of the threads. */
  if (owner != getpid()) {
    owner = getpid();
    helpers = 0;
    helping = 0;
  }
  for (; helpers < count; helpers++) {
    pthread_t thread;
    if (pthread_create(&thread, 0, help, 0)) break;
    pthread_detach(thread);
  }
  return helpers < count ? helpers : count;
}

int do_job(Job* job) {
  const Kernels* const k = kernels_now();
  const int64_t pieces = cut_of(job, k->lanes).pieces;
  const int64_t elements = x_elements(job->g) + y_elements(job->g);
  int others = (int)least(threads_now(), pieces) - 1;
  job->failed = 0;
  if (others > 0 && elements >= WORTH_SHARING) {
    pthread_mutex_lock(&lock);
    if (!shared && (others = helpers_up_to(others)) > 0) {
      shared = job;
      shared_kernels = k;
      supply = (Supply){0, pieces, most(1, pieces / (16 * (others + 1)))};
      wanted = others;
      for (int i = 0; i < others; i++) pthread_cond_signal(&work_came);
      pthread_mutex_unlock(&lock);
      run_exactly(k, job, &supply);
      pthread_mutex_lock(&lock);
      wanted = 0;
      while (helping > 0) pthread_cond_wait(&helper_left, &lock);
      shared = 0;
      pthread_mutex_unlock(&lock);
      return !__atomic_load_n(&job->failed, __ATOMIC_RELAXED);
    }
    pthread_mutex_unlock(&lock);
  }
  Supply all = {0, pieces, pieces};
  run_exactly(k, job, &all);
  return !job->failed;
}
