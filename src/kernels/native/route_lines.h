/* As route.h, for few channels: a piece is made from lines of dy and argmax in one run for each residue. */
#include "route_in_place.h"

/* Rows and columns of steps. */
typedef struct {
  int64_t row, rows, column, columns;
} Steps;

/* Puts what each window's elements get in the place of its gradient. */
static void divide_lines(const LineAdder* a, const Steps* s, int32_t* made, int64_t plane_cells) {
  const Geometry* g = a->g;
  const Axis *h = &g->height, *w = &g->width;
  const int64_t reach = reach_of(w), first = s->column - reach, c = g->channels;
  const int64_t begin = most(0, first), end = least(w->output, s->column + s->columns);
  const int64_t first_whole = first_whole_window(w), end_whole = end_whole_window(w);
  for (int64_t k = 0; k < a->lines.rows; k++) {
    const int64_t oh = s->row - reach_of(h) + k;
    if (oh < 0 || oh >= h->output) continue;
    const int64_t row_cells = plane_cells * cells(h, oh, g->divisor);
    int32_t* line = made + k * a->lines.pitch;
    for (int64_t o = begin; o < end;) {
      const int64_t until = o >= first_whole && o < end_whole ? least(end, end_whole) : o + 1;
      const float divisor = (float)(row_cells * cells(w, o, g->divisor));
      for (int64_t i = (o - first) * c; i < (until - first) * c; i++) line[i] = as_bits(as_float(line[i]) / divisor);
      o = until;
    }
  }
}

/* The planes of outputs that reach a plane of dx, in order, as lines. */
static void enter_planes(LineAdder* a, int64_t plane, const Steps* s) {
  const Geometry* g = a->g;
  const Axis *d = &g->depth, *h = &g->height, *w = &g->width;
  const int64_t id = plane % d->input, image = plane / d->input, row = s->row - reach_of(h), column = s->column - reach_of(w);
  int32_t* made = a->made;
  a->plane_count = 0;
  for (int64_t td = d->window - 1; td >= 0; td--) {
    const int64_t od = output_at(d, id, td);
    if (od < 0) continue;
    const int64_t at = (image * d->output + od) * h->output * w->output * g->channels;
    Source* source = &a->planes[a->plane_count++];
    *source = (Source){.dy = made, .argmax = made + a->lines.each, .number = (int32_t)(td * h->window * w->window)};
    copy_plane(&a->lines, made, a->job->in + at, h->output, w->output, row, column, 0);
    if (a->job->kind == SCATTER) copy_plane(&a->lines, made + a->lines.each, a->job->argmax + at, h->output, w->output, row, column, -1);
    else if (is_slope(a->job)) copy_plane(&a->lines, made + a->lines.each, a->job->argmax + at, h->output, w->output, row, column, 0);
    else if (g->divisor != ONE) divide_lines(a, s, made, cells(d, od, g->divisor));
    made += 2 * a->lines.each;
  }
}

/* The elements of x in a plane, residue by residue as those of dx. */
static void enter_x(const LineAdder* a, int64_t plane, const Steps* s) {
  const Axis *h = &a->g->height, *w = &a->g->width;
  const Lines lines = {.row_stride = h->stride, .column_stride = w->stride, .row_residues = h->stride, .column_residues = w->stride,
                       .channels = a->g->channels, .rows = a->cut.rows, .pitch = a->lines.pitch, .each = a->each};
  const int64_t row = s->row * h->stride - h->pad_before, column = s->column * w->stride - w->pad_before;
  copy_plane(&lines, a->x, a->job->x + plane * h->input * w->input * a->g->channels, h->input, w->input, row, column, 0);
}

