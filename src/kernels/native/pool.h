/*
 * Windows read: max pooling, its argmax, averages, and elements by their tap numbers. A piece is some windows of one row of
 * outputs. As channels lie side by side, so do the taps of neighbouring windows if the stride is 1: one long vector.
 */
#include "fits.h"
#include "kernels.h"
#include "norms.h"
#include <stdlib.h>

enum { WIDTHS = 3 };

/* What the pieces of a job have in common, and memory for one of them. */
typedef struct {
  const Job* job;
  const Geometry* g;
  Cut cut;
  /* The windows whose columns are all real; none if these are fitted. */
  int64_t first_whole, end_whole;
  Column* columns;
  /* Fitted windows have one of three widths, from the narrowest on: numbers of rows depend on it, so there are tables for each. */
  Row* rows;
  int64_t narrowest, most_rows;
  /* Of fitted windows, by output. */
  Fit* fits;
  int64_t row_count;
} Reader;

static void free_reader(Reader* r) {
  free(r->columns);
  free(r->rows);
  free(r->fits);
}

static int make_reader(Reader* r, const Job* job) {
  const Geometry* g = job->g;
  const Axis* w = &g->width;
  *r = (Reader){.job = job, .g = g, .cut = cut_of(job, LANES)};
  r->columns = malloc(sizeof(Column) * (size_t)w->window);
  r->most_rows = rows_of_window(g);
  r->rows = malloc(sizeof(Row) * (size_t)(r->most_rows * (g->is_fitted ? WIDTHS : 1)));
  if (!r->columns || !r->rows) return 0;
  for (int64_t t = 0; t < w->window; t++)
    r->columns[t] = (Column){(t * w->dilation - w->pad_before) * g->channels, (int32_t)t};
  if (g->is_fitted) {
    r->narrowest = most(1, w->input / w->output);
    r->fits = table_of_fits(w);
    if (!r->fits) return 0;
  } else {
    r->first_whole = first_whole_window(w);
    r->end_whole = end_whole_window(w);
  }
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
    const int64_t plane = image * d->input + window_start(d, od) + td * d->dilation;
    for (int64_t th = h0; th < h1; th++) {
      const int64_t y = plane * h->input + window_start(h, oh) + th * h->dilation, tap_row = td * window_size(h, oh) + th;
      const int32_t* at = r->job->in + y * g->width.input * g->channels;
      if (!g->is_fitted) r->rows[r->row_count] = (Row){at, (int32_t)(tap_row * g->width.window)};
      for (int64_t i = 0; g->is_fitted && i < WIDTHS; i++)
        r->rows[i * r->most_rows + r->row_count] = (Row){at, (int32_t)(tap_row * (r->narrowest + i))};
      r->row_count++;
    }
  }
}

INLINE void read_run_of(int reading, int is_float, const Run* run, int64_t n) {
  if (reading == SQUARES || reading == CUBES) norm_run(reading == CUBES, run, n);
  else read_run(reading, is_float, run, n);
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
    if (g->is_fitted) {
      const Fit fit = r->fits[o];
      run.row = r->rows + (fit.size - r->narrowest) * r->most_rows;
      run.end_row = run.row + r->row_count;
      run.column = r->columns;
      run.end_column = r->columns + fit.size;
      run.from = fit.start * channels;
      if (reading == MEAN) run.count = (float)(row_cells * (g->divisor == ONE ? 1 : fit.size));
    } else {
      run.column = r->columns + (whole ? 0 : first_tap(w, o));
      run.end_column = r->columns + (whole ? w->window : end_tap(w, o, w->input));
      run.from = o * step;
      if (reading == MEAN) run.count = (float)(row_cells * cells(w, o, g->divisor));
    }
    if (whole && step == channels) {
      read_run_of(reading, is_float, &run, (until - o) * channels);
    } else {
      for (int64_t i = o; i < until; i++) {
        read_run_of(reading, is_float, &run, channels);
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
READS(square_norms, SQUARES, 1)
READS(cube_norms, CUBES, 1)

static Reads* reads_of(const Job* job) {
  const int is_float = job->is_float;
  switch (reading_of(job)) {
    case MEAN: return mean_float;
    case PICK: return pick_any;
    case SQUARES: return square_norms;
    case CUBES: return cube_norms;
    case EXACT: return is_float ? exact_float : exact_int;
    default: return is_float ? fast_float : fast_int;
  }
}

static void read_piece(Reader* r, Reads* reads, int64_t piece) {
  const Geometry* g = r->g;
  const int64_t row = piece / r->cut.across, first = piece % r->cut.across * r->cut.columns;
  const int64_t last = least(g->width.output, first + r->cut.columns);
  const int64_t oh = row % g->height.output, od = row / g->height.output % g->depth.output;
  enter_row(r, row);
  const int64_t row_cells = cells(&g->depth, od, g->divisor) * cells(&g->height, oh, g->divisor);
  V suspect = splat(0);
  reads(r, row_cells, row * g->width.output, first, last, &suspect);
  if (reads == fast_float && any(suspect)) exact_float(r, row_cells, row * g->width.output, first, last, &suspect);
}

static int read_pieces(const Job* job, Supply* supply) {
  Reader r;
  int64_t begin, end;
  const int is_made = make_reader(&r, job);
  Reads* const reads = reads_of(job);
  while (is_made && take_pieces(supply, &begin, &end))
    for (int64_t piece = begin; piece < end; piece++) read_piece(&r, reads, piece);
  free_reader(&r);
  return is_made;
}
