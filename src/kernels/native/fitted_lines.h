/*
 * Rows of few channels made ready for windows that are fitted to the outputs: for each tap of a window, a line with the elements
 * that the windows of a row have there, side by side. Narrower windows than the longest have a filler as their last taps.
 */
#ifndef FITTED_LINES_H
#define FITTED_LINES_H
#include "kernels.h"
#include "turn.h"
#include <stdlib.h>

typedef struct {
  Axis axis;
  int64_t channels;
  /* The lines of a row: one for each tap, so many elements apart, which are whole vectors. Windows that are not there are as the last. */
  int64_t pitch, each;
  /* Where windows start, in elements of a row, and how wide they are: for each element of a line. */
  int32_t *starts, *widths;
  /* A row with room after it. */
  int32_t* padded;
} FittedLines;

static int64_t whole_vectors(int64_t count) { return ceil_div(count, LANES) * LANES; }

static void free_fitted_lines(FittedLines* l) {
  free(l->starts);
  free(l->padded);
}

static int make_fitted_lines(FittedLines* l, const Axis* axis, int64_t channels) {
  *l = (FittedLines){.axis = *axis, .channels = channels, .pitch = whole_vectors(axis->output * channels)};
  l->each = l->pitch * axis->window;
  l->starts = malloc((size_t)l->pitch * 2 * 4);
  l->padded = malloc((size_t)((axis->input + axis->window + TURNED) * channels) * 4);
  if (!l->starts || !l->padded) return 0;
  l->widths = l->starts + l->pitch;
  for (int64_t i = 0; i < l->pitch; i++) {
    const int64_t o = least(i / channels, axis->output - 1);
    l->starts[i] = (int32_t)(window_start(axis, o) * channels + i % channels);
    l->widths[i] = (int32_t)window_size(axis, o);
  }
  return 1;
}

/* How far a row is read beyond its end. */
static int64_t beyond(const FittedLines* l) { return (l->axis.window + TURNED) * l->channels; }

/* TURNED elements from a window's start on, or of two windows. */
INLINE V load_columns(const int32_t* row, const int32_t* starts) {
#if LANES == 8
  const __m128i low = _mm_loadu_si128((const __m128i*)(row + starts[0]));
  return (V)_mm256_inserti128_si256(_mm256_castsi128_si256(low), _mm_loadu_si128((const __m128i*)(row + starts[4])), 1);
#else
  return load(row + starts[0]);
#endif
}

/* One channel: taps [tap, tap + TURNED) of LANES windows. */
INLINE void turn_columns(const FittedLines* l, const int32_t* row, int64_t i, int64_t tap, V* turned) {
  for (int v = 0; v < TURNED; v++) turned[v] = load_columns(row + tap, l->starts + i + v);
  turn_four(turned);
}

static void turn_row(const FittedLines* l, const int32_t* row, int32_t filler, int32_t* to) {
  const int64_t taps = l->axis.window, narrowest = l->axis.input / l->axis.output;
  for (int64_t i = 0; i < l->pitch; i += LANES) {
    const V widths = load(l->widths + i), fillers = splat(filler);
    for (int64_t tap = 0; tap < taps; tap += TURNED) {
      V turned[TURNED];
      turn_columns(l, row, i, tap, turned);
      for (int64_t t = 0; t < TURNED && tap + t < taps; t++) {
        if (tap + t >= narrowest) turned[t] = pick(widths > splat((int32_t)(tap + t)), turned[t], fillers);
        store(to + (tap + t) * l->pitch + i, turned[t]);
      }
    }
  }
}

/* The same for any number of channels. */
static void pick_columns(const FittedLines* l, const int32_t* row, int32_t filler, int32_t* to) {
  for (int64_t t = 0; t < l->axis.window; t++, to += l->pitch) {
    const int32_t step = (int32_t)(t * l->channels);
    for (int64_t i = 0; i < l->pitch; i++) to[i] = t < l->widths[i] ? row[l->starts[i] + step] : filler;
  }
}

/* The lines of a row, which may be read beyond its end as far as `beyond` says. */
static void make_row(const FittedLines* l, const int32_t* row, int32_t filler, int32_t* to) {
  if (l->channels == 1) turn_row(l, row, filler, to);
  else pick_columns(l, row, filler, to);
}

/* Those of a row of an array, which ends at `end`. */
static void make_row_of(const FittedLines* l, const int32_t* row, const int32_t* end, int32_t filler, int32_t* to) {
  const int64_t count = l->axis.input * l->channels;
  if (end - row < count + beyond(l)) row = memcpy(l->padded, row, (size_t)count * 4);
  make_row(l, row, filler, to);
}
#endif
