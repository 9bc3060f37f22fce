/* Gradients of images of one channel: each element of dx adds up its windows' gradients. A piece is some rows of dx. */
#include "one_channel.h"
#include "sums.h"

/*
 * Rows of dx: the first `period` of them, and then those as many rows on, whose windows are a row of outputs on. Row k reads
 * row[first_of[k]] to row[first_of[k + 1]]. A vector has `stride` elements of dx for each lane.
 */
typedef struct {
  const int32_t *dy, *argmax;
  const NearRow* row;
  const int64_t* first_of;
  int64_t rows, period, apart;
  /* Lanes of a row, and which output the first one's column is. */
  int64_t lanes, column;
  /* Of the first vector of a row and the last one, the outputs that are not there, for each distance; null: none. */
  const V *left, *right;
  const float* cells;
  int32_t* dx;
  int64_t dx_apart;
} Elements;

/* The padding before modulo the stride is the phase. Element j of a lane has tap t in the output `distance` on: t = j + phase - stride * distance. */
INLINE int least_distance(int window, int stride, int phase) { return -((window - 1 - phase) / stride); }
INLINE int most_distance(int stride, int phase) { return (stride - 1 + phase) / stride; }

/* Puts the elements of lanes side by side. */
INLINE void store_lanes(int stride, int32_t* dx, const V* total) {
  V a, b, c, d, all[4];
  if (stride == 1) all[0] = total[0];
  if (stride == 2) zip(total[0], total[1], &all[0], &all[1]);
  if (stride == 4) {
    zip(total[0], total[2], &a, &b);
    zip(total[1], total[3], &c, &d);
    zip(a, c, &all[0], &all[1]);
    zip(b, d, &all[2], &all[3]);
  }
  for (int j = 0; j < stride; j++) store(dx + j * LANES, all[j]);
}

INLINE void add_vector(int routed, int window, int stride, int phase, const Elements* e, const int64_t* at, const NearRow* row, int64_t count, const V* outside, int64_t i, int32_t* dx) {
  V total[4];
  const int from = least_distance(window, stride, phase), to = most_distance(stride, phase);
  for (int j = 0; j < stride; j++) total[j] = splat(0);
  for (int64_t k = 0; k < count; k++) {
    for (int distance = from; distance <= to; distance++) {
      const int64_t o = at[k] + i + distance;
      V value = load(e->dy + o), argmax = value;
      if (routed) {
        argmax = load(e->argmax + o);
        if (outside) argmax |= outside[distance - from];
      } else {
        value = quotient(value, (V)((F)load((const int32_t*)e->cells + i + distance) * (float)row[k].cells));
        if (outside) value &= ~outside[distance - from];
      }
      for (int j = 0; j < stride; j++) {
        const int t = j + phase - stride * distance;
        if (t < 0 || t >= window) continue;
        total[j] = sum(1, total[j], routed ? value & (argmax == row[k].number + t) : value);
      }
    }
  }
  store_lanes(stride, dx + i * stride, total);
}

/* A row, by whole vectors: the last one ends with it, and that of a short row goes on. */
INLINE void add_row(int routed, int window, int stride, int phase, const Elements* e, const int64_t* at, const NearRow* row, int64_t count, int32_t* dx) {
  const int64_t last = most(0, e->lanes - LANES), until = last + (e->right ? 0 : LANES);
  int64_t i = 0;
  if (e->left) {
    add_vector(routed, window, stride, phase, e, at, row, count, e->left, 0, dx);
    i = LANES;
  }
  for (; i < until; i += LANES) add_vector(routed, window, stride, phase, e, at, row, count, 0, least(i, last), dx);
  if (e->right) add_vector(routed, window, stride, phase, e, at, row, count, e->right, last, dx);
}

/* `most_rows`, 1 or more, of a row have code of their own. */
INLINE void add_rows(int routed, int window, int stride, int phase, int most_rows, const Elements* e) {
  int64_t at[MOST_NEAR_ROWS];
  int32_t* dx = e->dx;
  for (int64_t k = 0; k < e->first_of[e->period]; k++) {
    AS_IT_IS(k);
    at[k] = e->row[k].at + e->column;
  }
  for (int64_t row = 0, p = 0; row < e->rows; row++) {
    const int64_t first = e->first_of[p], count = e->first_of[p + 1] - first;
    if (count == most_rows) add_row(routed, window, stride, phase, e, at + first, e->row + first, most_rows, dx);
    else if (count == 1) add_row(routed, window, stride, phase, e, at + first, e->row + first, 1, dx);
    else add_row(routed, window, stride, phase, e, at + first, e->row + first, count, dx);
    for (int64_t k = first; k < first + count; k++) {
      AS_IT_IS(k);
      at[k] += e->apart;
    }
    dx += e->dx_apart;
    if (++p == e->period) p = 0;
  }
}

