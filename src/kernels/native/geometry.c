#include "geometry.h"
#include <stdlib.h>
#include <string.h>

/* A whole number, or -1: of the text's next word. */
static int64_t next(const char** text) {
  char* end;
  const long long value = strtoll(*text, &end, 10);
  if (end == *text) return -1;
  *text = end;
  return value < 0 || value > INT32_MAX ? -1 : value;
}

/* Sizes of at least 1, so that the product of those before and this one is an int32; 0 if not. */
static int within(int64_t* product, int64_t size) {
  if (size < 1 || *product > INT32_MAX / size) return 0;
  *product *= size;
  return 1;
}

static int read_axis(Axis* a, const char** text) {
  int64_t* const fields[] = {&a->input, &a->output, &a->window, &a->stride, &a->dilation, &a->pad_before, &a->pad_after};
  for (int i = 0; i < 7; i++)
    if ((*fields[i] = next(text)) < (i < 5 ? 1 : 0)) return 0;
  return a->window <= MAX_SPAN && a->stride <= MAX_SPAN;
}

/* Every window has a real element: so says the contract, and the kernels rely on it. */
static int has_windows(const Axis* a) {
  for (int64_t o = 0; o < a->output; o++)
    if (first_tap(a, o) >= end_tap(a, o, a->input)) return 0;
  return 1;
}

/* The length of the longest: a window starts at most (output - g) / output after an element does, g the greatest common divisor. */
static int64_t longest_fitted(const Axis* a) {
  int64_t divisor = a->input, rest = a->output;
  while (rest > 0) {
    const int64_t next = divisor % rest;
    divisor = rest;
    rest = next;
  }
  return ceil_div(a->input + a->output - divisor, a->output);
}

/* Fits windows to the outputs. 0 where there is padding or dilation, or one is longer than MAX_SPAN. */
static int fit_windows(Axis* a) {
  if (a->pad_before > 0 || a->pad_after > 0 || a->dilation > 1) return 0;
  a->is_fitted = 1;
  a->window = longest_fitted(a);
  return a->window <= MAX_SPAN;
}

Axis reversed(const Axis* a) {
  Axis r = {.input = a->output, .output = a->input, .stride = 1, .dilation = 1, .is_fitted = 1};
  r.window = longest_fitted(&r);
  return r;
}

static int read_shape(int64_t* rank, int64_t* shape, int64_t elements, const char** text) {
  int64_t product = 1;
  if ((*rank = next(text)) < 1 || *rank > MAX_RANK) return 0;
  for (int64_t i = 0; i < *rank; i++)
    if (!within(&product, shape[i] = next(text))) return 0;
  return product == elements;
}

int read_geometry(Geometry* g, const char* text) {
  memset(g, 0, sizeof *g);
  g->batch = next(&text);
  g->channels = next(&text);
  if (!read_axis(&g->depth, &text) || !read_axis(&g->height, &text) || !read_axis(&g->width, &text)) return 0;
  g->ignore_nan = next(&text);
  g->divisor = next(&text);
  g->is_fitted = next(&text);
  if (g->is_fitted < 0 || g->is_fitted > 1) return 0;
  if (g->ignore_nan < 0 || g->ignore_nan > 1 || g->divisor < ONE || g->divisor > PADDED) return 0;
  int64_t x = 1, y = 1, taps = 1;
  Axis* const axes[] = {&g->depth, &g->height, &g->width};
  if (!within(&x, g->batch) || !within(&x, g->channels)) return 0;
  y = x;
  for (int i = 0; i < 3; i++) {
    if (!(g->is_fitted ? fit_windows(axes[i]) : has_windows(axes[i]))) return 0;
    if (!within(&x, axes[i]->input) || !within(&y, axes[i]->output) || !within(&taps, axes[i]->window)) return 0;
  }
  return read_shape(&g->x_rank, g->x_shape, x, &text) && read_shape(&g->y_rank, g->y_shape, y, &text);
}

int64_t x_elements(const Geometry* g) {
  return g->batch * g->depth.input * g->height.input * g->width.input * g->channels;
}
int64_t y_elements(const Geometry* g) {
  return g->batch * g->depth.output * g->height.output * g->width.output * g->channels;
}
