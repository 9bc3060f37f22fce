/*
 * dx made, one row at a time: each element is the sum over the outputs in whose windows it lies, in row-major order. So no
 * two threads touch one element, and nothing is zeroed first. A piece is some columns of a row of dx, in steps of the stride:
 * elements a stride apart have the same taps, and their outputs lie side by side.
 */
#include "kernels.h"
#include "sums.h"
#include <stdlib.h>

typedef struct {
  const Job* job;
  const Geometry* g;
  Cut cut;
  Source* sources;
  int64_t source_count;
  /* All taps of the width, those of each residue (their elements' columns modulo the stride) together, outputs rising. */
  Tap* taps;
  /* Where each residue's taps begin. */
  int64_t* first_of;
  /* Shares of gradients. */
  int32_t* shares;
  int64_t share_columns;
} Adder;

static void free_adder(Adder* a) {
  free(a->sources);
  free(a->taps);
  free(a->first_of);
  free(a->shares);
}

static int make_adder(Adder* a, const Job* job) {
  const Geometry* g = job->g;
  const Axis* w = &g->width;
  *a = (Adder){.job = job, .g = g, .cut = cut_of(job, LANES)};
  const int64_t rows = rows_of_element(g);
  a->share_columns = least(w->output, a->cut.columns + (w->window - 1) * w->dilation / w->stride + 1);
  a->sources = malloc(sizeof(Source) * (size_t)rows);
  a->taps = malloc(sizeof(Tap) * (size_t)w->window);
  a->first_of = calloc((size_t)w->stride + 1, sizeof(int64_t));
  a->shares = malloc(job->kind == SPREAD ? (size_t)(rows * a->share_columns * g->channels) * 4 : 1);
  if (!a->sources || !a->taps || !a->first_of || !a->shares) return 0;
  sort_taps(w, 1, a->taps, a->first_of);
  return 1;
}

/* The rows of outputs that reach a row of dx, in order. */
static void enter_dx_row(Adder* a, int64_t row) {
  const Geometry* g = a->g;
  const Axis *d = &g->depth, *h = &g->height;
  const int64_t ih = row % h->input, id = row / h->input % d->input, image = row / h->input / d->input;
  a->source_count = 0;
  for (int64_t td = d->window - 1; td >= 0; td--) {
    const int64_t od = output_at(d, id, td);
    if (od < 0) continue;
    for (int64_t th = h->window - 1; th >= 0; th--) {
      const int64_t oh = output_at(h, ih, th);
      if (oh < 0) continue;
      const int64_t at = ((image * d->output + od) * h->output + oh) * g->width.output * g->channels;
      a->sources[a->source_count++] = (Source){
          a->job->in + at,
          a->job->argmax ? a->job->argmax + at : 0,
          (int32_t)((td * h->window + th) * g->width.window),
          cells(d, od, g->divisor) * cells(h, oh, g->divisor),
      };
    }
  }
}

/* Puts what each window's elements get in the place of its gradient, for the outputs [begin, end) of the rows. */
static void share_out(Adder* a, int64_t begin, int64_t end) {
  const Geometry* g = a->g;
  const Axis* w = &g->width;
  const int64_t channels = g->channels, first_whole = first_whole_window(w), end_whole = end_whole_window(w);
  for (int64_t j = 0; j < a->source_count; j++) {
    Source* source = &a->sources[j];
    int32_t* share = a->shares + j * a->share_columns * channels;
    const int32_t* dy = source->dy + begin * channels;
    source->dy = share - begin * channels;
    for (int64_t o = begin; o < end;) {
      const int64_t until = g->divisor == ONE ? end : o >= first_whole && o < end_whole ? least(end, end_whole) : o + 1;
      const float divisor = (float)(source->cells * cells(w, o, g->divisor));
      const V divisors = splat_float(divisor);
      const int64_t n = (until - o) * channels;
      int64_t i = 0;
      for (; i + LANES <= n; i += LANES) store(share + i, quotient(load(dy + i), divisors));
      for (; i < n; i++) share[i] = as_bits(as_float(dy[i]) / divisor);
      share += n;
      dy += n;
      o = until;
    }
  }
}

