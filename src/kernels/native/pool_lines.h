/* As pool.h, for few channels: a piece is some rows of windows of one plane, all done as one run over lines of x. */
#include "max_lines.h"

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
  /* The largest of columns, and lines of them with the offsets of their taps. */
  Largest largest, split;
  Lines split_lines;
  Column* split_columns;
  /* Whether rows follow one another there as they do in y: no padding is between them, and windows that reach over an end are done again. */
  int is_dense;
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
  r->is_dense = r->cut.columns == w->output && w->input == w->output * w->stride;
  r->split_lines = lines_of(h, w, g->channels, r->cut.rows, r->cut.columns + (r->is_dense ? 0 : reach_of(w)));
  r->split_lines.row_residues = 1;
  if (r->is_dense) r->split_lines.column_residues = w->stride;
  /* With margins, where the first windows and the last ones read. */
  const int64_t margin = (w->pad_before + reach_of(w)) * g->channels + LANES;
  const int64_t of_split = size_of(&r->split_lines) + 2 * margin, of_largest = r->cut.rows * w->input * g->channels + 2 * margin;
  r->columns = malloc(sizeof(Column) * (size_t)w->window * 2);
  r->rows = malloc(sizeof(Row) * (size_t)(planes * h->window));
  /* What lies between rows may be anything: it is read, and what comes of it is left out. */
  r->made = malloc((size_t)(of_x + 3 * of_y + 2 * of_split + 2 * of_largest) * 4);
  r->divisors = malloc((size_t)(r->cut.columns * g->channels) * 4);
  if (!r->columns || !r->rows || !r->made || !r->divisors) return 0;
  r->y = r->made + of_x;
  r->winners = r->y + of_y;
  r->argmax = r->winners + of_y;
  r->split.elements = r->argmax + of_y + margin;
  r->split.numbers = r->split.elements + of_split;
  r->largest.elements = r->split.numbers + of_split;
  r->largest.numbers = r->largest.elements + of_largest;
  r->split_columns = r->columns + w->window;
  for (int64_t t = 0; t < w->window; t++) {
    r->columns[t] = (Column){offset_in(&r->lines, 0, t * w->dilation), (int32_t)t};
    const int64_t column = t * w->dilation - (r->is_dense ? w->pad_before : 0), residue = column - floor_div(column, w->stride) * w->stride;
    r->split_columns[t] = (Column){residue * r->split_lines.each + floor_div(column, w->stride) * g->channels, (int32_t)t};
  }
  return 1;
}

/* An element in the padding: it wins over no real one, and adds nothing (-0 + -0 is -0, but 0 + -0 is 0). */
static int32_t filler_of(int reading, const Job* job) {
  if (reading == PICK) return 0;
  if (reading == TOTAL) return as_bits(-0.0f);
  if (!job->is_float) return INT32_MIN;
  return as_bits(reading == EXACT && job->g->ignore_nan ? NAN : -INFINITY);
}

enum { ROWS_AHEAD = 2 };

/* Windows of one plane. */
typedef struct {
  int64_t image, od, oh, rows, ow, columns;
  /* Where the first output is. */
  int64_t at;
} Piece;

