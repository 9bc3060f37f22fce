/* dx of windows that are fitted to the outputs: each element is the sum over the outputs in whose windows it lies, in row-major order. */
#include "fits.h"
#include "fitted_rows.h"
#include "sums.h"
#include "windows.h"

/* A row of outputs that reaches a row of dx, and how many rows of taps are before it in their windows. */
typedef struct {
  /* Lines, or the row itself. */
  const int32_t *dy, *argmax;
  int32_t row;
  int32_t cells;
} Reaching;

/* An output of whose window an element of dx is this tap. */
typedef struct {
  const int32_t *dy, *argmax;
  int32_t number;
  float count;
} Owner;

typedef struct {
  const Job* job;
  const Geometry* g;
  Cut cut;
  /* From dx to y. */
  Axis depth, height, width;
  Reaching* reaching;
  int64_t reaching_count;
  Owner* owners;
  /* Along the width, unless from lines: the outputs of each element, and the elements of each output. */
  Fit *outputs, *elements;
  /* Lines of dy, divided, or of dy and argmax; and for each of their elements the tap's column, and how wide its window is. */
  FittedRows rows;
  int32_t *columns, *widths;
  int32_t *shares, *dx;
} FittedRouter;

static void free_fitted_router(FittedRouter* r) {
  free(r->reaching);
  free(r->owners);
  free(r->outputs);
  free(r->elements);
  free(r->columns);
  if (r->cut.is_lined) free_fitted_rows(&r->rows);
}

static int make_router_lines(FittedRouter* r) {
  const Axis axes[] = {r->depth, r->height, r->width};
  const int is_made = make_fitted_rows(&r->rows, r->g, axes, r->job->kind == SCATTER ? 2 : 1);
  const FittedLines* l = &r->rows.lines;
  const int64_t c = r->g->channels, row = r->width.input * c + beyond(l);
  r->columns = malloc((size_t)(2 * l->each + l->pitch + row) * 4);
  if (!is_made || !r->columns) return 0;
  r->widths = r->columns + l->each;
  r->dx = r->widths + l->each;
  r->shares = r->dx + l->pitch;
  for (int64_t t = 0; t < r->width.window; t++) {
    for (int64_t i = 0; i < l->pitch; i++) {
      const int64_t element = least(i / c, r->width.output - 1), o = least(l->starts[i] / c + t, r->width.input - 1);
      r->columns[t * l->pitch + i] = (int32_t)(element - window_start(&r->g->width, o));
      r->widths[t * l->pitch + i] = (int32_t)window_size(&r->g->width, o);
    }
  }
  return 1;
}

static int make_fitted_router(FittedRouter* r, const Job* job) {
  const Geometry* g = job->g;
  *r = (FittedRouter){.job = job, .g = g, .cut = cut_of(job, LANES)};
  r->depth = reversed(&g->depth);
  r->height = reversed(&g->height);
  r->width = reversed(&g->width);
  const int64_t count = r->depth.window * r->height.window;
  r->reaching = malloc(sizeof(Reaching) * (size_t)count);
  r->owners = malloc(sizeof(Owner) * (size_t)(count * r->width.window));
  if (!r->reaching || !r->owners) return 0;
  if (r->cut.is_lined) return make_router_lines(r);
  r->outputs = table_of_fits(&r->width);
  r->elements = table_of_fits(&g->width);
  return r->outputs && r->elements;
}

/* Gradients of a row of outputs over what divides them. */
static const int32_t* share_row(const FittedRouter* r, const int32_t* dy, int64_t row_cells) {
  const int64_t c = r->g->channels;
  for (int64_t o = 0; o < r->width.input; o++) {
    const float count = (float)(row_cells * cells(&r->g->width, o, r->g->divisor));
    for (int64_t i = o * c; i < (o + 1) * c; i++) r->shares[i] = as_bits(as_float(dy[i]) / count);
  }
  return r->shares;
}

