/* The kernels, compiled once for each kind of processor, and the work that they share. */
#ifndef KERNELS_H
#define KERNELS_H
#include "geometry.h"

enum Kind { MAX_POOL, SCATTER, GATHER, AVERAGE, SPREAD, KINDS };

/* One call. Elements are the bits of float32 or of int32. */
typedef struct {
  enum Kind kind;
  int is_float;
  const Geometry* g;
  /* x, or dy. */
  const int32_t* in;
  /* Of SCATTER and GATHER. It may hold anything. */
  const int32_t* argmax;
  /* y, or dx. Whatever it held, all of it is written. */
  int32_t* out;
  /* Of MAX_POOL: tap numbers, or null. */
  int32_t* winners;
  /* Set where there is no memory; then the results are garbage. */
  int failed;
} Job;

/* A job is cut into pieces: parts of a row of outputs, or, of those that make dx, of a row of dx. Any thread may do any piece. */
typedef struct {
  const char* name;
  int lanes;
  void (*run)(Job* job, int64_t begin, int64_t end);
  int (*are_taps)(const int32_t* argmax, int64_t count, int64_t taps);
} Kernels;

/* Elements of a piece, about: with its inputs it stays in a second-level cache. */
enum { PIECE = 16384 };

typedef struct {
  int64_t rows, columns, pieces;
} Cut;

/* `columns` of each piece: outputs, or of dx steps of `stride` elements. */
Cut cut_of(const Job* job, int lanes);

/* Whether taps (or elements of dx) are brought together in scratch memory, as their channels do not fill a vector. */
static inline int is_gathered(const Geometry* g, int lanes) {
  return g->width.stride > 1 && g->channels < lanes && g->width.output > 1;
}
/* Rows of x that a window has at most; rows of outputs that a row of dx is in at most. */
static inline int64_t rows_of_window(const Geometry* g) {
  return least(g->depth.window, g->depth.input) * least(g->height.window, g->height.input);
}
static inline int64_t rows_of_element(const Geometry* g) {
  return least(g->depth.window, g->depth.output) * least(g->height.window, g->height.output);
}

extern const Kernels baseline_kernels, avx2_kernels;
/* Those for this processor, or of this name; null if there are none. */
const Kernels* kernels_named(const char* name);
#endif
