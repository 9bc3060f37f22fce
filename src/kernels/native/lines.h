/*
 * Rows of few channels made ready for vectors: padded, so that all windows are whole, and with columns and rows that are a
 * stride apart side by side. Neighbouring outputs then read neighbouring elements, from one row of outputs to the next as well:
 * what is computed between the rows is left out afterwards.
 */
#ifndef LINES_H
#define LINES_H
#include "kernels.h"
#include "lanes.h"
#include <math.h>
#include <stdlib.h>

/* One for each residue of rows and columns modulo the strides, all of them of one size. */
typedef struct {
  int64_t row_stride, column_stride, channels;
  /* How many there are of the residues: the taps use no others. */
  int64_t row_residues, column_residues;
  /* Elements from one row to the next, and from one residue to the next. */
  int64_t rows, pitch, each;
} Lines;

static Lines lines_of(const Axis* h, const Axis* w, int64_t channels, int64_t rows, int64_t columns) {
  Lines l = {.row_stride = h->stride, .column_stride = w->stride, .channels = channels, .rows = rows, .pitch = columns * channels};
  l.row_residues = residues_of(h);
  l.column_residues = residues_of(w);
  l.each = rows * l.pitch;
  return l;
}

/* With room for a vector more. */
static int64_t size_of(const Lines* l) { return l->row_residues * l->column_residues * l->each; }

INLINE void fill(int32_t* to, int64_t count, int32_t filler) {
  for (int64_t i = 0; i < count; i++) to[i] = filler;
}

/* The last vector ends with the last element, and may copy some of those before again. */
INLINE void copy_elements(int32_t* to, const int32_t* from, int64_t count) {
  int64_t i = 0;
  if (count >= LANES) {
    for (; i + LANES < count; i += LANES) store(to + i, load(from + i));
    store(to + count - LANES, load(from + count - LANES));
  } else {
    for (; i < count; i++) to[i] = from[i];
  }
}

/* Of one row, columns from `start` on, those outside it `filler`. */
static void copy_line(const Lines* l, int32_t* to, const int32_t* row, int64_t input, int64_t start, int32_t filler) {
  const int64_t c = l->channels, count = l->pitch / c, before = most(0, least(count, -start));
  const int64_t inside = most(before, least(count, input - start));
  fill(to, before * c, filler);
  copy_elements(to + before * c, row + (start + before) * c, (inside - before) * c);
  fill(to + inside * c, (count - inside) * c, filler);
}

/* The same for a stride of 2 and one channel: columns in even and in odd places. */
static void halve_line(const Lines* l, int32_t* to, const int32_t* row, int64_t input, int64_t start, int32_t filler) {
  const int64_t count = l->pitch;
  int32_t *even = to, *odd = to + l->each;
  /* The pairs [before, inside) are whole. */
  const int64_t before = most(0, least(count, (1 - start) >> 1)), inside = most(before, least(count, (input - start) >> 1));
  const int32_t* pairs = row + start;
  int64_t i = before;
  if (inside - before >= LANES) {
    for (; i < inside; i += LANES) {
      const int64_t at = least(i, inside - LANES);
      V evens, odds;
      unzip(load(pairs + 2 * at), load(pairs + 2 * at + LANES), &evens, &odds);
      store(even + at, evens);
      store(odd + at, odds);
    }
  }
  for (; i < inside; i++) {
    even[i] = pairs[2 * i];
    odd[i] = pairs[2 * i + 1];
  }
  for (i = 0; i < before; i++) {
    even[i] = filler;
    odd[i] = start + 2 * i + 1 >= 0 && start + 2 * i + 1 < input ? pairs[2 * i + 1] : filler;
  }
  for (i = inside; i < count; i++) {
    even[i] = start + 2 * i >= 0 && start + 2 * i < input ? pairs[2 * i] : filler;
    odd[i] = filler;
  }
}

/* The same for any stride. */
static void split_line(const Lines* l, int32_t* to, const int32_t* row, int64_t input, int64_t start, int32_t filler) {
  const int64_t c = l->channels, count = l->pitch / c, stride = l->column_stride;
  for (int64_t r = 0; r < l->column_residues; r++, to += l->each) {
    const int64_t first = start + r, before = most(0, least(count, ceil_div(-first, stride)));
    const int64_t inside = most(before, least(count, ceil_div(input - first, stride)));
    fill(to, before * c, filler);
    const int32_t* from = row + (first + before * stride) * c;
    for (int64_t i = before; i < inside; i++, from += stride * c)
      for (int64_t k = 0; k < c; k++) to[i * c + k] = from[k];
    fill(to + inside * c, (count - inside) * c, filler);
  }
}

static void copy_row(const Lines* l, int32_t* to, const int32_t* row, int64_t input, int64_t start, int32_t filler) {
  if (l->column_stride == 1) copy_line(l, to, row, input, start, filler);
  else if (l->column_stride == 2 && l->column_residues == 2 && l->channels == 1) halve_line(l, to, row, input, start, filler);
  else split_line(l, to, row, input, start, filler);
}

/* Elements ahead of those that are copied, which come into the cache meanwhile; short rows do not make the processor do so by itself. */
enum { AHEAD = 1024 };

INLINE void prefetch(const int32_t* from, int64_t count) {
  for (int64_t i = 0; i < count; i += 16) __builtin_prefetch(from + i);
}

/* Rows and columns of a plane, from `first_row` and `start` on, which may lie outside it. */
static void copy_plane(const Lines* l, int32_t* to, const int32_t* plane, int64_t height, int64_t width, int64_t first_row, int64_t start, int32_t filler) {
  /* In the order of memory. */
  for (int64_t k = 0; k < l->rows; k++) {
    for (int64_t r = 0; r < l->row_residues; r++) {
      const int64_t y = first_row + k * l->row_stride + r;
      int32_t* line = to + r * l->column_residues * l->each + k * l->pitch;
      const int32_t* row = plane + y * width * l->channels;
      if (y < 0 || y >= height) {
        for (int64_t s = 0; s < l->column_residues; s++) fill(line + s * l->each, l->pitch, filler);
      } else {
        prefetch(row + AHEAD, width * l->channels);
        copy_row(l, line, row, width, start, filler);
      }
    }
  }
}

/* Where the elements of a tap are: how far from the first ones. */
static int64_t offset_in(const Lines* l, int64_t row, int64_t column) {
  const int64_t residue = row % l->row_stride * l->column_residues + column % l->column_stride;
  return residue * l->each + row / l->row_stride * l->pitch + column / l->column_stride * l->channels;
}
#endif
