/* Compiled for each kind of processor, which PROCESSOR names: baseline or avx2. */
#include "pool.h"
#include "pool_lines.h"
#include "route.h"
#include "route_lines.h"

static int are_taps(const int32_t* argmax, int64_t count, int64_t taps) {
  /* A number below 0, or above the last tap, sets the sign. */
  const int32_t last = (int32_t)(taps - 1);
  V wrong = splat(0);
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    const V tap = load(argmax + i);
    wrong |= (tap < 0) | (tap > last);
  }
  int32_t some = any(wrong);
  for (; i < count; i++) some |= argmax[i] < 0 || argmax[i] > last;
  return !some;
}

static void run(Job* job, Supply* supply) {
  const int is_lined = cut_of(job, LANES).is_lined;
  int (*const pieces)(const Job*, Supply*) =
      is_backward(job) ? (is_lined ? add_lined_pieces : add_pieces) : (is_lined ? read_lined_pieces : read_pieces);
  if (!pieces(job, supply)) __atomic_store_n(&job->failed, 1, __ATOMIC_RELAXED);
}

#define PASTE(name) name##_kernels
#define NAMED(name) PASTE(name)
#define STRING(name) #name
#define QUOTED(name) STRING(name)
const Kernels NAMED(PROCESSOR) = {QUOTED(PROCESSOR), LANES, run, are_taps};
