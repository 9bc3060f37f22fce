/* Cube roots, by the steps of cubeRoot in ../lp_loops.ts. */
#ifndef CUBE_ROOT_H
#define CUBE_ROOT_H
#include "lanes.h"

/* Two steps of Halley's from an estimate. */
INLINE H nearer(H sum, H estimate) {
  const D a = __builtin_convertvector(sum, D);
  D root = __builtin_convertvector(estimate, D);
  for (int step = 0; step < 2; step++) {
    const D cube = root * root * root;
    root = root * (a + a + cube) / (a + cube + cube);
  }
  return __builtin_convertvector(root, H);
}

/* Of negative numbers NaN, and of -Infinity Infinity. */
INLINE V cube_root(V sum) {
  const V one = splat_float(1), size = magnitude(sum), infinity = splat(0x7f800000);
  const V is_tiny = (F)sum < (F)splat(0x00800000);
  const V a = product(sum, pick(is_tiny, splat_float(16777216), one));
  const F third = __builtin_convertvector(a, F) * (F)splat_float(0.3333333432674408f);
  const V estimate = __builtin_convertvector(third, V) + splat(709958130);
  H from[2], to[2];
  V near;
  memcpy(from, &a, sizeof from);
  memcpy(to, &estimate, sizeof to);
  for (int half = 0; half < 2; half++) to[half] = nearer(from[half], to[half]);
  memcpy(&near, to, sizeof near);
  near = product(near, pick(is_tiny, splat_float(0.00390625f), one));
  const V number = pick((F)sum > (F)splat(0), near, splat(0x7fc00000));
  return pick(((F)sum == (F)splat(0)) | (size == infinity), size, number);
}
#endif
