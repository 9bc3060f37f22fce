/* Vectors turned: the first one then has the first lanes of all, the second one the second lanes, and so on. */
#ifndef TURN_H
#define TURN_H
#include "lanes.h"

enum { TURNED = 4 };

/* Two rows of vectors become two columns: of each half of a vector, if it has halves. */
INLINE void turn_pairs(V a, V b, V* low, V* high) {
#if LANES == 8
  *low = (V)_mm256_unpacklo_epi32((__m256i)a, (__m256i)b);
  *high = (V)_mm256_unpackhi_epi32((__m256i)a, (__m256i)b);
#else
  zip(a, b, low, high);
#endif
}
INLINE V join_low(V a, V b) {
#if LANES == 8
  return (V)_mm256_unpacklo_epi64((__m256i)a, (__m256i)b);
#else
  return (V){a[0], a[1], b[0], b[1]};
#endif
}
INLINE V join_high(V a, V b) {
#if LANES == 8
  return (V)_mm256_unpackhi_epi64((__m256i)a, (__m256i)b);
#else
  return (V){a[2], a[3], b[2], b[3]};
#endif
}

/* Four lanes of four vectors: of each half of a vector, if it has halves. */
INLINE void turn_four(V* all) {
  V low, high, lower, higher;
  turn_pairs(all[0], all[1], &low, &high);
  turn_pairs(all[2], all[3], &lower, &higher);
  all[0] = join_low(low, lower);
  all[1] = join_high(low, lower);
  all[2] = join_low(high, higher);
  all[3] = join_high(high, higher);
}

/* All lanes of LANES vectors. */
INLINE void turn_all(V* all) {
  turn_four(all);
#if LANES == 8
  turn_four(all + 4);
  for (int v = 0; v < 4; v++) {
    const __m256i a = (__m256i)all[v], b = (__m256i)all[v + 4];
    all[v] = (V)_mm256_permute2x128_si256(a, b, 0x20);
    all[v + 4] = (V)_mm256_permute2x128_si256(a, b, 0x31);
  }
#endif
}
#endif
