#include "kernels.h"
#include <string.h>

static int64_t columns_of_piece(const Job* job, int lanes) {
  const Geometry* g = job->g;
  const int gathered = is_gathered(g, lanes);
  int64_t copies = 1;
  if (job->kind == SCATTER || job->kind == SPREAD) {
    copies = (gathered ? g->width.stride : 1) + (job->kind == SPREAD ? rows_of_element(g) : 0);
  } else if (gathered) {
    copies = rows_of_window(g) * g->width.window;
  }
  return most(1, PIECE / g->channels / copies);
}

Cut cut_of(const Job* job, int lanes) {
  const Geometry* g = job->g;
  const Axis* w = &g->width;
  const int backward = job->kind == SCATTER || job->kind == SPREAD;
  /* The positions of dx, padding included, in steps of a stride. */
  const int64_t steps = backward ? (w->input + w->pad_before - 1) / w->stride + 1 - w->pad_before / w->stride : w->output;
  Cut cut;
  cut.rows = g->batch * (backward ? g->depth.input * g->height.input : g->depth.output * g->height.output);
  cut.columns = least(steps, columns_of_piece(job, lanes));
  cut.pieces = cut.rows * ceil_div(steps, cut.columns);
  return cut;
}

const Kernels* kernels_named(const char* name) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && (!name || strcmp(name, avx2_kernels.name) == 0)) return &avx2_kernels;
#endif
  return !name || strcmp(name, baseline_kernels.name) == 0 ? &baseline_kernels : 0;
}