/* The lines of a row of outputs, whose elements start at `at`. */
static void make_reaching(FittedRouter* r, int64_t at, int64_t row_cells, int32_t* made) {
  const Job* job = r->job;
  const FittedLines* l = &r->rows.lines;
  const int64_t y = y_elements(r->g);
  if (job->kind == SPREAD) {
    make_row(l, share_row(r, job->in + at, row_cells), as_bits(-0.0f), made);
  } else {
    make_row_of(l, job->in + at, job->in + y, 0, made);
    make_row_of(l, job->argmax + at, job->argmax + y, -1, made + l->each);
  }
}

/* The rows of outputs that reach a row of dx, in order. */
static void enter_reaching(FittedRouter* r, int64_t plane, int64_t ih) {
  const Geometry* g = r->g;
  const Axis *d = &r->depth, *h = &r->height;
  const int64_t id = plane % d->output, image = plane / d->output, first = window_start(h, ih), end = first + window_size(h, ih);
  r->reaching_count = 0;
  for (int64_t td = 0; td < window_size(d, id); td++) {
    const int64_t od = window_start(d, id) + td, y_plane = image * d->input + od;
    for (int64_t oh = first; oh < end; oh++) {
      Reaching* reaching = &r->reaching[r->reaching_count++];
      const int64_t at = (y_plane * h->input + oh) * r->width.input * g->channels;
      const int64_t row = (id - window_start(&g->depth, od)) * window_size(&g->height, oh) + ih - window_start(&g->height, oh);
      const int64_t row_cells = cells(&g->depth, od, g->divisor) * cells(&g->height, oh, g->divisor);
      *reaching = (Reaching){r->job->in + at, r->job->argmax ? r->job->argmax + at : 0, (int32_t)row, (int32_t)row_cells};
      if (!r->cut.is_lined) continue;
      int is_new;
      int32_t* made = lines_for(&r->rows, td, y_plane, oh, &is_new);
      if (is_new) make_reaching(r, at, row_cells, made);
      reaching->dy = made;
      reaching->argmax = made + r->rows.lines.each;
    }
  }
}

/* A vector of dx from lines, or more than one. */
INLINE void add_reaching(int routed, int is_float, int vectors, const FittedRouter* r, int64_t i) {
  const int64_t pitch = r->rows.lines.pitch;
  V total[2];
  for (int v = 0; v < vectors; v++) total[v] = splat(0);
  for (const Reaching* s = r->reaching; s < r->reaching + r->reaching_count; s++) {
    for (int64_t t = 0; t < r->width.window; t++) {
      for (int v = 0; v < vectors; v++) {
        const int64_t at = t * pitch + i + v * LANES;
        V value = load(s->dy + at);
        if (routed) value &= load(s->argmax + at) == load(r->columns + at) + load(r->widths + at) * splat(s->row);
        total[v] = sum(is_float, total[v], value);
      }
    }
  }
  for (int v = 0; v < vectors; v++) store(r->dx + i + v * LANES, total[v]);
}

INLINE void add_lines(int routed, int is_float, const FittedRouter* r) {
  const int64_t n = r->rows.lines.pitch;
  int64_t i = 0;
  for (; i + 2 * LANES <= n; i += 2 * LANES) add_reaching(routed, is_float, 2, r, i);
  for (; i < n; i += LANES) add_reaching(routed, is_float, 1, r, i);
}

/* One vector or several of one element's channels. */
INLINE void add_owners(int routed, int is_float, int vectors, const Owner* first, const Owner* end, int64_t i, int32_t* dx) {
  V total[BLOCK];
  for (int v = 0; v < vectors; v++) total[v] = splat(0);
  for (const Owner* o = first; o < end; o++) {
    for (int v = 0; v < vectors; v++) {
      V value = load(o->dy + i + v * LANES);
      if (routed) value &= load(o->argmax + i + v * LANES) == splat(o->number);
      else value = quotient(value, splat_float(o->count));
      total[v] = sum(is_float, total[v], value);
    }
  }
  for (int v = 0; v < vectors; v++) store(dx + i + v * LANES, total[v]);
}

