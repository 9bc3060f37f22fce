/*
 * Max pooling of few channels where no NaN is: the largest of each column of a window first, in all of its rows, and then the
 * largest of the columns. Rows of x are read where they lie; only one line for each row of outputs is padded and split.
 */
#include "lines.h"
#include "windows.h"

/* The largest elements of columns, and the numbers of the first taps of the rows that they are in. */
typedef struct {
  int32_t *elements, *numbers;
} Largest;

/* Elements that come into the cache meanwhile: how far on, and the first row that is new to the next windows. */
typedef struct {
  int64_t elements;
  const Row* row;
} Ahead;

/* A sum of all elements becomes NaN where one is, or opposite infinities are. */
INLINE V largest_rows_block(int is_float, int numbered, int vectors, const Row* row, const Row* end, int64_t i, const Largest* to, const Ahead* ahead) {
  V best[4], number[4], total[4], suspect = splat(0);
  for (const Row* next = ahead->row; next < end; next++)
    for (int v = 0; v < vectors; v += 64 / sizeof(V)) __builtin_prefetch(next->at + i + ahead->elements + v * LANES);
  for (int v = 0; v < vectors; v++) {
    best[v] = total[v] = load(row->at + i + v * LANES);
    number[v] = splat(row->number);
  }
  for (row++; row < end; row++) {
    const V this_number = splat(row->number);
    for (int v = 0; v < vectors; v++) {
      const V value = held(load(row->at + i + v * LANES));
      if (is_float) total[v] = sum(1, total[v], value);
      if (numbered) number[v] = pick(greater(is_float, value, best[v]), this_number, number[v]);
      best[v] = larger(is_float, best[v], value);
    }
  }
  for (int v = 0; v < vectors; v++) {
    if (is_float) suspect |= is_nan(total[v]);
    store(to->elements + i + v * LANES, best[v]);
    if (numbered) store(to->numbers + i + v * LANES, number[v]);
  }
  return suspect;
}

INLINE V largest_rows(int is_float, int numbered, const Row* row, const Row* end, int64_t n, Largest to, Ahead ahead) {
  V suspect = splat(0);
  int64_t i = 0;
  const int at_once = numbered ? 2 : 4;
  for (; i + at_once * LANES <= n; i += at_once * LANES) suspect |= largest_rows_block(is_float, numbered, at_once, row, end, i, &to, &ahead);
  for (; i < n; i += LANES) suspect |= largest_rows_block(is_float, numbered, 1, row, end, least(i, n - LANES), &to, &ahead);
  return suspect;
}

/* Of equal zeros of both signs the first is wanted: without numbers it is not known, only that there are such. */
INLINE V largest_columns_block(int is_float, int numbered, int vectors, const Column* column, const Column* end, Largest from, int64_t i, Largest to) {
  V best[4], number[4], unknown = splat(0);
  for (int v = 0; v < vectors; v++) {
    best[v] = load(from.elements + column->offset + i + v * LANES);
    if (numbered) number[v] = load(from.numbers + column->offset + i + v * LANES) + splat(column->number);
  }
  for (column++; column < end; column++) {
    const V this_number = splat(column->number);
    for (int v = 0; v < vectors; v++) {
      const V value = load(from.elements + column->offset + i + v * LANES);
      if (numbered) {
        const V tap = load(from.numbers + column->offset + i + v * LANES) + this_number;
        /* Of equal ones the first counts, which may be in a column behind. */
        const V is_first = equal(is_float, value, best[v]) & (tap < number[v]);
        const V better = greater(is_float, value, best[v]) | is_first;
        number[v] = pick(better, tap, number[v]);
        best[v] = pick(better, value, best[v]);
      } else {
        if (is_float) unknown |= equal(1, value, best[v]) & (value != best[v]);
        best[v] = larger(is_float, best[v], value);
      }
    }
  }
  for (int v = 0; v < vectors; v++) {
    store(to.elements + i + v * LANES, best[v]);
    if (numbered) store(to.numbers + i + v * LANES, number[v]);
  }
  return unknown;
}

INLINE V largest_columns(int is_float, int numbered, const Column* column, const Column* end, int64_t n, Largest from, Largest to) {
  V unknown = splat(0);
  int64_t i = 0;
  const int at_once = numbered ? 2 : 4;
  for (; i + at_once * LANES <= n; i += at_once * LANES)
    unknown |= largest_columns_block(is_float, numbered, at_once, column, end, from, i, to);
  for (; i < n; i += LANES) unknown |= largest_columns_block(is_float, numbered, 1, column, end, from, least(i, n - LANES), to);
  return unknown;
}

/* One function for each kind of max pooling. */
typedef struct {
  V (*rows)(const Row* row, const Row* end, int64_t n, Largest to, Ahead ahead);
  V (*columns)(const Column* column, const Column* end, int64_t n, Largest from, Largest to);
} LargestOf;
#define LARGEST(name, is_float, numbered)                                                                              \
  static V rows_##name(const Row* row, const Row* end, int64_t n, Largest to, Ahead ahead) {                                        \
    return largest_rows(is_float, numbered, row, end, n, to, ahead);                                                          \
  }                                                                                                                    \
  static V columns_##name(const Column* column, const Column* end, int64_t n, Largest from, Largest to) {              \
    return largest_columns(is_float, numbered, column, end, n, from, to);                                                     \
  }                                                                                                                    \
  static const LargestOf largest_##name = {rows_##name, columns_##name};
LARGEST(float, 1, 0)
LARGEST(float_numbered, 1, 1)
LARGEST(int, 0, 0)
LARGEST(int_numbered, 0, 1)

static const LargestOf* largest_of(const Job* job) {
  if (job->winners) return job->is_float ? &largest_float_numbered : &largest_int_numbered;
  return job->is_float ? &largest_float : &largest_int;
}
