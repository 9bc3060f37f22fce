/* What a thread needs for gradients of few channels: a piece is some rows of dx of one plane. */
#ifndef LINE_ADDER_H
#define LINE_ADDER_H
#include "lines.h"
#include "sums.h"

typedef struct {
  const Job* job;
  const Geometry* g;
  Cut cut;
  Lines lines;
  /* By residue, as sort_taps has them. */
  Tap *row_taps, *column_taps;
  int64_t *first_row_of, *first_column_of;
  /* Those of the planes at hand, and of one residue. */
  Source *planes, *sources;
  int64_t plane_count;
  /* Lines of dy and of argmax, or of norms, plane by plane; elements of dx, residue by residue, so many of each, and those of x. */
  int32_t *made, *residues, *x;
  int64_t each;
} LineAdder;

static void free_line_adder(LineAdder* a) {
  free(a->row_taps);
  free(a->first_row_of);
  free(a->planes);
  free(a->made);
}

static int make_line_adder(LineAdder* a, const Job* job) {
  const Geometry* g = job->g;
  const Axis *h = &g->height, *w = &g->width;
  *a = (LineAdder){.job = job, .g = g, .cut = cut_of(job, LANES)};
  a->lines = (Lines){.row_stride = 1, .column_stride = 1, .row_residues = 1, .column_residues = 1, .channels = g->channels};
  a->lines.rows = a->cut.rows + reach_of(h);
  a->lines.pitch = (a->cut.columns + reach_of(w)) * g->channels;
  a->lines.each = a->lines.rows * a->lines.pitch;
  a->each = a->cut.rows * a->lines.pitch;
  const int64_t planes = least(g->depth.window, g->depth.output);
  const int64_t of_lines = planes * 2 * a->lines.each + LANES, of_dx = h->stride * w->stride * a->each + LANES;
  a->row_taps = malloc(sizeof(Tap) * (size_t)(h->window + w->window));
  a->first_row_of = calloc((size_t)(h->stride + w->stride + 2), sizeof(int64_t));
  a->planes = malloc(sizeof(Source) * (size_t)(planes * (h->window + 1)));
  a->made = malloc((size_t)(of_lines + (is_slope(job) ? 2 : 1) * of_dx) * 4);
  if (!a->row_taps || !a->first_row_of || !a->planes || !a->made) return 0;
  a->column_taps = a->row_taps + h->window;
  a->first_column_of = a->first_row_of + h->stride + 1;
  a->sources = a->planes + planes;
  a->residues = a->made + of_lines;
  a->x = a->residues + of_dx;
  sort_taps(h, w->window, a->row_taps, a->first_row_of);
  sort_taps(w, 1, a->column_taps, a->first_column_of);
  return 1;
}

/* One function for each kind of sum. */
#define ADDS_RUN(name, adding, is_float) \
  static void name(const Sums* s, int64_t n) { add_run(adding, is_float, s, n); }
ADDS_RUN(route_float_run, ROUTED, 1)
ADDS_RUN(route_int_run, ROUTED, 0)
ADDS_RUN(spread_run, ALL, 1)
ADDS_RUN(slopes_2_run, SLOPES_2, 1)
ADDS_RUN(slopes_3_run, SLOPES_3, 1)
#endif