INLINE void add_one_of_owners(int routed, int is_float, const Owner* first, const Owner* end, int64_t i, int32_t* dx) {
  int32_t total = 0;
  for (const Owner* o = first; o < end; o++) {
    const int32_t value = routed ? o->dy[i] & -(o->argmax[i] == o->number) : as_bits(as_float(o->dy[i]) / o->count);
    total = sum_one(is_float, total, value);
  }
  dx[i] = total;
}

/* All channels of an element. */
INLINE void add_channels(int routed, int is_float, const FittedRouter* r, const Owner* end, int32_t* dx) {
  const int64_t n = r->g->channels;
  const Owner* first = r->owners;
  int64_t i = 0;
  for (; i + BLOCK * LANES <= n; i += BLOCK * LANES) add_owners(routed, is_float, BLOCK, first, end, i, dx);
  if (n >= LANES) {
    for (; i < n; i += LANES) add_owners(routed, is_float, 1, first, end, least(i, n - LANES), dx);
  } else {
    for (; i < n; i++) add_one_of_owners(routed, is_float, first, end, i, dx);
  }
}

/* Columns [begin, end) of a row of dx, one element after the other. */
INLINE void add_elements(int routed, int is_float, FittedRouter* r, int64_t begin, int64_t end, int32_t* dx) {
  const int64_t c = r->g->channels;
  for (int64_t iw = begin; iw < end; iw++) {
    const int64_t first = r->outputs[iw].start, last = first + r->outputs[iw].size;
    Owner* owner = r->owners;
    for (const Reaching* s = r->reaching; s < r->reaching + r->reaching_count; s++) {
      for (int64_t o = first; o < last; o++) {
        const Fit fit = r->elements[o];
        const int64_t number = (int64_t)s->row * fit.size + iw - fit.start;
        const float count = routed ? 1 : (float)((int64_t)s->cells * (r->g->divisor == ONE ? 1 : fit.size));
        *owner++ = (Owner){s->dy + o * c, s->argmax ? s->argmax + o * c : 0, (int32_t)number, count};
      }
    }
    add_channels(routed, is_float, r, owner, dx + iw * c);
  }
}

/* One function for each kind of gradient: of a row from lines, or of some of its elements. */
#define FITTED_ADDS(name, routed, is_float)                                                                  \
  static void name(FittedRouter* r, int64_t begin, int64_t end, int32_t* dx) {                               \
    if (!r->cut.is_lined) add_elements(routed, is_float, r, begin, end, dx);                                 \
    else add_lines(routed, is_float, r);                                                                     \
  }
FITTED_ADDS(route_fitted_float, 1, 1)
FITTED_ADDS(route_fitted_int, 1, 0)
FITTED_ADDS(spread_fitted, 0, 1)

static void add_fitted_piece(FittedRouter* r, int64_t piece) {
  const Job* job = r->job;
  const Cut* cut = &r->cut;
  const int64_t rows = piece / cut->across, begin = piece % cut->across * cut->columns, end = least(r->width.output, begin + cut->columns);
  const int64_t plane = rows / cut->down, first = rows % cut->down * cut->rows, last = least(r->height.output, first + cut->rows);
  const int64_t count = r->width.output * r->g->channels;
  for (int64_t ih = first; ih < last; ih++) {
    int32_t* dx = job->out + (plane * r->height.output + ih) * count;
    enter_reaching(r, plane, ih);
    if (job->kind == SPREAD) spread_fitted(r, begin, end, dx);
    else if (job->is_float) route_fitted_float(r, begin, end, dx);
    else route_fitted_int(r, begin, end, dx);
    if (cut->is_lined) memcpy(dx, r->dx, (size_t)count * 4);
  }
}

static int add_fitted_pieces(const Job* job, Supply* supply) {
  FittedRouter r;
  int64_t begin, end;
  const int is_made = make_fitted_router(&r, job);
  while (is_made && take_pieces(supply, &begin, &end))
    for (int64_t piece = begin; piece < end; piece++) add_fitted_piece(&r, piece);
  free_fitted_router(&r);
  return is_made;
}
