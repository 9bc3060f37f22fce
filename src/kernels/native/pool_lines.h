/* As pool.h, for few channels: a piece is some rows of windows of one plane, all done as one run over lines of x. */
#include "lines.h"
#include "windows.h"

typedef struct {
  const Job* job;
  const Geometry* g;
  Cut cut;
  Lines lines;
  Column* columns;
  Row* rows;
  int64_t row_count;
  /* Lines of each plane; results of a run; the argmax for one. */
  int32_t *made, *y, *winners, *argmax;
  /* For each element of a row: the cells that its average is divided by. Which columns and cells they are for. */
  float* divisors;
  int64_t column, row_cells;
} LineReader;

static void free_line_reader(LineReader* r) {
  free(r->columns);
  free(r->rows);
  free(r->made);
  free(r->divisors);
}

static int make_line_reader(LineReader* r, const Job* job) {
  const Geometry* g = job->g;
  const Axis *h = &g->height, *w = &g->width;
  *r = (LineReader){.job = job, .g = g, .cut = cut_of(job, LANES), .column = -1, .row_cells = -1};
  r->lines = lines_of(h, w, g->channels, r->cut.rows + reach_of(h), r->cut.columns + reach_of(w));
  const int64_t planes = least(g->depth.window, g->depth.input);
  const int64_t of_x = planes * size_of(&r->lines) + LANES, of_y = r->cut.rows * r->lines.pitch + LANES;
  r->columns = malloc(sizeof(Column) * (size_t)w->window);
  r->rows = malloc(sizeof(Row) * (size_t)(planes * h->window));
  /* All of it zero: what lies between rows is read. */
  r->made = calloc((size_t)(of_x + 3 * of_y), 4);
  r->divisors = malloc((size_t)(r->cut.columns * g->channels) * 4);
  if (!r->columns || !r->rows || !r->made || !r->divisors) return 0;
  r->y = r->made + of_x;
  r->winners = r->y + of_y;
  r->argmax = r->winners + of_y;
  for (int64_t t = 0; t < w->window; t++) r->columns[t] = (Column){offset_in(&r->lines, 0, t * w->dilation), (int32_t)t};
  return 1;
}

/* An element in the padding: it wins over no real one, and adds nothing (-0 + -0 is -0, but 0 + -0 is 0). */
static int32_t filler_of(int reading, const Job* job) {
  if (reading == PICK) return 0;
  if (reading == TOTAL) return as_bits(-0.0f);
  if (!job->is_float) return INT32_MIN;
  return as_bits(reading == EXACT && job->g->ignore_nan ? NAN : -INFINITY);
}

/* The lines of x for the windows from row `oh` and column `ow` on, in the planes of `od`. */
static void make_lines(LineReader* r, int64_t image, int64_t od, int64_t oh, int64_t ow, int32_t filler) {
  const Geometry* g = r->g;
  const Axis *d = &g->depth, *h = &g->height, *w = &g->width;
  int32_t* made = r->made;
  r->row_count = 0;
  for (int64_t td = first_tap(d, od), end = end_tap(d, od, d->input); td < end; td++) {
    const int64_t plane = image * d->input + od * d->stride - d->pad_before + td * d->dilation;
    const int32_t* x = r->job->in + plane * h->input * w->input * g->channels;
    copy_plane(&r->lines, made, x, h->input, w->input, oh * h->stride - h->pad_before, ow * w->stride - w->pad_before, filler);
    for (int64_t th = 0; th < h->window; th++)
      r->rows[r->row_count++] = (Row){made + offset_in(&r->lines, th * h->dilation, 0), (int32_t)((td * h->window + th) * w->window)};
    made += size_of(&r->lines);
  }
}

/* What elements of the columns from `ow` on have of their own. */
static void enter_columns(LineReader* r, int64_t ow, int64_t columns, int64_t row_cells) {
  const Geometry* g = r->g;
  const Axis* w = &g->width;
  if (r->column == ow && r->row_cells == row_cells) return;
  r->column = ow;
  r->row_cells = row_cells;
  const int64_t whole = cells(w, first_whole_window(w), g->divisor);
  for (int64_t i = 0; i < columns; i++) {
    const int is_whole = ow + i >= first_whole_window(w) && ow + i < end_whole_window(w);
    const float divisor = (float)(row_cells * (is_whole ? whole : cells(w, ow + i, g->divisor)));
    for (int64_t c = i * g->channels; c < (i + 1) * g->channels; c++) r->divisors[c] = divisor;
  }
}

INLINE void divide_row(const LineReader* r, int32_t* to, const int32_t* from, int64_t count) {
  int64_t i = 0;
  const int32_t* by = (const int32_t*)r->divisors;
  for (; i + LANES <= count; i += LANES) store(to + i, quotient(load(from + i), load(by + i)));
  for (; i < count; i++) to[i] = as_bits(as_float(from[i]) / r->divisors[i]);
}

