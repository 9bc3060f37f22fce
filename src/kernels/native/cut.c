#include "kernels.h"
#include <string.h>

/* Elements that a lined piece has in its memory for each step, and rows that it reads in front of those of its steps. */
static int64_t copies_of(const Job* job) {
  const Geometry* g = job->g;
  if (!is_backward(job)) return least(g->depth.window, g->depth.input) * residues_of(&g->height) * residues_of(&g->width);
  const int64_t planes = least(g->depth.window, g->depth.output) * (job->kind == SPREAD ? 1 : 2);
  return planes + g->height.stride * g->width.stride * (is_slope(job) ? 2 : 1);
}

/* Lines of such a piece may take so many elements, and so many times the elements that its windows read. */
enum { MOST_MADE = 1 << 20, WORTH_MAKING = 4, FEWEST_COLUMNS = 64 };

static int cut_lined(Cut* cut, const Job* job, int lanes, int64_t rows, int64_t columns) {
  const Geometry* g = job->g;
  const int64_t down = reach_of(&g->height), across = reach_of(&g->width), most_made = MOST_MADE / g->channels;
  /* Results between the passes of max pooling stay in the first-level cache. */
  const int64_t piece = job->kind == MAX_POOL ? PIECE / 8 : PIECE / 2;
  if (g->channels >= lanes || rows * columns * g->channels < lanes || down >= most_made || across >= most_made) return 0;
  const int64_t copies = copies_of(job), in_piece = piece / g->channels / copies;
  cut->columns = least(columns, most(FEWEST_COLUMNS, in_piece / (down + 1) - across));
  cut->columns = ceil_div(columns, ceil_div(columns, cut->columns));
  cut->rows = least(rows, most(1, in_piece / (cut->columns + across) - down));
  cut->rows = ceil_div(rows, ceil_div(rows, cut->rows));
  const double made = (double)copies * (double)((cut->rows + down) * (cut->columns + across));
  const double read = (double)(cut->rows * cut->columns * g->height.window * g->width.window) * (double)g->depth.window;
  return made <= (double)most_made && made <= WORTH_MAKING * read;
}

/* Lines of such a piece may take so many elements: they stay in a second-level cache. */
enum { MOST_FITTED = 1 << 16 };

/* A bundle may take so many elements, and so many vectors. */
enum { MOST_BUNDLED = 1 << 16, WIDEST_BUNDLE = 4 };

/* Small images of one channel, if there are enough for a vector. Two pieces at least for each of some threads. */
static int64_t bundle_of(const Job* job, int lanes) {
  const Geometry* g = job->g;
  const int64_t elements = (x_elements(g) + 2 * y_elements(g)) / g->batch;
  if (g->channels > 1 || g->batch < lanes) return 0;
  return lanes * least(MOST_BUNDLED / lanes / elements, least(WIDEST_BUNDLE, most(1, g->batch / lanes / 8)));
}

/* Of windows that are fitted to the outputs; of those of dx, which outputs they are in. */
static Cut cut_fitted(const Job* job, int lanes) {
  const Geometry* g = job->g;
  const int backward = is_backward(job);
  const Axis d = backward ? reversed(&g->depth) : g->depth, h = backward ? reversed(&g->height) : g->height;
  const Axis w = backward ? reversed(&g->width) : g->width;
  const int64_t line = ceil_div(w.output * g->channels, lanes) * lanes, kinds = job->kind == SCATTER ? 2 : 1;
  Cut cut = {.bundle = bundle_of(job, lanes), .rows = 1, .across = 1, .down = h.output};
  if (cut.bundle > 0) {
    cut.pieces = ceil_div(g->batch, cut.bundle);
    return cut;
  }
  cut.is_lined = g->channels < lanes && (double)d.window * (double)h.window * (double)w.window * (double)(line * kinds) <= MOST_FITTED;
  if (cut.is_lined) {
    const int64_t row = (w.input * h.input / h.output * d.window + w.output) * g->channels;
    cut.rows = least(h.output, most(1, PIECE / row));
    cut.rows = ceil_div(h.output, ceil_div(h.output, cut.rows));
    cut.down = ceil_div(h.output, cut.rows);
    cut.columns = w.output;
  } else {
    cut.columns = least(w.output, most(1, PIECE / g->channels));
    cut.across = ceil_div(w.output, cut.columns);
  }
  cut.pieces = g->batch * d.output * cut.down * cut.across;
  return cut;
}

