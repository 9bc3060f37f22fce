/* Images of one channel read: max pooling, its argmax, and averages. A piece is some rows of outputs. */
#include "one_channel.h"
#include "windows.h"

/* Rows of windows that read rows alike: those of the first one, and how far apart the rows are. */
typedef struct {
  const int32_t* in;
  const NearRow *row, *end_row;
  int64_t rows, apart;
  /* Windows of a row, and the column of the first one's first tap. */
  int64_t columns, column;
  /* Of the first vector of a row and the last one, the taps outside x; null: none. */
  const V *left, *right;
  int ignore_nan;
  /* Those of each window along the width. */
  const float* cells;
  int32_t *y, *winners;
  int64_t y_apart;
} Windows;

/* Elements that are read for a vector of windows. */
INLINE int64_t read_for(int window, int stride) { return stride * LANES + (window > stride ? 2 : 0); }

/* Each tap of a vector of windows, whose first begins at `p`, in an order that `ordered` sets right. */
INLINE void taps_at(int window, int stride, const int32_t* p, V* taps) {
  if (stride == 1) {
    for (int t = 0; t < window; t++) taps[t] = load(p + t);
  } else if (stride == 2) {
    const V a = load(p), b = load(p + LANES);
    taps[0] = evens(a, b);
    taps[1] = odds(a, b);
    if (window == 3) taps[2] = evens(load(p + 2), load(p + 2 + LANES));
  } else {
    const V a = load(p), b = load(p + LANES), c = load(p + 2 * LANES), d = load(p + 3 * LANES);
    const V even = evens(a, b), later_even = evens(c, d), odd = odds(a, b), later_odd = odds(c, d);
    taps[0] = evens(even, later_even);
    taps[1] = evens(odd, later_odd);
    taps[2] = odds(even, later_even);
    taps[3] = odds(odd, later_odd);
  }
}

/* Stands for an element outside x, and for the best before any: see filler_of in pool_lines.h. */
INLINE V nothing_yet(int reading, int ignore_nan) {
  if (reading == TOTAL) return splat(as_bits(-0.0f));
  return splat_float(reading == EXACT && ignore_nan ? NAN : -INFINITY);
}

/* Which taps of a vector of windows are outside x, in the order of taps_at; `outside[window]`: the first tap's columns. */
static void find_outside(int window, int stride, int64_t column, int64_t input, V* outside) {
  int32_t columns[4 * LANES + 4];
  for (int32_t i = 0; i < 4 * LANES + 4; i++) columns[i] = (int32_t)column + i;
  taps_at(window, stride, columns, outside);
  outside[window] = outside[0];
  for (int t = 0; t < window; t++) outside[t] = (outside[t] < 0) | (outside[t] >= (int32_t)input);
}

INLINE int is_quick(int reading) { return reading == FAST || reading == NUMBERED; }
INLINE int is_numbered(int reading) { return reading == EXACT || reading == NUMBERED; }

/* A vector of results at window `i` of a row. Gives where FAST or NUMBERED has seen a NaN. */
INLINE V pool_vector(int reading, int window, int stride, const Windows* s, const int32_t* const* at, const int32_t* number, int64_t count, int64_t ahead, const V* outside, int64_t i, int32_t* y, int32_t* winners) {
  V taps[4], total = splat(0);
  const V nothing = nothing_yet(reading, s->ignore_nan);
  V best = nothing, winner = splat(number[0]);
  for (int64_t k = 0; k < count; k++) {
    const V first_number = splat(number[k]);
    const int32_t* start = at[k] + i * stride;
    if (k >= ahead)
      for (int j = 0; j < stride * LANES; j += 16) __builtin_prefetch(start + j + AHEAD);
    taps_at(window, stride, start, taps);
    for (int t = 0; t < window; t++) {
      const V value = outside ? pick(outside[t], nothing, taps[t]) : taps[t];
      if (reading == FAST) {
        total = sum(1, total, value);
        best = larger(1, best, value);
      } else if (reading == EXACT) {
        const V better = beats(1, s->ignore_nan, value, best);
        best = pick(better, value, best);
        winner = pick(better, first_number + t, winner);
      } else if (reading == NUMBERED) {
        total = sum(1, total, value);
        winner = pick(greater(1, value, best), first_number + t, winner);
        best = larger(1, best, value);
      } else best = sum(1, best, value);
    }
  }
  /* Where nothing beat an element outside, the first one within wins. */
  if (is_numbered(reading) && outside) {
    const V first = splat(number[0]) - ((outside[window] < 0) & outside[window]);
    winner = pick(first > winner, first, winner);
  }
  best = ordered(stride, best);
  if (reading == TOTAL) best = quotient(best, (V)((F)load((const int32_t*)s->cells + i) * (float)s->row->cells));
  store(y + i, best);
  if (is_numbered(reading) && winners) store(winners + i, ordered(stride, winner));
  return is_quick(reading) ? is_nan(total) : splat(0);
}

