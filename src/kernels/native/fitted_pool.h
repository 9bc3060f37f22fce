/* Windows fitted to the outputs, few channels, read: a piece is some rows of outputs of one plane, whose windows are read from lines. */
#include "fitted_rows.h"
#include "windows.h"
#include <math.h>

/* A tap's number is `row << shift | column` on the way: in which column it is does not depend on its window's width then. */
typedef struct {
  const Job* job;
  FittedRows rows;
  Cut cut;
  int shift;
  Row* row;
  int64_t row_count;
  Column* columns;
  /* Results of a row of outputs. */
  int32_t *y, *winners;
} FittedReader;

static void free_fitted_reader(FittedReader* r) {
  free_fitted_rows(&r->rows);
  free(r->row);
  free(r->columns);
  free(r->y);
}

static int make_fitted_reader(FittedReader* r, const Job* job) {
  const Geometry* g = job->g;
  const Axis axes[] = {g->depth, g->height, g->width};
  *r = (FittedReader){.job = job, .cut = cut_of(job, LANES)};
  const int is_made = make_fitted_rows(&r->rows, g, axes, 1);
  r->row = malloc(sizeof(Row) * (size_t)r->rows.count);
  r->columns = malloc(sizeof(Column) * (size_t)g->width.window);
  r->y = malloc((size_t)(2 * r->rows.lines.pitch) * 4);
  if (!is_made || !r->row || !r->columns || !r->y) return 0;
  r->winners = r->y + r->rows.lines.pitch;
  while ((int64_t)1 << r->shift < g->width.window) r->shift++;
  for (int64_t t = 0; t < g->width.window; t++) r->columns[t] = (Column){t * r->rows.lines.pitch, (int32_t)t};
  return 1;
}

/* What wins over no element, adds nothing, and with `exact` does not win over NaN either. */
static int32_t fitted_filler(const Job* job, int exact) {
  if (job->kind == AVERAGE) return as_bits(-0.0f);
  if (!job->is_float) return INT32_MIN;
  return as_bits(exact && job->g->ignore_nan ? NAN : -INFINITY);
}

/* The lines of the rows in the windows of a row of outputs. */
static void enter_fitted(FittedReader* r, int64_t image, int64_t od, int64_t oh, int32_t filler) {
  FittedRows* rows = &r->rows;
  const Axis *d = &rows->depth, *h = &rows->height;
  const int64_t count = rows->lines.axis.input * rows->g->channels, first = window_start(h, oh), end = first + window_size(h, oh);
  r->row_count = 0;
  for (int64_t td = 0; td < window_size(d, od); td++) {
    const int64_t plane = image * d->input + window_start(d, od) + td;
    for (int64_t ih = first; ih < end; ih++) {
      int is_new;
      int32_t* lines = lines_for(rows, td, plane, ih, &is_new);
      if (is_new)
        make_row_of(&rows->lines, r->job->in + (plane * h->input + ih) * count, r->job->in + x_elements(rows->g), filler, lines);
      r->row[r->row_count] = (Row){lines, (int32_t)((uint32_t)r->row_count << r->shift)};
      r->row_count++;
    }
  }
}

INLINE void store_some(int32_t* to, V values, int64_t count) {
  if (count >= LANES) {
    store(to, values);
  } else {
    for (int64_t i = 0; i < count; i++) to[i] = values[i];
  }
}

/* Results of a row of outputs go to their places. */
static void finish_fitted(const FittedReader* r, int64_t row_cells, int64_t at) {
  const Job* job = r->job;
  const int64_t count = r->rows.lines.axis.output * r->rows.g->channels;
  const V each = splat((int32_t)row_cells), column = splat((int32_t)(((uint32_t)1 << r->shift) - 1));
  const int32_t is_one = job->g->divisor == ONE ? -1 : 0;
  for (int64_t i = 0; i < count; i += LANES) {
    const V widths = load(r->rows.lines.widths + i), value = load(r->y + i);
    if (job->kind == AVERAGE) {
      const F cells = __builtin_convertvector(pick(splat(is_one), splat(1), each * widths), F);
      store_some(job->out + at + i, quotient(value, (V)cells), count - i);
      continue;
    }
    store_some(job->out + at + i, value, count - i);
    if (!job->winners) continue;
    const V number = load(r->winners + i), row = (V)((U)number >> (uint32_t)r->shift);
    store_some(job->winners + at + i, row * widths + (number & column), count - i);
  }
}

