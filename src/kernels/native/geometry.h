/* A pooling's sizes, as src/geometry.ts has them: [batch, depth, height, width, channels], elements of 32 bit. */
#ifndef GEOMETRY_H
#define GEOMETRY_H
#include <stdint.h>

typedef struct {
  int64_t input, output, window, stride, dilation, pad_before, pad_after;
  /* Output o sees the elements from o * input / output to (o + 1) * input / output, rounded outwards; `window` is the longest. */
  int64_t is_fitted;
} Axis;

enum Divisor { ONE, REAL, PADDED };
/* Windows and strides up to this have tables. */
enum { MAX_SPAN = 65536, MAX_RANK = 8 };

typedef struct {
  int64_t batch, channels;
  Axis depth, height, width;
  int64_t ignore_nan, divisor;
  /* Along all axes; where an input is a multiple of its output, these windows are ordinary ones. */
  int64_t is_fitted;
  /* The shapes that TensorFlow's tensors have. */
  int64_t x_rank, x_shape[MAX_RANK], y_rank, y_shape[MAX_RANK];
} Geometry;

/* Reads the numbers of a geometry, in the order of its fields, from text. 0: it isn't one. */
int read_geometry(Geometry* g, const char* text);
/* Windows that are fitted to the outputs the other way round: those outputs that an element of the input is in. */
Axis reversed(const Axis* a);
int64_t x_elements(const Geometry* g);
int64_t y_elements(const Geometry* g);

static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
static inline int64_t floor_div(int64_t a, int64_t b) { return a >= 0 ? a / b : -((b - 1 - a) / b); }
/* Mostly by 1, without the division. */
static inline int64_t ceil_div(int64_t a, int64_t b) { return b == 1 ? a : -floor_div(-a, b); }

/* Where the window at `output` has its first tap, and how many taps it has. */
static inline int64_t window_start(const Axis* a, int64_t output) {
  return a->is_fitted ? output * a->input / a->output : output * a->stride - a->pad_before;
}
static inline int64_t window_size(const Axis* a, int64_t output) {
  if (!a->is_fitted) return a->window;
  return ((output + 1) * a->input + a->output - 1) / a->output - window_start(a, output);
}
/* The first tap of the window at `output` on a real element, and the one after the last. */
static inline int64_t first_tap(const Axis* a, int64_t output) {
  if (a->is_fitted) return 0;
  return most(0, ceil_div(a->pad_before - output * a->stride, a->dilation));
}
static inline int64_t end_tap(const Axis* a, int64_t output, int64_t end) {
  if (a->is_fitted) return window_size(a, output);
  return least(a->window, ceil_div(end - output * a->stride + a->pad_before, a->dilation));
}
/* The windows all of whose taps are real: the first, and the one after the last. */
static inline int64_t first_whole_window(const Axis* a) {
  return least(a->output, ceil_div(a->pad_before, a->stride));
}
static inline int64_t end_whole_window(const Axis* a) {
  const int64_t end = floor_div(a->input - 1 - (a->window - 1) * a->dilation + a->pad_before, a->stride) + 1;
  return most(first_whole_window(a), least(a->output, end));
}
/* The cells of it that count in an average. */
static inline int64_t cells(const Axis* a, int64_t output, int64_t divisor) {
  if (divisor == ONE) return 1;
  if (divisor == PADDED) return end_tap(a, output, a->input + a->pad_after);
  return end_tap(a, output, a->input) - first_tap(a, output);
}
#endif
