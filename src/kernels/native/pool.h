/*
 * Windows read: max pooling, its argmax, averages, and elements by their tap numbers. A piece is some windows of one row of
 * outputs. As channels lie side by side, so do the taps of neighbouring windows if the stride is 1: one long vector. With few
 * channels and a larger stride, each tap's elements are first brought together.
 */
#include "kernels.h"
#include "lanes.h"
#include <stdlib.h>

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
enum Reading { FAST, EXACT, MEAN, PICK };

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
        } else if (reading == MEAN) {
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
      if (reading == MEAN) {
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

/* What the pieces of a job have in common, and memory for one of them. */
typedef struct {
  const Job* job;
  const Geometry* g;
  int gathered;
  Cut cut;
  /* The windows whose columns are all real. */
  int64_t first_whole, end_whole;
  /* The columns of x, and those of the gathered taps. */
  Column *columns, *together;
  Row *rows, *copied;
  int64_t row_count;
  int32_t* scratch;
} Reader;

static void free_reader(Reader* r) {
  free(r->columns);
  free(r->rows);
  free(r->scratch);
}

static int make_reader(Reader* r, const Job* job) {
  const Geometry* g = job->g;
  const Axis* w = &g->width;
  *r = (Reader){.job = job, .g = g, .gathered = is_gathered(g, LANES), .cut = cut_of(job, LANES)};
  const int64_t rows = rows_of_window(g), each = r->cut.columns * g->channels;
  r->columns = malloc(sizeof(Column) * (size_t)w->window * 2);
  r->rows = malloc(sizeof(Row) * (size_t)rows * 2);
  r->scratch = malloc(r->gathered ? (size_t)(rows * w->window * each) * 4 : 1);
  if (!r->columns || !r->rows || !r->scratch) return 0;
  r->together = r->columns + w->window;
  r->copied = r->rows + rows;
  for (int64_t t = 0; t < w->window; t++) {
    r->columns[t] = (Column){(t * w->dilation - w->pad_before) * g->channels, (int32_t)t};
    r->together[t] = (Column){t * each, (int32_t)t};
  }
  r->first_whole = first_whole_window(w);
  r->end_whole = end_whole_window(w);
  return 1;
}

/* The rows of x in the windows of a row of outputs. */
static void enter_row(Reader* r, int64_t row) {
  const Geometry* g = r->g;
  const Axis *d = &g->depth, *h = &g->height;
  const int64_t oh = row % h->output, od = row / h->output % d->output, image = row / h->output / d->output;
  const int64_t h0 = first_tap(h, oh), h1 = end_tap(h, oh, h->input), d1 = end_tap(d, od, d->input);
  r->row_count = 0;
  for (int64_t td = first_tap(d, od); td < d1; td++) {
    const int64_t plane = image * d->input + od * d->stride - d->pad_before + td * d->dilation;
    for (int64_t th = h0; th < h1; th++) {
      const int64_t y = plane * h->input + oh * h->stride - h->pad_before + th * h->dilation;
      const int32_t number = (int32_t)((td * h->window + th) * g->width.window);
      r->rows[r->row_count++] = (Row){r->job->in + y * g->width.input * g->channels, number};
    }
  }
}

/* Elements that are `apart` from one another. */
INLINE void copy_apart(int32_t* to, const int32_t* from, int64_t count, int64_t apart) {
  int64_t i = 0;
  if (apart == 2) {
    V even, odd;
    /* One element less than two vectors is read: the last one may be the last of x. */
    for (; i + LANES < count; i += LANES) {
      unzip(load(from + 2 * i), load(from + 2 * i + LANES), &even, &odd);
      store(to + i, even);
    }
  }
  for (; i < count; i++) to[i] = from[i * apart];
}

INLINE void copy_pixels(int64_t channels, int32_t* to, const int32_t* from, int64_t count, int64_t apart) {
  for (int64_t i = 0; i < count; i++)
    for (int64_t c = 0; c < channels; c++) to[i * channels + c] = from[i * apart + c];
}

/* Brings the taps of the windows [begin, end), all of them whole, together. */
static void gather_taps(Reader* r, int64_t begin, int64_t end) {
  const Geometry* g = r->g;
  const int64_t n = end - begin, each = r->cut.columns * g->channels, apart = g->width.stride * g->channels;
  for (int64_t row = 0; row < r->row_count; row++) {
    int32_t* to = r->scratch + row * g->width.window * each;
    r->copied[row] = (Row){to, r->rows[row].number};
    for (int64_t t = 0; t < g->width.window; t++, to += each) {
      const int32_t* from = r->rows[row].at + r->columns[t].offset + begin * apart;
      switch (g->channels) {
        case 1: copy_apart(to, from, n, apart); break;
        case 2: copy_pixels(2, to, from, n, apart); break;
        case 3: copy_pixels(3, to, from, n, apart); break;
        case 4: copy_pixels(4, to, from, n, apart); break;
        default: copy_pixels(g->channels, to, from, n, apart);
      }
    }
  }
}

/* The windows [begin, end) of the row, whose first outputs are at `y` of the job's arrays. */
INLINE void read_windows(int reading, int is_float, Reader* r, int64_t row_cells, int64_t y, int64_t begin, int64_t end, V* suspect) {
  const Geometry* g = r->g;
  const Axis* w = &g->width;
  const Job* job = r->job;
  const int64_t step = w->stride * g->channels, channels = g->channels;
  Run run = {.row = r->rows, .end_row = r->rows + r->row_count, .ignore_nan = (int)g->ignore_nan, .suspect = suspect};
  for (int64_t o = begin; o < end;) {
    const int whole = o >= r->first_whole && o < r->end_whole;
    const int64_t until = whole ? least(end, r->end_whole) : o + 1;
    const int64_t at = (y + o) * channels;
    run.y = job->out + at;
    run.winners = job->winners ? job->winners + at : 0;
    run.argmax = job->argmax ? job->argmax + at : 0;
    run.column = r->columns + (whole ? 0 : first_tap(w, o));
    run.end_column = r->columns + (whole ? w->window : end_tap(w, o, w->input));
    run.from = o * step;
    if (reading == MEAN) run.count = (float)(row_cells * cells(w, o, g->divisor));
    if (whole && step == channels) {
      read_run(reading, is_float, &run, (until - o) * channels);
    } else if (whole && r->gathered) {
      Run copies = run;
      copies.row = r->copied;
      copies.end_row = r->copied + r->row_count;
      copies.column = r->together;
      copies.end_column = r->together + w->window;
      copies.from = 0;
      read_run(reading, is_float, &copies, (until - o) * channels);
    } else {
      for (int64_t i = o; i < until; i++) {
        read_run(reading, is_float, &run, channels);
        run.from += step;
        run.y += channels;
        if (run.winners) run.winners += channels;
        if (run.argmax) run.argmax += channels;
      }
    }
    o = until;
  }
}

/* One function for each: to be chosen once for all windows of a piece. */
typedef void Reads(Reader* r, int64_t row_cells, int64_t y, int64_t begin, int64_t end, V* suspect);
#define READS(name, reading, is_float)                                                                              \
  static void name(Reader* r, int64_t row_cells, int64_t y, int64_t begin, int64_t end, V* suspect) {               \
    read_windows(reading, is_float, r, row_cells, y, begin, end, suspect);                                          \
  }
READS(fast_float, FAST, 1)
READS(fast_int, FAST, 0)
READS(exact_float, EXACT, 1)
READS(exact_int, EXACT, 0)
READS(mean_float, MEAN, 1)
READS(pick_any, PICK, 0)

static Reads* reads_of(const Job* job) {
  if (job->kind == AVERAGE) return mean_float;
  if (job->kind == GATHER) return pick_any;
  if (job->winners) return job->is_float ? exact_float : exact_int;
  return job->is_float ? fast_float : fast_int;
}

static void read_pieces(Job* job, int64_t begin, int64_t end) {
  Reader r;
  if (!make_reader(&r, job)) {
    __atomic_store_n(&job->failed, 1, __ATOMIC_RELAXED);
    free_reader(&r);
    return;
  }
  const Geometry* g = job->g;
  Reads* const reads = reads_of(job);
  const int64_t in_row = r.cut.pieces / r.cut.rows;
  for (int64_t piece = begin; piece < end; piece++) {
    const int64_t row = piece / in_row, first = piece % in_row * r.cut.columns;
    const int64_t last = least(g->width.output, first + r.cut.columns);
    const int64_t oh = row % g->height.output, od = row / g->height.output % g->depth.output;
    enter_row(&r, row);
    const int64_t whole = most(first, r.first_whole), end_whole = least(last, r.end_whole);
    if (r.gathered && whole < end_whole) gather_taps(&r, whole, end_whole);
    const int64_t row_cells = cells(&g->depth, od, g->divisor) * cells(&g->height, oh, g->divisor);
    V suspect = splat(0);
    reads(&r, row_cells, row * g->width.output, first, last, &suspect);
    if (reads == fast_float && any(suspect)) exact_float(&r, row_cells, row * g->width.output, first, last, &suspect);
  }
  free_reader(&r);
}