/* The element of x where that of dx is. */
static const int32_t* x_at(const Adder* a, const int32_t* dx) { return a->job->x ? a->job->x + (dx - a->job->out) : 0; }

/* Elements of one residue, at the steps [begin, end): `to` is where the first goes, the next `apart` elements on. */
INLINE void add_residue(int adding, int is_float, Adder* a, int64_t residue, int64_t begin, int64_t end, int32_t* to, int64_t apart) {
  const int64_t channels = a->g->channels, outputs = a->g->width.output;
  const Tap *first = a->taps + a->first_of[residue], *last = a->taps + a->first_of[residue + 1];
  Sums s = {.source = a->sources, .end_source = a->sources + a->source_count, .channels = channels};
  for (int64_t q = begin; q < end;) {
    /* Those taps whose outputs are there; `behind` falls from first to last. */
    s.tap = first;
    s.end_tap = last;
    while (s.tap < s.end_tap && s.tap->behind > q) s.tap++;
    while (s.tap < s.end_tap && q - s.end_tap[-1].behind >= outputs) s.end_tap--;
    int64_t until = q + 1;
    if (s.tap == s.end_tap) {
      s.tap = s.end_tap = first;
    } else if (s.tap == first && s.end_tap == last) {
      until = most(until, least(end, outputs + last[-1].behind));
    }
    s.from = q * channels;
    s.dx = to;
    s.x = x_at(a, to);
    const int64_t steps = until - q;
    if (apart == channels) {
      add_run(adding, is_float, &s, steps * channels);
      to += steps * apart;
    } else {
      for (int64_t i = 0; i < steps; i++, to += apart) {
        s.dx = to;
        s.x = x_at(a, to);
        add_run(adding, is_float, &s, channels);
        s.from += channels;
      }
    }
    q = until;
  }
}

INLINE void add_piece(int adding, int is_float, Adder* a, int64_t row, int64_t begin, int64_t end) {
  const Axis* w = &a->g->width;
  const int64_t channels = a->g->channels;
  int32_t* dx = a->job->out + row * w->input * channels;
  for (int64_t r = 0; r < w->stride; r++) {
    /* A step has no element of this residue where it lies on padding. */
    const int64_t from = begin + (begin * w->stride + r < w->pad_before);
    const int64_t until = end - ((end - 1) * w->stride + r >= w->pad_before + w->input);
    if (from >= until) continue;
    add_residue(adding, is_float, a, r, from, until, dx + (from * w->stride + r - w->pad_before) * channels, w->stride * channels);
  }
}

#define ADDS(name, adding, is_float)                                                        \
  static void name(Adder* a, int64_t row, int64_t begin, int64_t end) { add_piece(adding, is_float, a, row, begin, end); }
ADDS(route_float, ROUTED, 1)
ADDS(route_int, ROUTED, 0)
ADDS(spread_float, ALL, 1)
ADDS(slopes_2, SLOPES_2, 1)
ADDS(slopes_3, SLOPES_3, 1)

static void add_piece_of(Adder* a, int64_t piece) {
  const Job* job = a->job;
  const Axis* w = &job->g->width;
  const int64_t row = piece / a->cut.across, first = first_step(w) + piece % a->cut.across * a->cut.columns;
  const int64_t last = least(end_step(w), first + a->cut.columns);
  enter_dx_row(a, row);
  if (job->kind == SPREAD) {
    const int64_t from = most(0, first - reach_of(w)), until = least(w->output, last);
    if (from < until) share_out(a, from, until);
    spread_float(a, row, first, last);
  } else if (job->kind == SLOPE_2) slopes_2(a, row, first, last);
  else if (job->kind == SLOPE_3) slopes_3(a, row, first, last);
  else if (job->is_float) route_float(a, row, first, last);
  else route_int(a, row, first, last);
}

static int add_pieces(const Job* job, Supply* supply) {
  Adder a;
  int64_t begin, end;
  const int is_made = make_adder(&a, job);
  while (is_made && take_pieces(supply, &begin, &end))
    for (int64_t piece = begin; piece < end; piece++) add_piece_of(&a, piece);
  free_adder(&a);
  return is_made;
}
