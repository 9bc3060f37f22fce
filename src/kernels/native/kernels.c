/* Compiled for each kind of processor, which PROCESSOR names: baseline or avx2. */
#include "fitted_pool.h"
#include "bundles.h"
#include "pool_lines.h"
#include "pool_one_channel.h"
#include "route_one_channel.h"
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

/* Does pieces of a job. 0: there was no memory. */
typedef int DoesPieces(const Job*, Supply*);

static DoesPieces* pieces_of(const Job* job) {
  const Cut cut = cut_of(job, LANES);
  if (cut.bundle > 0) return do_bundles;
  if (cut.shape != OTHER) return is_backward(job) ? add_one_channel_pieces : pool_one_channel_pieces;
  if (is_backward(job)) return job->g->is_fitted ? add_fitted_pieces : cut.is_lined ? add_lined_pieces : add_pieces;
  return !cut.is_lined ? read_pieces : job->g->is_fitted ? read_fitted_pieces : read_lined_pieces;
}

static void run(Job* job, Supply* supply) {
  if (!pieces_of(job)(job, supply)) __atomic_store_n(&job->failed, 1, __ATOMIC_RELAXED);
}

#define PASTE(name) name##_kernels
#define NAMED(name) PASTE(name)
#define STRING(name) #name
#define QUOTED(name) STRING(name)
const Kernels NAMED(PROCESSOR) = {QUOTED(PROCESSOR), LANES, run, are_taps};
