/* Elements of outputs that lie side by side and whose windows have the same taps: max pooling, its argmax, averages, and taps by number. */
#ifndef WINDOWS_H
#define WINDOWS_H
#include "kernels.h"
#include "lanes.h"

/* A row of x in a window: where it is, and the number of its first tap. */
typedef struct {
  const int32_t* at;
  int32_t number;
} Row;

/* A column of a window: its distance from a row's start, and its number. */
typedef struct {
  int64_t offset;
  int32_t number;
} Column;

/* FAST is max pooling, values alone, that tells of a NaN (or of opposite infinities) and is then done again by EXACT. */
/* TOTAL is a MEAN that is divided later, NUMBERED a FAST that finds the argmax, too. SQUARES and CUBES are norms (norms.h). */
enum Reading { FAST, EXACT, MEAN, TOTAL, PICK, SQUARES, CUBES, NUMBERED, READINGS };

static enum Reading reading_of(const Job* job) {
  if (job->kind == AVERAGE) return MEAN;
  if (job->kind == GATHER) return PICK;
  if (job->kind == NORM_2 || job->kind == NORM_3) return job->kind == NORM_2 ? SQUARES : CUBES;
  return job->winners ? EXACT : FAST;
}

/* A run of elements whose windows have the same taps. */
typedef struct {
  const Row *row, *end_row;
  const Column *column, *end_column;
  int64_t from;
  int ignore_nan;
  float count;
  const int32_t* argmax;
  int32_t *y, *winners;
  V* suspect;
} Run;

enum { BLOCK = 4 };

/* Gives where FAST has seen a NaN. */
INLINE V read_block(int reading, int is_float, int vectors, const Run* r, int64_t i) {
  V best[BLOCK], other[BLOCK], wanted[BLOCK];
  const int32_t* first = r->row->at + r->column->offset + r->from + i;
  for (int v = 0; v < vectors; v++) {
    best[v] = reading == PICK ? splat(0) : load(first + v * LANES);
    other[v] = reading == EXACT ? splat(r->row->number + r->column->number) : best[v];
    if (reading == PICK) wanted[v] = load(r->argmax + i + v * LANES);
  }
  /* The first tap is there already. */
  const Column* column = r->column + (reading == PICK ? 0 : 1);
  for (const Row* row = r->row; row < r->end_row; row++, column = r->column) {
    const int32_t* start = row->at + r->from + i;
    for (const Column* c = column; c < r->end_column; c++) {
      const int32_t* p = start + c->offset;
      const V number = splat(row->number + c->number);
      for (int v = 0; v < vectors; v++) {
        const V value = reading == FAST || reading == EXACT ? held(load(p + v * LANES)) : load(p + v * LANES);
        if (reading == FAST) {
          if (is_float) other[v] = sum(1, other[v], value);
          best[v] = larger(is_float, best[v], value);
        } else if (reading == EXACT) {
          const V better = beats(is_float, r->ignore_nan, value, best[v]);
          best[v] = pick(better, value, best[v]);
          other[v] = pick(better, number, other[v]);
        } else if (reading == MEAN || reading == TOTAL) {
          best[v] = sum(1, best[v], value);
        } else {
          best[v] |= value & (wanted[v] == number);
        }
      }
    }
  }
  V suspect = splat(0);
  for (int v = 0; v < vectors; v++) {
    if (reading == FAST && is_float) suspect |= is_nan(other[v]);
    if (reading == EXACT && r->winners) store(r->winners + i + v * LANES, other[v]);
    store(r->y + i + v * LANES, reading == MEAN ? quotient(best[v], splat_float(r->count)) : best[v]);
  }
  return suspect;
}

/* One element, as EXACT has it where FAST is asked for. */
INLINE void read_one(int reading, int is_float, const Run* r, int64_t i) {
  int32_t best = reading == PICK ? 0 : (r->row->at + r->column->offset + r->from)[i];
  int32_t winner = r->row->number + r->column->number;
  const Column* column = r->column + (reading == PICK ? 0 : 1);
  for (const Row* row = r->row; row < r->end_row; row++, column = r->column) {
    const int32_t* start = row->at + r->from + i;
    for (const Column* c = column; c < r->end_column; c++) {
      const int32_t value = start[c->offset];
      if (reading == MEAN || reading == TOTAL) {
        best = sum_one(1, best, value);
      } else if (reading == PICK) {
        if (r->argmax[i] == row->number + c->number) best = value;
      } else if (beats_one(is_float, r->ignore_nan, value, best)) {
        best = value;
        winner = row->number + c->number;
      }
    }
  }
  if (reading == EXACT && r->winners) r->winners[i] = winner;
  r->y[i] = reading == MEAN ? as_bits(as_float(best) / r->count) : best;
}

/* The last vectors of a run end with it, and may do some of those before again. */
INLINE void read_run(int reading, int is_float, const Run* r, int64_t n) {
  int64_t i = 0;
  V suspect = splat(0);
  for (; i + BLOCK * LANES <= n; i += BLOCK * LANES) suspect |= read_block(reading, is_float, BLOCK, r, i);
  if (n >= 2 * LANES) {
    for (; i + LANES < n; i += 2 * LANES) suspect |= read_block(reading, is_float, 2, r, least(i, n - 2 * LANES));
  }
  if (n >= LANES) {
    for (; i < n; i += LANES) suspect |= read_block(reading, is_float, 1, r, least(i, n - LANES));
  } else {
    for (; i < n; i++) read_one(reading, is_float, r, i);
  }
  if (reading == FAST && is_float) *r->suspect |= suspect;
}
#endif
