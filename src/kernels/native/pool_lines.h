/* As pool.h, for few channels: averages, norms, taps by number, and max pooling where max_of_lines.h does not tell. */
#include "max_of_lines.h"
#include "norms.h"

/* An element in the padding: it wins over no real one, and adds nothing (-0 + -0 is -0, but 0 + -0 is 0). */
static int32_t filler_of(int reading, const Job* job) {
  if (reading == PICK || reading == SQUARES || reading == CUBES) return 0;
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

/* One function for each kind of run. */
#define RUNS(name, reading, is_float) \
  static void name(const Run* run, int64_t n) { read_run(reading, is_float, run, n); }
RUNS(exact_float_run, EXACT, 1)
RUNS(exact_int_run, EXACT, 0)
RUNS(total_run, TOTAL, 1)
RUNS(pick_run, PICK, 0)
static void squares_run(const Run* run, int64_t n) { norm_run(0, run, n); }
static void cubes_run(const Run* run, int64_t n) { norm_run(1, run, n); }

static void read_lined(LineReader* r, int64_t number) {
  const Job* job = r->job;
  const Geometry* g = r->g;
  const Piece p = piece_of(r, number);
  /* Results are written all at once, at the end. */
  prefetch(job->out + p.at, p.rows * g->width.output * g->channels);
  if (job->winners) prefetch(job->winners + p.at, p.rows * g->width.output * g->channels);
  const int64_t count = p.columns * g->channels, n = most(LANES, (p.rows - 1) * r->lines.pitch + count);
  int reading = reading_of(job);
  if (reading == MEAN) reading = TOTAL;
  if (job->kind == MAX_POOL) {
    if (read_largest(r, &p)) return;
    reading = EXACT;
  }
  make_lines(r, p.image, p.od, p.oh, p.ow, filler_of(reading, job));
  V suspect;
  Run run = {.row = r->rows, .end_row = r->rows + r->row_count, .column = r->columns, .end_column = r->columns + g->width.window,
             .ignore_nan = (int)g->ignore_nan, .y = r->y, .winners = job->winners ? r->winners : 0, .suspect = &suspect};
  if (reading == PICK) {
    for (int64_t i = 0; i < p.rows; i++)
      copy_elements(r->argmax + i * r->lines.pitch, job->argmax + p.at + i * g->width.output * g->channels, count);
    run.argmax = r->argmax;
  }
  if (reading == TOTAL) total_run(&run, n);
  else if (reading == PICK) pick_run(&run, n);
  else if (reading == SQUARES) squares_run(&run, n);
  else if (reading == CUBES) cubes_run(&run, n);
  else if (job->is_float) exact_float_run(&run, n);
  else exact_int_run(&run, n);
  finish_rows(r, reading, p.od, p.oh, p.rows, p.ow, p.columns, p.at);
}

static int read_lined_pieces(const Job* job, Supply* supply) {
  LineReader r;
  int64_t begin, end;
  const int is_made = make_line_reader(&r, job);
  while (is_made && take_pieces(supply, &begin, &end))
    for (int64_t piece = begin; piece < end; piece++) read_lined(&r, piece);
  free_line_reader(&r);
  return is_made;
}
