/* Gradients routed from dy and argmax where they lie: with a stride of 1 and outputs as wide as the input. */
#include "line_adder.h"

/* Whether rows of dy follow one another as those of dx do, with a stride of 1: then nothing needs to be copied. */
static int is_in_place(const LineAdder* a) {
  const Axis *h = &a->g->height, *w = &a->g->width;
  return a->job->kind == SCATTER && h->stride == 1 && w->stride == 1 && w->output == w->input && a->cut.columns == w->output;
}

/* The rows of outputs that reach row `ih` of a plane of dx, in order, where they lie. */
static void enter_sources(LineAdder* a, int64_t plane, int64_t ih) {
  const Geometry* g = a->g;
  const Axis *d = &g->depth, *h = &g->height, *w = &g->width;
  const int64_t id = plane % d->input, image = plane / d->input, row = w->output * g->channels;
  a->plane_count = 0;
  for (int64_t td = d->window - 1; td >= 0; td--) {
    const int64_t od = output_at(d, id, td);
    if (od < 0) continue;
    for (const Tap* t = a->row_taps; t < a->row_taps + h->window; t++) {
      const int64_t oh = ih + h->pad_before - t->behind, at = ((image * d->output + od) * h->output + oh) * row;
      if (oh < 0 || oh >= h->output) continue;
      const int32_t number = (int32_t)(td * h->window * w->window) + t->number;
      a->sources[a->plane_count++] = (Source){.dy = a->job->in + at, .argmax = a->job->argmax + at, .number = number};
    }
  }
}

/* Columns [begin, end) of `rows` rows of dx, one element after the other. */
INLINE void route_ends(int is_float, const LineAdder* a, int64_t rows, int64_t begin, int64_t end, int32_t* dx) {
  const Axis* w = &a->g->width;
  const int64_t c = a->g->channels;
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t e = begin * c; e < end * c; e++) {
      int32_t total = 0;
      for (const Source* s = a->sources; s < a->sources + a->plane_count; s++) {
        for (const Tap* t = a->column_taps; t < a->column_taps + w->window; t++) {
          const int64_t from = e + (w->pad_before - t->behind) * c, at = i * w->output * c + from;
          if (from < 0 || from >= w->output * c) continue;
          total = sum_one(is_float, total, s->dy[at] & -(s->argmax[at] == s->number + t->number));
        }
      }
      dx[i * w->input * c + e] = total;
    }
  }
}

/* Rows of dx in one run; what it adds up at their ends is of other rows, and done again. */
static void route_in_place(LineAdder* a, int64_t piece) {
  const Axis *h = &a->g->height, *w = &a->g->width;
  const int64_t c = a->g->channels, plane = piece / a->cut.down, first = piece % a->cut.down * a->cut.rows;
  const int64_t last = least(h->input, first + a->cut.rows), end_all = h->output - h->pad_before;
  int64_t left = most(0, reach_of(w) - w->pad_before), right = least(w->input, w->output - w->pad_before);
  if (left >= right) left = right = w->input;
  for (int64_t ih = first; ih < last;) {
    /* Rows with the same taps. */
    const int64_t rows = ih >= reach_of(h) - h->pad_before && ih < end_all ? least(last, end_all) - ih : 1;
    int32_t* dx = a->job->out + (plane * h->input + ih) * w->input * c;
    enter_sources(a, plane, ih);
    const Sums s = {.source = a->sources, .end_source = a->sources + a->plane_count, .tap = a->column_taps,
                    .end_tap = a->column_taps + w->window, .from = (w->pad_before + left) * c, .channels = c, .dx = dx + left * c};
    const int64_t n = ((rows - 1) * w->input + right - left) * c;
    if (left < right && a->job->is_float) route_float_run(&s, n);
    else if (left < right) route_int_run(&s, n);
    for (int end = 0; end < 2; end++) {
      const int64_t begin = end ? right : 0, until = end ? w->input : left;
      if (a->job->is_float) route_ends(1, a, rows, begin, until, dx);
      else route_ends(0, a, rows, begin, until, dx);
    }
    ih += rows;
  }
}
