/* The kernels, compiled once for each kind of processor, and the work that they share. */
#ifndef KERNELS_H
#define KERNELS_H
#include "geometry.h"

/* Lp pooling and its gradient have a kind for each p. */
enum Kind { MAX_POOL, SCATTER, GATHER, AVERAGE, SPREAD, NORM_2, NORM_3, SLOPE_2, SLOPE_3, KINDS };

/* One call. Elements are the bits of float32 or of int32. */
typedef struct {
  enum Kind kind;
  int is_float;
  const Geometry* g;
  /* x, or dy. */
  const int32_t* in;
  /* Of SCATTER and GATHER. It may hold anything. Of SLOPE_2 and SLOPE_3, the norms. */
  const int32_t* argmax;
  /* Of SLOPE_2 and SLOPE_3. */
  const int32_t* x;
  /* y, or dx. Whatever it held, all of it is written. */
  int32_t* out;
  /* Of MAX_POOL: tap numbers, or null. */
  int32_t* winners;
  /* Set where there is no memory; then the results are garbage. */
  int failed;
} Job;

/* The pieces of a job that nobody has taken, from `next` on; `at_once` are taken together. */
typedef struct {
  int64_t next, pieces, at_once;
} Supply;

static inline int take_pieces(Supply* s, int64_t* begin, int64_t* end) {
  *begin = __atomic_fetch_add(&s->next, s->at_once, __ATOMIC_RELAXED);
  *end = least(s->pieces, *begin + s->at_once);
  return *begin < s->pieces;
}

/* A job is cut into pieces: parts of a row of outputs, or, of those that make dx, of a row of dx. Any thread may do any piece. */
typedef struct {
  const char* name;
  int lanes;
  /* Does the pieces of a supply, until there are no more. */
  void (*run)(Job* job, Supply* supply);
  int (*are_taps)(const int32_t* argmax, int64_t count, int64_t taps);
} Kernels;

/* Elements of a piece, about: with its inputs it stays in a second-level cache. */
enum { PIECE = 16384 };

/* Windows and strides along the width that have kernels for one channel (one_channel.h). */
enum Shape { OTHER, TWO_BY_TWO, THREE_BY_TWO, THREE_BY_ONE, FOUR_BY_FOUR };
/* These read at most so many rows for a row of results, and have tables for so many positions of an axis. */
enum { MOST_NEAR_ROWS = 16, MOST_POSITIONS = 4096 };

typedef struct {
  /* Whether rows are brought together as lines.h and fitted_lines.h have them, as their channels do not fill a vector. */
  int is_lined;
  /* Which of the kernels for one channel serves; OTHER: none. */
  enum Shape shape;
  /* Images of one channel that are pooled together, as if they were channels (bundles.h); 0: none. A piece is so many of them. */
  int64_t bundle;
  /* Of each piece: rows, 1 unless lined, and columns. Of outputs, or of dx steps of a stride. */
  int64_t rows, columns;
  /* The pieces of a row, the rows of pieces of a plane, and all pieces. */
  int64_t across, down, pieces;
} Cut;

Cut cut_of(const Job* job, int lanes);

static inline int is_slope(const Job* job) { return job->kind == SLOPE_2 || job->kind == SLOPE_3; }
static inline int is_backward(const Job* job) { return job->kind == SCATTER || job->kind == SPREAD || is_slope(job); }
static inline int is_average(const Job* job) { return job->kind == AVERAGE || job->kind == SPREAD; }
static inline int has_argmax(const Job* job) { return job->kind == SCATTER || job->kind == GATHER; }
/* How many windows further on, at most, an element may be in. */
static inline int64_t reach_of(const Axis* a) { return (a->window - 1) * a->dilation / a->stride; }
/* So many residues modulo the stride have taps. */
static inline int64_t residues_of(const Axis* a) { return least(a->stride, (a->window - 1) * a->dilation + 1); }
/* The positions of dx, padding included, in steps of a stride: the first with an element, and the one after the last. */
static inline int64_t first_step(const Axis* a) { return a->pad_before / a->stride; }
static inline int64_t end_step(const Axis* a) { return (a->input + a->pad_before - 1) / a->stride + 1; }
/* Rows of x that a window has at most; rows of outputs that a row of dx is in at most. */
static inline int64_t rows_of_window(const Geometry* g) {
  return least(g->depth.window, g->depth.input) * least(g->height.window, g->height.input);
}
static inline int64_t rows_of_element(const Geometry* g) {
  return least(g->depth.window, g->depth.output) * least(g->height.window, g->height.output);
}
/* The output whose window has the element `at` as its tap, or -1. */
static inline int64_t output_at(const Axis* a, int64_t at, int64_t tap) {
  const int64_t start = at + a->pad_before - tap * a->dilation;
  return start < 0 || start % a->stride || start / a->stride >= a->output ? -1 : start / a->stride;
}

extern const Kernels baseline_kernels, avx2_kernels;
/* Those for this processor, or of this name; null if there are none. */
const Kernels* kernels_named(const char* name);
#endif