typedef struct {
  int window, stride, phase;
  void (*route)(const Elements* e);
  void (*spread)(const Elements* e);
} ShapeAdds;
#define ADDS_OF_SHAPE(name, window, stride, phase, most_rows)                                                  \
  static void route_##name(const Elements* e) { add_rows(1, window, stride, phase, most_rows, e); }            \
  static void spread_##name(const Elements* e) { add_rows(0, window, stride, phase, most_rows, e); }           \
  static const ShapeAdds adds_##name = {window, stride, phase, route_##name, spread_##name};
ADDS_OF_SHAPE(2_2, 2, 2, 0, 1)
ADDS_OF_SHAPE(3_2_0, 3, 2, 0, 2)
ADDS_OF_SHAPE(3_2_1, 3, 2, 1, 2)
ADDS_OF_SHAPE(3_1, 3, 1, 0, 3)
ADDS_OF_SHAPE(4_4, 4, 4, 0, 1)

static const ShapeAdds* adds_of(enum Shape shape, const Axis* w) {
  if (shape == TWO_BY_TWO) return &adds_2_2;
  if (shape == THREE_BY_TWO) return w->pad_before % 2 ? &adds_3_2_1 : &adds_3_2_0;
  return shape == THREE_BY_ONE ? &adds_3_1 : &adds_4_4;
}

/* Which outputs of a vector's lanes are not there, by distance. */
static void find_absent(const ShapeAdds* shape, int64_t column, int64_t outputs, V* absent) {
  const int from = least_distance(shape->window, shape->stride, shape->phase);
  int32_t columns[LANES];
  for (int distance = from; distance <= most_distance(shape->stride, shape->phase); distance++) {
    for (int i = 0; i < LANES; i++) columns[i] = (int32_t)(column + i + distance);
    const V at = load(columns);
    absent[distance - from] = (at < 0) | (at >= (int32_t)outputs);
  }
}

/* A row of dx that would read before dy or after it, or write after its part of dx: one vector after the other, on copies. */
static void add_apart(const OneChannel* r, const ShapeAdds* shape, void (*add)(const Elements*), const Elements* row) {
  enum { LENGTH = LANES + 4, BEFORE = 2 };
  int32_t dy[MOST_NEAR_ROWS * LENGTH], argmax[MOST_NEAR_ROWS * LENGTH], dx[4 * LANES];
  NearRow rows[MOST_NEAR_ROWS];
  V absent[3];
  Elements e = *row;
  const int64_t n = row->first_of[1], size = y_elements(r->g), end = row->lanes * shape->stride;
  /* The last lane may go on into the next row. */
  const int64_t width = least(end, r->g->width.input - (row->dx - r->job->out) % r->g->width.input);
  e.dy = dy;
  e.argmax = argmax;
  e.row = rows;
  e.rows = e.period = 1;
  e.dx = dx;
  e.left = absent;
  e.right = 0;
  for (int64_t i = 0; i < row->lanes; i += LANES) {
    const int64_t column = row->column + i;
    for (int64_t k = 0; k < n; k++) {
      for (int64_t l = 0; l < LENGTH; l++) {
        const int64_t at = row->row[k].at + column - BEFORE + l;
        const int is_there = at >= 0 && at < size;
        dy[k * LENGTH + l] = is_there ? row->dy[at] : 0;
        argmax[k * LENGTH + l] = is_there && row->argmax ? row->argmax[at] : -1;
      }
      rows[k] = row->row[k];
      rows[k].at = k * LENGTH + BEFORE - column;
    }
    find_absent(shape, column, r->g->width.output, absent);
    e.column = column;
    e.lanes = least(LANES, row->lanes - i);
    e.cells = row->cells + i;
    add(&e);
    const int64_t first = i * shape->stride;
    for (int64_t k = first; k < least(width, first + LANES * shape->stride); k++) row->dx[k] = dx[k - first];
  }
}

