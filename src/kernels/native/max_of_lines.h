/* Max pooling of a piece by the largest of columns (max_lines.h): where no NaN is, and no equal zeros of both signs. */
#include "line_reader.h"

enum { ROWS_AHEAD = 2 };

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