/* One function for each kind of run. */
#define FITTED_RUNS(name, reading, is_float) \
  static void name(const Run* run, int64_t n) { read_run(reading, is_float, run, n); }
FITTED_RUNS(fitted_fast_float, FAST, 1)
FITTED_RUNS(fitted_fast_int, FAST, 0)
FITTED_RUNS(fitted_exact_float, EXACT, 1)
FITTED_RUNS(fitted_exact_int, EXACT, 0)
FITTED_RUNS(fitted_total, TOTAL, 1)

/* Elements by their numbers in their own windows, from where they lie. */
static void pick_fitted(const FittedReader* r, int64_t image, int64_t od, int64_t oh, int64_t at) {
  const FittedRows* rows = &r->rows;
  const Axis *d = &rows->depth, *h = &rows->height, *w = &rows->lines.axis;
  const int64_t c = rows->g->channels, depth = window_start(d, od), height = window_start(h, oh), high = window_size(h, oh);
  const int64_t rows_seen = window_size(d, od) * high;
  for (int64_t i = 0; i < w->output * c; i++) {
    const int64_t number = r->job->argmax[at + i], width = rows->lines.widths[i];
    int32_t value = 0;
    if (number >= 0 && number < rows_seen * width) {
      const int32_t row = (int32_t)number / (int32_t)width, td = row / (int32_t)high;
      const int64_t y = ((image * d->input + depth + td) * h->input + height + row - td * high) * w->input * c;
      value = r->job->in[y + rows->lines.starts[i] + (number - row * width) * c];
    }
    r->job->out[at + i] = value;
  }
}

/* A row of outputs. Whether a NaN may have been missed. */
static int read_fitted_row(FittedReader* r, int64_t plane, int64_t oh, int exact) {
  const Job* job = r->job;
  const FittedRows* rows = &r->rows;
  const int64_t image = plane / rows->depth.output, od = plane % rows->depth.output;
  const int64_t at = (plane * rows->height.output + oh) * rows->lines.axis.output * rows->g->channels;
  if (job->kind == GATHER) {
    pick_fitted(r, image, od, oh, at);
    return 0;
  }
  enter_fitted(r, image, od, oh, fitted_filler(job, exact));
  V suspect = splat(0);
  const Run run = {.row = r->row, .end_row = r->row + r->row_count, .column = r->columns, .end_column = r->columns + rows->lines.axis.window,
                   .ignore_nan = (int)job->g->ignore_nan, .y = r->y, .winners = job->winners ? r->winners : 0, .suspect = &suspect};
  const int64_t n = rows->lines.pitch;
  if (job->kind == AVERAGE) fitted_total(&run, n);
  else if (exact && job->is_float) fitted_exact_float(&run, n);
  else if (exact) fitted_exact_int(&run, n);
  else if (job->is_float) fitted_fast_float(&run, n);
  else fitted_fast_int(&run, n);
  if (any(suspect)) return 1;
  finish_fitted(r, r->row_count, at);
  return 0;
}

static void read_fitted_piece(FittedReader* r, int64_t piece) {
  const int64_t plane = piece / r->cut.down, first = piece % r->cut.down * r->cut.rows;
  const int64_t end = least(r->rows.height.output, first + r->cut.rows);
  const int exact = r->job->winners != 0;
  int64_t oh = first;
  while (oh < end && !read_fitted_row(r, plane, oh, exact)) oh++;
  if (oh == end) return;
  /* Lines of another filler. */
  forget_rows(&r->rows);
  for (; oh < end; oh++) read_fitted_row(r, plane, oh, 1);
  forget_rows(&r->rows);
}

static int read_fitted_pieces(const Job* job, Supply* supply) {
  FittedReader r;
  int64_t begin, end;
  const int is_made = make_fitted_reader(&r, job);
  while (is_made && take_pieces(supply, &begin, &end))
    for (int64_t piece = begin; piece < end; piece++) read_fitted_piece(&r, piece);
  free_fitted_reader(&r);
  return is_made;
}