/* The rows of outputs for `rows` rows of dx. Gives how far on the first and the last element are. */
static void enter_period(OneChannel* r, Stretch s, int64_t rows, int64_t image_size, int64_t* first_of, NearRow* all, int64_t* least_at, int64_t* most_at) {
  int64_t count = 0;
  *least_at = INT64_MAX;
  *most_at = INT64_MIN;
  for (int64_t p = 0; p < rows; p++, s.h++) {
    enter_near_rows(r, &s, image_size);
    first_of[p] = count;
    for (int64_t k = 0; k < r->row_count; k++) {
      AS_IT_IS(k);
      all[count++] = r->rows[k];
    }
    if (r->row_count == 0) continue;
    *least_at = least(*least_at, r->rows[0].at);
    *most_at = most(*most_at, r->rows[r->row_count - 1].at);
  }
  first_of[rows] = count;
  if (count == 0) *least_at = *most_at = 0;
}

static void add_stretch(OneChannel* r, Stretch s) {
  const Geometry* g = r->g;
  const Axis *h = &g->height, *w = &g->width;
  const ShapeAdds* shape = adds_of(r->cut.shape, w);
  void (*const add)(const Elements*) = r->job->kind == SPREAD ? shape->spread : shape->route;
  const int64_t stride = shape->stride, size = y_elements(g), image_size = size / g->batch, lanes = s.end - s.begin, last = most(0, lanes - LANES);
  const int64_t from = least_distance(shape->window, shape->stride, shape->phase), to = most_distance(shape->stride, shape->phase);
  int64_t at = ((s.image * g->depth.input + s.d) * h->input + s.h) * w->input + s.begin * stride, first_of[MOST_NEAR_ROWS + 1], least_at, most_at;
  const int64_t end_at = at + (s.count - 1) * w->input + least(lanes * stride, w->input - s.begin * stride);
  /* Rows whose windows are all there and, for averages, of as many cells. */
  const int is_shared = r->job->kind == SPREAD && g->divisor != ONE;
  const int64_t first_output = is_shared ? first_whole_window(h) : 0, end_output = is_shared ? end_whole_window(h) : h->output;
  const int64_t first_regular = most(0, (first_output + reach_of(h)) * h->stride - h->pad_before);
  const int64_t end_regular = least(h->input, end_output * h->stride - h->pad_before);
  NearRow rows[MOST_NEAR_ROWS];
  V left[3], right[3];
  Elements e = {.dy = r->job->in, .argmax = r->job->argmax, .row = rows, .first_of = first_of, .apart = w->output, .lanes = lanes,
                .column = s.begin + w->pad_before / stride, .dx_apart = w->input};
  e.cells = r->cells + SPARE_CELLS + e.column;
  find_absent(shape, e.column, w->output, left);
  find_absent(shape, e.column + last, w->output, right);
  const int goes_on = e.column + lanes - 1 + to >= w->output;
  if (e.column + from < 0 || (last == 0 && goes_on)) e.left = left;
  /* The last vector may begin before the first output, too, as the first one does. */
  if (last > 0 && (goes_on || e.column + last + from < 0)) e.right = right;
  while (s.count > 0) {
    e.rows = s.h >= first_regular && s.h < end_regular ? least(end_regular - s.h, s.count) : 1;
    e.period = least(e.rows, h->stride);
    if (e.period > MOST_NEAR_ROWS) e.rows = e.period = 1;
    enter_period(r, s, e.period, image_size, first_of, rows, &least_at, &most_at);
    e.dx = r->job->out + at;
    e.rows = least(e.rows, e.period * rows_before(most_at + e.column + last + LANES + to, w->output, size));
    e.rows = least(e.rows, rows_before(at + (last + LANES) * stride, w->input, end_at));
    if (e.rows == 0 || least_at + e.column + from < 0) {
      e.rows = 1;
      add_apart(r, shape, add, &e);
    } else add(&e);
    at += e.rows * w->input;
    next_rows(&s, e.rows, h->input, g->depth.input);
  }
}

static int add_one_channel_pieces(const Job* job, Supply* supply) {
  OneChannel r;
  int64_t begin, end;
  const int is_made = make_one_channel(&r, job);
  while (is_made && take_pieces(supply, &begin, &end))
    for (int64_t piece = begin; piece < end; piece++) add_stretch(&r, stretch_of(&r, piece));
  free_one_channel(&r);
  return is_made;
}
