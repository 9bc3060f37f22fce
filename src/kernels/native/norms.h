/*
 * Lp pooling with p = 2 and 3: powers of a window's elements are added up, each operation rounded. Only where powers of the greatest
 * magnitude might be lost or infinite, the window is walked again, divided by a power of two. The numbers are those of ../lp_loops.ts.
 */
#ifndef NORMS_H
#define NORMS_H
#include "cube_root.h"
#include "windows.h"

INLINE V power_of(int cubes, V value) { return cubes ? product(product(value, value), value) : product(value, value); }
INLINE V root_of(int cubes, V sum) { return cubes ? cube_root(sum) : square_root(sum); }

/* The first lanes of a vector, the rest 0. */
INLINE V load_lanes(const int32_t* p, int64_t lanes) {
  if (lanes >= LANES) return load(p);
  V some = splat(0);
  for (int64_t i = 0; i < lanes; i++) some[i] = p[i];
  return some;
}

/* Where neither powers of these magnitudes, between 2^-32 and 2^32, nor sums of them are lost or infinite. */
INLINE V is_unscaled(V greatest) {
  const F size = (F)greatest;
  return (size == (F)splat(0)) | ((size >= (F)splat_float(0x1p-32f)) & (size <= (F)splat_float(0x1p32f)));
}

/* Norms of elements over a power of two, at or below the greatest magnitude; of the others as they are. */
INLINE V scaled_norm(int cubes, const Run* r, int64_t i, int64_t lanes, V greatest) {
  const V least_scale = splat_float(0x1p-126f), greatest_scale = splat_float(0x1p100f);
  V scale = greatest & splat(0x7f800000);
  scale = pick((F)scale < (F)least_scale, least_scale, scale);
  scale = pick((F)scale > (F)greatest_scale, greatest_scale, scale);
  scale = pick(is_unscaled(greatest), splat_float(1), scale);
  V total = splat(0);
  for (const Row* row = r->row; row < r->end_row; row++)
    for (const Column* c = r->column; c < r->end_column; c++)
      total = sum(1, total, power_of(cubes, quotient(load_lanes(row->at + c->offset + r->from + i, lanes), scale)));
  return product(scale, root_of(cubes, total));
}

static V scaled_square_norm(const Run* r, int64_t i, int64_t lanes, V greatest) { return scaled_norm(0, r, i, lanes, greatest); }
static V scaled_cube_norm(const Run* r, int64_t i, int64_t lanes, V greatest) { return scaled_norm(1, r, i, lanes, greatest); }

/* Some vectors, or the first lanes of one. */
INLINE void norm_block(int cubes, int vectors, int64_t lanes, const Run* r, int64_t i) {
  V total[BLOCK], greatest[BLOCK];
  for (int v = 0; v < vectors; v++) total[v] = greatest[v] = splat(0);
  for (const Row* row = r->row; row < r->end_row; row++) {
    const int32_t* start = row->at + r->from + i;
    for (const Column* c = r->column; c < r->end_column; c++) {
      for (int v = 0; v < vectors; v++) {
        const V value = held(load_lanes(start + c->offset + v * LANES, lanes));
        total[v] = sum(1, total[v], power_of(cubes, value));
        greatest[v] = larger(1, greatest[v], magnitude(value));
      }
    }
  }
  for (int v = 0; v < vectors; v++) {
    const int64_t at = i + v * LANES;
    V norm = root_of(cubes, total[v]);
    if (any(~is_unscaled(greatest[v])))
      norm = cubes ? scaled_cube_norm(r, at, lanes, greatest[v]) : scaled_square_norm(r, at, lanes, greatest[v]);
    if (lanes >= LANES) store(r->y + at, norm);
    else for (int64_t k = 0; k < lanes; k++) r->y[at + k] = norm[k];
  }
}

/* As read_run of windows.h. */
INLINE void norm_run(int cubes, const Run* r, int64_t n) {
  int64_t i = 0;
  for (; i + 2 * LANES <= n; i += 2 * LANES) norm_block(cubes, 2, LANES, r, i);
  if (n >= LANES) {
    for (; i < n; i += LANES) norm_block(cubes, 1, LANES, r, least(i, n - LANES));
  } else {
    norm_block(cubes, 1, n, r, 0);
  }
}
#endif