/* A tap in the padding stands for the first real one. */
static void correct_winners(const LineReader* r, int32_t* winners, int64_t od, int64_t oh, int64_t ow, int64_t columns) {
  const Geometry* g = r->g;
  const Axis *h = &g->height, *w = &g->width;
  const int64_t row = first_tap(&g->depth, od) * h->window + first_tap(h, oh);
  const int64_t end = oh < first_whole_window(h) ? columns : least(columns, first_whole_window(w) - ow);
  for (int64_t i = 0; i < end; i++) {
    const int32_t first = (int32_t)(row * w->window + first_tap(w, ow + i));
    for (int64_t c = i * g->channels; c < (i + 1) * g->channels; c++) winners[c] = winners[c] > first ? winners[c] : first;
  }
}

/* Rows of results go to their places. */
static void finish_rows(LineReader* r, int reading, int64_t od, int64_t oh, int64_t rows, int64_t ow, int64_t columns, int64_t at) {
  const Geometry* g = r->g;
  const int64_t count = columns * g->channels, apart = g->width.output * g->channels, pitch = r->lines.pitch;
  for (int64_t i = 0; i < rows; i++, at += apart) {
    const int32_t* from = r->y + i * pitch;
    int32_t* to = r->job->out + at;
    if (reading == TOTAL) {
      enter_columns(r, ow, columns, cells(&g->depth, od, g->divisor) * cells(&g->height, oh + i, g->divisor));
      divide_row(r, to, from, count);
      continue;
    }
    copy_elements(to, from, count);
    if (!r->job->winners) continue;
    copy_elements(r->job->winners + at, r->winners + i * pitch, count);
    correct_winners(r, r->job->winners + at, od, oh + i, ow, columns);
  }
}

static void read_lined(LineReader* r, int64_t piece);

static int read_lined_pieces(const Job* job, int64_t begin, int64_t end) {
  LineReader r;
  const int is_made = make_line_reader(&r, job);
  for (int64_t piece = begin; is_made && piece < end; piece++) read_lined(&r, piece);
  free_line_reader(&r);
  return is_made;
}

/* One function for each kind of run. */
typedef void Runs(const Run* run, int64_t n);
#define RUNS(name, reading, is_float) \
  static void name(const Run* run, int64_t n) { read_run(reading, is_float, run, n); }
RUNS(fast_float_run, FAST, 1)
RUNS(fast_int_run, FAST, 0)
RUNS(exact_float_run, EXACT, 1)
RUNS(exact_int_run, EXACT, 0)
RUNS(total_run, TOTAL, 1)
RUNS(pick_run, PICK, 0)

static Runs* runs_of(int reading, int is_float) {
  if (reading == TOTAL) return total_run;
  if (reading == PICK) return pick_run;
  if (reading == EXACT) return is_float ? exact_float_run : exact_int_run;
  return is_float ? fast_float_run : fast_int_run;
}

static void read_lined(LineReader* r, int64_t piece) {
  const Job* job = r->job;
  const Geometry* g = r->g;
  const int64_t ow = piece % r->cut.across * r->cut.columns, oh = piece / r->cut.across % r->cut.down * r->cut.rows;
  const int64_t plane = piece / r->cut.across / r->cut.down, od = plane % g->depth.output, image = plane / g->depth.output;
  const int64_t columns = least(r->cut.columns, g->width.output - ow), rows = least(r->cut.rows, g->height.output - oh);
  const int64_t at = ((plane * g->height.output + oh) * g->width.output + ow) * g->channels, count = columns * g->channels;
  const int64_t n = most(LANES, (rows - 1) * r->lines.pitch + count);
  int reading = reading_of(job);
  if (reading == MEAN) reading = TOTAL;
  V suspect = splat(0);
  make_lines(r, image, od, oh, ow, filler_of(reading, job));
  Run run = {.row = r->rows, .end_row = r->rows + r->row_count, .column = r->columns, .end_column = r->columns + g->width.window,
             .ignore_nan = (int)g->ignore_nan, .y = r->y, .winners = job->winners ? r->winners : 0, .suspect = &suspect};
  if (reading == PICK) {
    for (int64_t i = 0; i < rows; i++)
      copy_elements(r->argmax + i * r->lines.pitch, job->argmax + at + i * g->width.output * g->channels, count);
    run.argmax = r->argmax;
  }
  runs_of(reading, job->is_float)(&run, n);
  if (reading == FAST && job->is_float && any(suspect)) {
    reading = EXACT;
    if (g->ignore_nan) make_lines(r, image, od, oh, ow, filler_of(EXACT, job));
    exact_float_run(&run, n);
  }
  finish_rows(r, reading, od, oh, rows, ow, columns, at);
}