static Piece piece_of(const LineReader* r, int64_t number) {
  const Geometry* g = r->g;
  const int64_t plane = number / r->cut.across / r->cut.down;
  Piece p = {.image = plane / g->depth.output, .od = plane % g->depth.output};
  p.oh = number / r->cut.across % r->cut.down * r->cut.rows;
  p.ow = number % r->cut.across * r->cut.columns;
  p.rows = least(r->cut.rows, g->height.output - p.oh);
  p.columns = least(r->cut.columns, g->width.output - p.ow);
  p.at = ((plane * g->height.output + p.oh) * g->width.output + p.ow) * g->channels;
  return p;
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

static int read_lined_pieces(const Job* job, Supply* supply) {
  LineReader r;
  int64_t begin, end;
  const int is_made = make_line_reader(&r, job);
  while (is_made && take_pieces(supply, &begin, &end))
    for (int64_t piece = begin; piece < end; piece++) read_lined(&r, piece);
  free_line_reader(&r);
  return is_made;
}

/* One function for each kind of run. */
#define RUNS(name, reading, is_float) \
  static void name(const Run* run, int64_t n) { read_run(reading, is_float, run, n); }
RUNS(exact_float_run, EXACT, 1)
RUNS(exact_int_run, EXACT, 0)
RUNS(total_run, TOTAL, 1)
RUNS(pick_run, PICK, 0)

/* The rows of x in the windows of a row of outputs, from column `from` on. Gives the end of the last one. */
static const int32_t* enter_line(LineReader* r, const Piece* p, int64_t oh, int64_t from) {
  const Geometry* g = r->g;
  const Axis *d = &g->depth, *h = &g->height;
  const int64_t h0 = first_tap(h, oh), h1 = end_tap(h, oh, h->input), width = g->width.input * g->channels;
  r->row_count = 0;
  for (int64_t td = first_tap(d, p->od), end = end_tap(d, p->od, d->input); td < end; td++) {
    const int64_t plane = p->image * d->input + p->od * d->stride - d->pad_before + td * d->dilation;
    for (int64_t th = h0; th < h1; th++) {
      const int64_t y = plane * h->input + oh * h->stride - h->pad_before + th * h->dilation;
      r->rows[r->row_count++] = (Row){r->job->in + y * width + from * g->channels, (int32_t)((td * h->window + th) * g->width.window)};
    }
  }
  return r->rows[r->row_count - 1].at + width - from * g->channels;
}

/* Columns of x. */
typedef struct {
  int64_t from, count;
} Span;

/* The largest of columns, for each row of outputs. Whether no NaN was found; else they are garbage. */
static int find_largest(LineReader* r, const Piece* p, const LargestOf* of, Span span) {
  const Geometry* g = r->g;
  const Axis* h = &g->height;
  const int64_t n = span.count * g->channels, first_whole = first_whole_window(h);
  /* Whole windows of rows that follow one another, as those of x do. */
  const int64_t end_whole = h->stride == 1 && span.count == g->width.input && n >= LANES ? end_whole_window(h) : 0;
  const int32_t* const end_of_x = r->job->in + x_elements(g);
  V suspect = splat(0);
  for (int64_t i = 0; i < p->rows;) {
    const int64_t oh = p->oh + i, many = oh >= first_whole && oh < end_whole ? least(end_whole - oh, p->rows - i) : 1;
    const int32_t* end = enter_line(r, p, oh, span.from);
    if (n < LANES && end - n + LANES > end_of_x) return 0;
    const Row* const end_row = r->rows + r->row_count;
    const Ahead ahead = {ROWS_AHEAD * h->stride * g->width.input * g->channels, most(0, r->row_count - h->stride) + r->rows};
    /* Less than a vector goes beyond the row; the next one is written after it. */
    const Largest to = {r->largest.elements + i * n, r->largest.numbers + i * n};
    suspect |= of->rows(r->rows, end_row, most(LANES, many * n), to, ahead);
    i += many;
  }
  return !any(suspect);
}

/* Of all rows the windows at output `o`, which reaches over an end, from the largest of columns. Without branches: which element wins is chance. */
INLINE int redo_end(int is_float, int numbered, const LineReader* r, const Piece* p, int64_t o) {
  const Axis* w = &r->g->width;
  const int64_t c = r->g->channels, row = w->input * c, step = w->dilation * c, first = first_tap(w, o), end = end_tap(w, o, w->input);
  int unknown = 0;
  for (int64_t i = 0; i < p->rows; i++) {
    for (int64_t k = 0; k < c; k++) {
      const int64_t start = i * row + (o * w->stride - w->pad_before) * c + k, at = p->at + (i * w->output + o) * c + k;
      const int32_t *elements = r->largest.elements + start, *numbers = r->largest.numbers + start;
      int32_t best = elements[first * step], winner = numbered ? numbers[first * step] + (int32_t)first : 0;
      for (int64_t t = first + 1; t < end; t++) {
        const int32_t value = elements[t * step];
        int32_t better = -(is_float ? as_float(value) > as_float(best) : value > best);
        if (numbered) {
          const int32_t tap = numbers[t * step] + (int32_t)t;
          better |= -((is_float ? as_float(value) == as_float(best) : value == best) & (tap < winner));
          winner = (tap & better) | (winner & ~better);
        } else if (is_float) unknown |= (as_float(value) == as_float(best)) & (value != best);
        best = (value & better) | (best & ~better);
      }
      r->job->out[at] = best;
      if (numbered) r->job->winners[at] = winner;
    }
  }
  return unknown;
}

static int redo_ends(const LineReader* r, const Piece* p) {
  int unknown = 0;
  const Axis* w = &r->g->width;
  const int64_t first_whole = first_whole_window(w), end_whole = end_whole_window(w);
  for (int64_t o = 0; o < w->output; o++) {
    if (o == first_whole) o = end_whole;
    if (o == w->output) break;
    if (r->job->is_float && r->job->winners) unknown |= redo_end(1, 1, r, p, o);
    else if (r->job->is_float) unknown |= redo_end(1, 0, r, p, o);
    else if (r->job->winners) unknown |= redo_end(0, 1, r, p, o);
    else unknown |= redo_end(0, 0, r, p, o);
  }
  return unknown;
}

/* Splits all rows at once. */
static Largest split_dense(LineReader* r, int64_t count) {
  if (r->g->width.stride == 1) return r->largest;
  Lines all = r->split_lines;
  all.pitch = count;
  copy_row(&all, r->split.elements, r->largest.elements, count / r->g->channels * all.column_stride, 0, 0);
  if (r->job->winners) copy_row(&all, r->split.numbers, r->largest.numbers, count / r->g->channels * all.column_stride, 0, 0);
  return r->split;
}

/* Whether the first of equal zeros is known. */
static int finish_dense(LineReader* r, const Piece* p, const LargestOf* of) {
  const Axis* w = &r->g->width;
  const Job* job = r->job;
  const int64_t c = r->g->channels, count = p->rows * w->output * c;
  const Largest split = split_dense(r, count);
  const Largest to = {job->out + p->at, job->winners ? job->winners + p->at : 0};
  const V unknown = of->columns(r->split_columns, r->split_columns + w->window, count, split, to);
  return !redo_ends(r, p) && !any(unknown);
}

/* With padding between the rows, where no window then reaches over an end. */
static int finish_padded(LineReader* r, const Piece* p, const LargestOf* of, Span span) {
  const Axis* w = &r->g->width;
  const Job* job = r->job;
  const Lines* l = &r->split_lines;
  const int32_t filler = job->is_float ? as_bits(-INFINITY) : INT32_MIN, last = INT32_MAX - (int32_t)w->window;
  const int64_t c = r->g->channels, start = p->ow * w->stride - w->pad_before - span.from, count = p->columns * c;
  for (int64_t i = 0; i < p->rows; i++) {
    copy_row(l, r->split.elements + i * l->pitch, r->largest.elements + i * span.count * c, span.count, start, filler);
    if (job->winners) copy_row(l, r->split.numbers + i * l->pitch, r->largest.numbers + i * span.count * c, span.count, start, last);
  }
  const Largest to = {r->y, r->winners};
  const V unknown = of->columns(r->split_columns, r->split_columns + w->window, most(LANES, (p->rows - 1) * l->pitch + count), r->split, to);
  for (int64_t i = 0; i < p->rows; i++) {
    const int64_t at = p->at + i * w->output * c;
    copy_elements(job->out + at, r->y + i * l->pitch, count);
    if (job->winners) copy_elements(job->winners + at, r->winners + i * l->pitch, count);
  }
  return !any(unknown);
}

/* Whether no NaN was found, nor equal zeros of both signs; else the outputs are garbage. */
static int read_largest(LineReader* r, const Piece* p) {
  const Axis* w = &r->g->width;
  const LargestOf* of = largest_of(r->job);
  const int64_t start = p->ow * w->stride - w->pad_before, from = most(0, start);
  const Span span = {from, least(w->input, start + (p->columns - 1) * w->stride + (w->window - 1) * w->dilation + 1) - from};
  /* Less than a vector is left to the runs of any windows. */
  if (r->is_dense && p->rows * w->output * r->g->channels < LANES) return 0;
  if (!find_largest(r, p, of, r->is_dense ? (Span){0, w->input} : span)) return 0;
  return r->is_dense ? finish_dense(r, p, of) : finish_padded(r, p, of, span);
}

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
  else if (job->is_float) exact_float_run(&run, n);
  else exact_int_run(&run, n);
  finish_rows(r, reading, p.od, p.oh, p.rows, p.ow, p.columns, p.at);
}
