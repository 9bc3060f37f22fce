/* Elements of dx that lie side by side and are in windows as their neighbours are: each is the sum of gradients, of those that its tap won, or of slopes. */
#ifndef SUMS_H
#define SUMS_H
#include "kernels.h"
#include "lanes.h"

/* All gradients; those whose argmax is the tap; or those of norms, by x over the norm, to the power of 1 or 2. */
enum Adding { ALL, ROUTED, SLOPES_2, SLOPES_3 };

/* A row of outputs: where it is in dy and in argmax, or in the norms, and the number of the tap in its first column. */
typedef struct {
  const int32_t *dy, *argmax;
  int32_t number;
  int64_t cells;
} Source;

/* A column of windows: how far behind an element's step its output is, and the tap's number. */
typedef struct {
  int64_t behind;
  int32_t number;
} Tap;

typedef struct {
  const Source *source, *end_source;
  const Tap *tap, *end_tap;
  int64_t from, channels;
  int32_t* dx;
  /* Of slopes. */
  const int32_t* x;
} Sums;

/* What an element x of a window gets of its gradient: 0 where the norm is 0. */
INLINE V share_by_slope(int adding, V dy, V norm, V x) {
  const V ratio = quotient(x, norm);
  return product(dy, adding == SLOPES_3 ? product(ratio, ratio) : ratio) & ~((F)norm == (F)splat(0));
}

INLINE void add_block(int adding, int is_float, int vectors, const Sums* s, int64_t i) {
  const int has_slopes = adding == SLOPES_2 || adding == SLOPES_3;
  V total[4], x[4];
  for (int v = 0; v < vectors; v++) total[v] = splat(0);
  for (int v = 0; v < vectors; v++) x[v] = has_slopes ? load(s->x + i + v * LANES) : splat(0);
  for (const Source* source = s->source; source < s->end_source; source++) {
    for (const Tap* t = s->tap; t < s->end_tap; t++) {
      const int64_t at = s->from - t->behind * s->channels + i;
      const V number = splat(source->number + t->number);
      for (int v = 0; v < vectors; v++) {
        V value = load(source->dy + at + v * LANES);
        if (adding == ROUTED) value &= load(source->argmax + at + v * LANES) == number;
        if (has_slopes) value = share_by_slope(adding, value, load(source->argmax + at + v * LANES), x[v]);
        total[v] = sum(is_float, total[v], value);
      }
    }
  }
  for (int v = 0; v < vectors; v++) store(s->dx + i + v * LANES, total[v]);
}

INLINE void add_one(int adding, int is_float, const Sums* s, int64_t i) {
  int32_t total = 0;
  for (const Source* source = s->source; source < s->end_source; source++) {
    for (const Tap* t = s->tap; t < s->end_tap; t++) {
      const int64_t at = s->from - t->behind * s->channels + i;
      int32_t value = source->dy[at];
      if (adding == ROUTED) value &= -(source->argmax[at] == source->number + t->number);
      if (adding == SLOPES_2 || adding == SLOPES_3) value = share_by_slope(adding, splat(value), splat(source->argmax[at]), splat(s->x[i]))[0];
      total = sum_one(is_float, total, value);
    }
  }
  s->dx[i] = total;
}

/* As read_run of pool.h. */
INLINE void add_run(int adding, int is_float, const Sums* s, int64_t n) {
  int64_t i = 0;
  for (; i + 4 * LANES <= n; i += 4 * LANES) add_block(adding, is_float, 4, s, i);
  if (n >= 2 * LANES) {
    for (; i + LANES < n; i += 2 * LANES) add_block(adding, is_float, 2, s, least(i, n - 2 * LANES));
  }
  if (n >= LANES) {
    for (; i < n; i += LANES) add_block(adding, is_float, 1, s, least(i, n - LANES));
  } else {
    for (; i < n; i++) add_one(adding, is_float, s, i);
  }
}

/*
 * The taps of an axis, those of each residue (their elements' positions modulo the stride) together, outputs rising: the list of
 * residue r is taps[first_of[r]] to taps[first_of[r + 1]]. `first_of` is zeros; a tap's number is multiplied by `each`.
 */
static void sort_taps(const Axis* a, int64_t each, Tap* taps, int64_t* first_of) {
  for (int64_t t = 0; t < a->window; t++) first_of[t * a->dilation % a->stride + 1]++;
  for (int64_t r = 0; r < a->stride; r++) first_of[r + 1] += first_of[r];
  /* From the last tap, whose output is the first; each residue's list fills from its start. */
  for (int64_t t = a->window - 1; t >= 0; t--) {
    const int64_t residue = t * a->dilation % a->stride;
    taps[first_of[residue]++] = (Tap){(t * a->dilation - residue) / a->stride, (int32_t)(t * each)};
  }
  for (int64_t r = a->stride; r > 0; r--) first_of[r] = first_of[r - 1];
  first_of[0] = 0;
}
#endif