/* From the elements of each residue to their places in a row of dx. */
static void interleave(const LineAdder* a, int32_t* dx, const int32_t* from, int64_t first, int64_t count) {
  const int64_t stride = a->g->width.stride, channels = a->g->channels, each = a->each;
  if (stride == 1) {
    copy_elements(dx, from + first * channels, count * channels);
    return;
  }
  int64_t p = 0, residue = first % stride, q = first / stride;
  if (stride == 2 && channels == 1) {
    if (residue == 1) {
      dx[p++] = from[each + q++];
      residue = 0;
    }
    const int64_t start = p, last = p + ((count - p - 2 * LANES) & ~(int64_t)1);
    V lower, upper;
    for (; last >= start && p < last + 2 * LANES; p += 2 * LANES) {
      const int64_t at = least(p, last);
      zip(load(from + q + (at - start) / 2), load(from + each + q + (at - start) / 2), &lower, &upper);
      store(dx + at, lower);
      store(dx + at + LANES, upper);
    }
    if (last < start) {
      int32_t both[2 * LANES];
      zip(load(from + q), load(from + each + q), &lower, &upper);
      store(both, lower);
      store(both + LANES, upper);
      copy_elements(dx + p, both, count - p);
      p = count;
    } else {
      p = last + 2 * LANES;
      q += (p - start) / 2;
    }
  }
  for (; p < count; p++) {
    const int32_t* element = from + residue * each + q * channels;
    for (int64_t c = 0; c < channels; c++) dx[p * channels + c] = element[c];
    if (++residue == stride) {
      residue = 0;
      q++;
    }
  }
}

/* The elements of dx whose rows and columns have these residues, at all the steps. */
static void add_residue_of(LineAdder* a, int64_t row_residue, int64_t column_residue, int64_t n, int32_t* to) {
  const Geometry* g = a->g;
  const int64_t pitch = a->lines.pitch, reach = reach_of(&g->height);
  int64_t count = 0;
  for (int64_t plane = 0; plane < a->plane_count; plane++) {
    for (int64_t t = a->first_row_of[row_residue]; t < a->first_row_of[row_residue + 1]; t++) {
      Source source = a->planes[plane];
      const int64_t at = (reach - a->row_taps[t].behind) * pitch;
      source.dy += at;
      source.argmax += at;
      source.number += a->row_taps[t].number;
      a->sources[count++] = source;
    }
  }
  const Sums s = {
      .source = a->sources,
      .end_source = a->sources + count,
      .tap = a->column_taps + a->first_column_of[column_residue],
      .end_tap = a->column_taps + a->first_column_of[column_residue + 1],
      .from = reach_of(&g->width) * g->channels,
      .channels = g->channels,
      .dx = to,
      .x = a->x + (to - a->residues),
  };
  if (a->job->kind == SLOPE_2) slopes_2_run(&s, n);
  else if (a->job->kind == SLOPE_3) slopes_3_run(&s, n);
  else if (a->job->kind == SPREAD) spread_run(&s, n);
  else if (a->job->is_float) route_float_run(&s, n);
  else route_int_run(&s, n);
}

static void add_lined(LineAdder* a, int64_t piece) {
  const Geometry* g = a->g;
  const Axis *h = &g->height, *w = &g->width;
  const int64_t plane = piece / a->cut.across / a->cut.down;
  Steps s = {.row = first_step(h) + piece / a->cut.across % a->cut.down * a->cut.rows,
             .column = first_step(w) + piece % a->cut.across * a->cut.columns};
  s.rows = least(a->cut.rows, end_step(h) - s.row);
  s.columns = least(a->cut.columns, end_step(w) - s.column);
  const int64_t n = most(LANES, (s.rows - 1) * a->lines.pitch + s.columns * g->channels);
  enter_planes(a, plane, &s);
  if (is_slope(a->job)) enter_x(a, plane, &s);
  for (int64_t r = 0; r < h->stride; r++)
    for (int64_t k = 0; k < w->stride; k++) add_residue_of(a, r, k, n, a->residues + (r * w->stride + k) * a->each);
  /* The columns of dx in these steps. */
  const int64_t start = s.column * w->stride - w->pad_before, first = most(0, start);
  const int64_t last = least(w->input, start + s.columns * w->stride);
  for (int64_t i = 0; i < s.rows; i++) {
    for (int64_t r = 0; r < h->stride; r++) {
      const int64_t ih = (s.row + i) * h->stride + r - h->pad_before;
      if (ih < 0 || ih >= h->input) continue;
      int32_t* dx = a->job->out + ((plane * h->input + ih) * w->input + first) * g->channels;
      interleave(a, dx, a->residues + r * w->stride * a->each + i * a->lines.pitch, first - start, last - first);
    }
  }
}

static int add_lined_pieces(const Job* job, Supply* supply) {
  LineAdder a;
  int64_t begin, end;
  const int is_made = make_line_adder(&a, job);
  while (is_made && take_pieces(supply, &begin, &end))
    for (int64_t piece = begin; piece < end; piece++) {
      if (is_in_place(&a)) route_in_place(&a, piece);
      else add_lined(&a, piece);
    }
  free_line_adder(&a);
  return is_made;
}