/* Whole vectors; the last one of a row ends with it, and that of a short row goes on. `row_count`: of s->row, or 0: not constant. */
INLINE V pool_run(int reading, int window, int stride, int row_count, const Windows* s) {
  const int32_t* at[MOST_NEAR_ROWS];
  int32_t number[MOST_NEAR_ROWS];
  const int64_t count = row_count ? row_count : s->end_row - s->row, last = most(0, s->columns - LANES);
  /* Rows that are new to these windows come into the cache meanwhile: short rows do not make the processor do so by itself. */
  const int64_t ahead = row_count ? row_count - stride : count;
  int32_t *y = s->y, *winners = s->winners;
  V suspect = splat(0), none[5];
  for (int t = 0; t < 5; t++) none[t] = splat(0);
  const V *left = s->left ? s->left : none, *right = s->right ? s->right : none;
  const int64_t until = last + (s->right ? 0 : LANES);
  for (int64_t k = 0; k < count; k++) {
    AS_IT_IS(k);
    at[k] = s->in + s->row[k].at + s->column;
    number[k] = s->row[k].number;
  }
  for (int64_t row = 0; row < s->rows; row++) {
    int64_t i = 0;
    if (row_count == 0) {
      for (; i < last + LANES; i += LANES) {
        const V* outside = i == 0 ? left : i >= last ? right : none;
        suspect |= pool_vector(reading, window, stride, s, at, number, count, ahead, outside, least(i, last), y, winners);
      }
    } else {
      if (s->left) {
        suspect |= pool_vector(reading, window, stride, s, at, number, count, ahead, s->left, 0, y, winners);
        i = LANES;
      }
      for (; i < until; i += LANES)
        suspect |= pool_vector(reading, window, stride, s, at, number, count, ahead, 0, least(i, last), y, winners);
      if (s->right) suspect |= pool_vector(reading, window, stride, s, at, number, count, ahead, s->right, last, y, winners);
    }
    for (int64_t k = 0; k < count; k++) {
      AS_IT_IS(k);
      at[k] += s->apart;
    }
    y += s->y_apart;
    if (winners) winners += s->y_apart;
  }
  return suspect;
}

typedef V Pools(const Windows* s);
typedef struct {
  int window, stride, usual_rows;
  /* By reading: in the usual rows, or in any. */
  Pools *usual[READINGS], *any[READINGS];
} ShapePools;
#define USUAL_POOLS(name, reading, window, stride, rows) \
  static V usual_##name(const Windows* s) { return pool_run(reading, window, stride, rows, s); }
#define ANY_POOLS(name, reading, window, stride) \
  static V any_##name(const Windows* s) { return pool_run(reading, window, stride, 0, s); }