static enum Shape shape_of(const Job* job) {
  const Geometry* g = job->g;
  const Axis *d = &g->depth, *h = &g->height, *w = &g->width;
  const int backward = is_backward(job);
  if (g->channels > 1 || g->is_fitted || !job->is_float || job->kind == GATHER || job->kind > SPREAD || w->dilation > 1) return OTHER;
  if (d->window > MOST_NEAR_ROWS || h->window > MOST_NEAR_ROWS / d->window) return OTHER;
  if (most(backward ? d->input : d->output, backward ? h->input : h->output) > MOST_POSITIONS) return OTHER;
  /* Backward, a last vector has all of a row's elements that no window has; and phases of padding have code of their own. */
  if (backward && end_step(w) - w->output > 2) return OTHER;
  if (backward && w->window == w->stride && w->pad_before % w->stride) return OTHER;
  if (w->window == 2 && w->stride == 2) return TWO_BY_TWO;
  if (w->window == 3 && w->stride == 2) return THREE_BY_TWO;
  if (w->window == 3 && w->stride == 1) return THREE_BY_ONE;
  return w->window == 4 && w->stride == 4 ? FOUR_BY_FOUR : OTHER;
}

/* Rows of results that lie one after the other, or a part of one. */
static void cut_one_channel(Cut* cut, const Job* job) {
  const Geometry* g = job->g;
  const Axis *d = &g->depth, *h = &g->height, *w = &g->width;
  const int backward = is_backward(job);
  const int64_t columns = backward ? ceil_div(w->input, w->stride) : w->output;
  const int64_t rows = g->batch * (backward ? d->input * h->input : d->output * h->output);
  cut->columns = least(columns, PIECE / 2);
  cut->rows = cut->columns < columns ? 1 : most(1, PIECE / 2 / columns);
  cut->across = ceil_div(columns, cut->columns);
  cut->down = ceil_div(rows, cut->rows);
  cut->pieces = cut->down * cut->across;
}

Cut cut_of(const Job* job, int lanes) {
  const Geometry* g = job->g;
  if (g->is_fitted) return cut_fitted(job, lanes);
  const Axis *d = &g->depth, *h = &g->height, *w = &g->width;
  const int backward = is_backward(job);
  const int64_t columns = backward ? end_step(w) - first_step(w) : w->output;
  const int64_t rows = backward ? end_step(h) - first_step(h) : h->output;
  Cut cut = {.shape = shape_of(job)};
  if (cut.shape != OTHER) {
    cut_one_channel(&cut, job);
    return cut;
  }
  cut.is_lined = cut_lined(&cut, job, lanes, rows, columns);
  if (!cut.is_lined) {
    const int64_t copies = job->kind == SPREAD ? 1 + rows_of_element(g) : 1;
    cut.rows = 1;
    cut.columns = least(columns, most(1, PIECE / g->channels / copies));
  }
  cut.across = ceil_div(columns, cut.columns);
  cut.down = cut.is_lined ? ceil_div(rows, cut.rows) : backward ? h->input : h->output;
  cut.pieces = g->batch * (backward ? d->input : d->output) * cut.down * cut.across;
  return cut;
}

const Kernels* kernels_named(const char* name) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && (!name || strcmp(name, avx2_kernels.name) == 0)) return &avx2_kernels;
#endif
  return !name || strcmp(name, baseline_kernels.name) == 0 ? &baseline_kernels : 0;
}
