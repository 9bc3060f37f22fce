/*
 * Images of one channel, as channels first have them: windows and strides along the width that have kernels of their own. These
 * read rows where they lie, bring the taps of neighbouring windows together in registers, and write rows where they belong.
 */
#ifndef ONE_CHANNEL_H
#define ONE_CHANNEL_H
#include "kernels.h"
#include "lanes.h"
#include <math.h>
#include <stdlib.h>

/* A row that is read for a position of an axis: how far from the array's start, and what it adds to the number of a tap. */
typedef struct {
  int64_t at;
  int32_t number;
  /* Those of its windows on the axes, multiplied. */
  int32_t cells;
} NearRow;

/* The rows of each position, in order: rows[first_of[p]] to rows[first_of[p + 1]]. */
typedef struct {
  NearRow* rows;
  int64_t* first_of;
} RowTable;

/* What the pieces of a job have in common, and the rows for one row of results. */
typedef struct {
  const Job* job;
  const Geometry* g;
  Cut cut;
  RowTable depth, height;
  NearRow rows[MOST_NEAR_ROWS];
  int64_t row_count;
  /* Of each column of outputs, the cells of an average; there are SPARE_CELLS more on both sides. */
  float* cells;
} OneChannel;

/* Keeps a compiler from unrolling a loop of few rounds, or doing it by vectors. */
#define AS_IT_IS(counter) __asm__("" : "+r"(counter))

enum { SPARE_CELLS = 4 * LANES };

static int make_row_table(RowTable* table, const Axis* a, int is_backward, int64_t apart, int64_t number, int64_t divisor) {
  const int64_t positions = is_backward ? a->input : a->output;
  table->rows = malloc(sizeof(NearRow) * (size_t)(positions * least(a->window, is_backward ? a->output : a->input)));
  table->first_of = malloc(sizeof(int64_t) * (size_t)(positions + 1));
  if (!table->rows || !table->first_of) return 0;
  int64_t count = 0;
  for (int64_t p = 0; p < positions; p++) {
    table->first_of[p] = count;
    if (is_backward) {
      for (int64_t t = a->window - 1; t >= 0; t--) {
        const int64_t o = output_at(a, p, t);
        if (o >= 0) table->rows[count++] = (NearRow){o * apart, (int32_t)(t * number), (int32_t)cells(a, o, divisor)};
      }
    } else {
      const int32_t all = (int32_t)cells(a, p, divisor);
      for (int64_t t = first_tap(a, p), end = end_tap(a, p, a->input); t < end; t++)
        table->rows[count++] = (NearRow){(p * a->stride - a->pad_before + t * a->dilation) * apart, (int32_t)(t * number), all};
    }
  }
  table->first_of[positions] = count;
  return 1;
}

static void free_one_channel(OneChannel* r) {
  free(r->depth.rows);
  free(r->depth.first_of);
  free(r->height.rows);
  free(r->height.first_of);
  free(r->cells);
}

static int make_one_channel(OneChannel* r, const Job* job) {
  const Geometry* g = job->g;
  const Axis *d = &g->depth, *h = &g->height, *w = &g->width;
  const int backward = is_backward(job);
  const int64_t row = backward ? w->output : w->input, plane = row * (backward ? h->output : h->input);
  *r = (OneChannel){.job = job, .g = g, .cut = cut_of(job, LANES)};
  r->cells = malloc(sizeof(float) * (size_t)(w->output + 2 * SPARE_CELLS));
  if (!r->cells || !make_row_table(&r->depth, d, backward, plane, h->window * w->window, g->divisor) ||
      !make_row_table(&r->height, h, backward, row, w->window, g->divisor))
    return 0;
  for (int64_t i = 0; i < w->output + 2 * SPARE_CELLS; i++) {
    const int64_t o = i - SPARE_CELLS;
    r->cells[i] = o < 0 || o >= w->output || !is_average(job) ? 1 : (float)cells(w, o, g->divisor);
  }
  return 1;
}

/* Rows of results that are done one after the other, each in the columns [begin, end). */
typedef struct {
  int64_t image, d, h, count, begin, end;
} Stretch;

static Stretch stretch_of(const OneChannel* r, int64_t piece) {
  const Axis *d = &r->g->depth, *h = &r->g->height, *w = &r->g->width;
  const int backward = is_backward(r->job);
  const int64_t height = backward ? h->input : h->output, depth = backward ? d->input : d->output;
  const int64_t all = r->g->batch * depth * height, row = piece / r->cut.across * r->cut.rows, begin = piece % r->cut.across * r->cut.columns;
  return (Stretch){.image = row / height / depth, .d = row / height % depth, .h = row % height, .count = least(r->cut.rows, all - row),
                   .begin = begin, .end = least(begin + r->cut.columns, backward ? ceil_div(w->input, w->stride) : w->output)};
}

/* The rows that are read for the stretch's row at hand. Not by vectors: they are few. */
static __attribute__((noinline)) void enter_near_rows(OneChannel* r, const Stretch* s, int64_t image_size) {
  const NearRow *a = r->depth.rows + r->depth.first_of[s->d], *end_a = r->depth.rows + r->depth.first_of[s->d + 1];
  const NearRow *first = r->height.rows + r->height.first_of[s->h], *end = r->height.rows + r->height.first_of[s->h + 1];
  NearRow* to = r->rows;
  for (; a < end_a; a++) {
    for (const NearRow* b = first; b < end; b++) {
      AS_IT_IS(b);
      *to++ = (NearRow){s->image * image_size + a->at + b->at, a->number + b->number, a->cells * b->cells};
    }
  }
  r->row_count = to - r->rows;
}

/* `rows` on, within a plane. */
static inline void next_rows(Stretch* s, int64_t rows, int64_t height, int64_t depth) {
  s->count -= rows;
  if ((s->h += rows) < height) return;
  s->h = 0;
  if (++s->d < depth) return;
  s->d = 0;
  s->image++;
}

/* How many of the rows, so far apart, may be read or written as they are: `from` is how far the first one reaches, of `end`. */
static inline int64_t rows_before(int64_t from, int64_t apart, int64_t end) { return from > end ? 0 : (end - from) / apart + 1; }
#endif