#define POOLS_OF_SHAPE(name, window, stride, rows)          \
  USUAL_POOLS(fast_##name, FAST, window, stride, rows)         \
  USUAL_POOLS(total_##name, TOTAL, window, stride, rows)       \
  USUAL_POOLS(numbered_##name, NUMBERED, window, stride, rows)       \
  ANY_POOLS(fast_##name, FAST, window, stride)         \
  ANY_POOLS(exact_##name, EXACT, window, stride)       \
  ANY_POOLS(total_##name, TOTAL, window, stride)       \
  ANY_POOLS(numbered_##name, NUMBERED, window, stride)       \
  static const ShapePools pools_##name = {window,           \
                                          stride,           \
                                          rows,             \
                                          {[FAST] = usual_fast_##name, [EXACT] = any_exact_##name, [TOTAL] = usual_total_##name, [NUMBERED] = usual_numbered_##name}, \
                                          {[FAST] = any_fast_##name, [EXACT] = any_exact_##name, [TOTAL] = any_total_##name, [NUMBERED] = any_numbered_##name}};
POOLS_OF_SHAPE(2_2, 2, 2, 2)
POOLS_OF_SHAPE(3_2, 3, 2, 3)
POOLS_OF_SHAPE(3_1, 3, 1, 3)
POOLS_OF_SHAPE(4_4, 4, 4, 1)
static const ShapePools* const shape_pools[] = {
    [TWO_BY_TWO] = &pools_2_2, [THREE_BY_TWO] = &pools_3_2, [THREE_BY_ONE] = &pools_3_1, [FOUR_BY_FOUR] = &pools_4_4};

/* A row of windows that would read before x or after it, or write after its part of the outputs: one vector after the other, on copies. */
static V pool_apart(const OneChannel* r, const ShapePools* shape, int reading, const Windows* row) {
  enum { LENGTH = 4 * LANES + 4 };
  int32_t copies[MOST_NEAR_ROWS][LENGTH], y[LANES], winners[LANES];
  NearRow rows[MOST_NEAR_ROWS];
  V outside[5], suspect = splat(0);
  Windows s = *row;
  const int64_t n = row->end_row - row->row, size = x_elements(r->g);
  s.in = copies[0];
  s.row = rows;
  s.end_row = rows + n;
  s.rows = 1;
  s.y = y;
  s.winners = row->winners ? winners : 0;
  s.left = outside;
  s.right = 0;
  for (int64_t o = 0; o < row->columns; o += LANES) {
    const int64_t column = row->column + o * shape->stride;
    for (int64_t i = 0; i < n; i++) {
      const int64_t first = row->row[i].at + column;
      for (int64_t k = 0; k < LENGTH; k++) copies[i][k] = first + k >= 0 && first + k < size ? row->in[first + k] : 0;
      rows[i] = row->row[i];
      rows[i].at = i * LENGTH - column;
    }
    find_outside(shape->window, shape->stride, column, r->g->width.input, outside);
    s.column = column;
    s.columns = least(LANES, row->columns - o);
    s.cells = row->cells + o;
    suspect |= shape->any[reading](&s);
    for (int64_t i = 0; i < s.columns; i++) {
      row->y[o + i] = y[i];
      if (row->winners) row->winners[o + i] = winners[i];
    }
  }
  return suspect;
}

/* Gives where FAST or NUMBERED has seen a NaN. */
static V pool_stretch(OneChannel* r, int reading, Stretch s) {
  const Geometry* g = r->g;
  const Axis *h = &g->height, *w = &g->width;
  const ShapePools* shape = shape_pools[r->cut.shape];
  const int64_t size = x_elements(g), image_size = size / g->batch, columns = s.end - s.begin, last = most(0, columns - LANES);
  int64_t at = ((s.image * g->depth.output + s.d) * h->output + s.h) * w->output + s.begin;
  const int64_t end_at = at + (s.count - 1) * w->output + columns, first_whole = first_whole_window(h), end_whole = end_whole_window(h);
  V suspect = splat(0), left[5], right[5];
  Windows v = {.in = r->job->in, .row = r->rows, .apart = h->stride * w->input, .columns = columns, .ignore_nan = (int)g->ignore_nan,
               .column = s.begin * shape->stride - w->pad_before, .cells = r->cells + SPARE_CELLS + s.begin, .y_apart = w->output};
  const int64_t end_read = v.column + last * shape->stride + read_for(shape->window, shape->stride);
  const int64_t end_tap_read = v.column + (columns - 1) * shape->stride + shape->window;
  find_outside(shape->window, shape->stride, v.column, w->input, left);
  find_outside(shape->window, shape->stride, v.column + last * shape->stride, w->input, right);
  if (v.column < 0 || (last == 0 && end_tap_read > w->input)) v.left = left;
  /* It may begin in the padding before, too, as the first one does. */
  if (last > 0 && (end_tap_read > w->input || v.column + last * shape->stride < 0)) v.right = right;
  while (s.count > 0) {
    enter_near_rows(r, &s, image_size);
    v.end_row = r->rows + r->row_count;
    v.y = r->job->out + at;
    v.winners = r->job->winners ? r->job->winners + at : 0;
    v.rows = s.h >= first_whole && s.h < end_whole ? least(end_whole - s.h, s.count) : 1;
    v.rows = least(v.rows, rows_before(v.end_row[-1].at + end_read, v.apart, size));
    v.rows = least(v.rows, rows_before(at + LANES, w->output, end_at));
    if (v.rows == 0 || v.row->at + v.column < 0) {
      v.rows = 1;
      suspect |= pool_apart(r, shape, reading, &v);
    } else {
      suspect |= (r->row_count == shape->usual_rows ? shape->usual : shape->any)[reading](&v);
    }
    at += v.rows * w->output;
    next_rows(&s, v.rows, h->output, g->depth.output);
  }
  return suspect;
}

static int pool_one_channel_pieces(const Job* job, Supply* supply) {
  OneChannel r;
  int64_t begin, end;
  const int is_made = make_one_channel(&r, job);
  const int reading = job->kind == AVERAGE ? TOTAL : job->winners ? NUMBERED : FAST;
  while (is_made && take_pieces(supply, &begin, &end))
    for (int64_t piece = begin; piece < end; piece++) {
      const Stretch s = stretch_of(&r, piece);
      if (any(pool_stretch(&r, reading, s))) pool_stretch(&r, EXACT, s);
    }
  free_one_channel(&r);
  return is_made;
}
