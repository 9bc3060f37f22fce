/* The rows that windows fitted along all axes see, as lines (fitted_lines.h): each is made once for all windows of a piece that see it. */
#ifndef FITTED_ROWS_H
#define FITTED_ROWS_H
#include "fitted_lines.h"

typedef struct {
  const Geometry* g;
  Axis depth, height;
  FittedLines lines;
  /* Of each kind of lines (of dy and argmax, say), this many rows; and which ones these are. */
  int64_t count, kinds;
  int32_t* made;
  int64_t* held;
} FittedRows;

static void free_fitted_rows(FittedRows* r) {
  free_fitted_lines(&r->lines);
  free(r->made);
  free(r->held);
}

static void forget_rows(FittedRows* r) {
  for (int64_t i = 0; i < r->count; i++) r->held[i] = -1;
}

/* `axes`: of depth, height and width, either from x to y or from y to x. */
static int make_fitted_rows(FittedRows* r, const Geometry* g, const Axis axes[3], int64_t kinds) {
  *r = (FittedRows){.g = g, .depth = axes[0], .height = axes[1], .kinds = kinds};
  r->count = axes[0].window * axes[1].window;
  const int is_made = make_fitted_lines(&r->lines, &axes[2], g->channels);
  r->made = malloc((size_t)(r->count * kinds * r->lines.each) * 4);
  r->held = malloc((size_t)r->count * sizeof *r->held);
  if (!is_made || !r->made || !r->held) return 0;
  forget_rows(r);
  return 1;
}

/* The lines for row `row` of a plane, which is `number` planes after the first one seen. Sets whether they are still to be made. */
static int32_t* lines_for(FittedRows* r, int64_t number, int64_t plane, int64_t row, int* is_new) {
  const int64_t slot = number * r->height.window + row % r->height.window, wanted = plane * r->height.input + row;
  *is_new = r->held[slot] != wanted;
  r->held[slot] = wanted;
  return r->made + slot * r->kinds * r->lines.each;
}
#endif
