/* Vectors of LANES elements of 32 bit, floats and integers alike: one width for each processor that this is compiled for. */
#ifndef LANES_H
#define LANES_H
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define INLINE static inline __attribute__((always_inline))

#if defined(__AVX2__)
#define LANES 8
#else
#define LANES 4
#endif

typedef int32_t V __attribute__((vector_size(LANES * 4)));
typedef uint32_t U __attribute__((vector_size(LANES * 4)));
typedef float F __attribute__((vector_size(LANES * 4)));
/* Half a vector of floats, and as many doubles. */
typedef float H __attribute__((vector_size(LANES * 2)));
typedef double D __attribute__((vector_size(LANES * 4)));

INLINE V load(const int32_t* p) {
  V v;
  memcpy(&v, p, sizeof v);
  return v;
}
INLINE void store(int32_t* p, V v) { memcpy(p, &v, sizeof v); }
INLINE V splat(int32_t value) { return (V){0} + value; }
INLINE V splat_float(float value) { return (V)((F){0} + value); }

/* Keeps a loaded value in a register: gcc would rather load it again for its second use. */
INLINE V held(V v) {
#if defined(__SSE2__)
  __asm__("" : "+x"(v));
#endif
  return v;
}

INLINE V pick(V mask, V yes, V no) {
#if LANES == 8
  return (V)_mm256_blendv_epi8((__m256i)no, (__m256i)yes, (__m256i)mask);
#else
  return (mask & yes) | (~mask & no);
#endif
}

/* The greater of both, `best` of equal ones. A NaN in `value` is ignored. */
INLINE V larger(int is_float, V best, V value) {
  if (!is_float) return pick(value > best, value, best);
#if LANES == 8
  return (V)_mm256_max_ps((__m256)value, (__m256)best);
#elif defined(__SSE2__)
  return (V)_mm_max_ps((__m128)value, (__m128)best);
#else
  return pick((F)value > (F)best, value, best);
#endif
}

INLINE V greater(int is_float, V a, V b) { return is_float ? (F)a > (F)b : a > b; }
INLINE V equal(int is_float, V a, V b) { return is_float ? (F)a == (F)b : a == b; }

/* Whether `value` beats `best`: it is greater, or of the two the one that NaN makes win. */
INLINE V beats(int is_float, int ignore_nan, V value, V best) {
  if (!is_float) return value > best;
  const F guard = ignore_nan ? (F)value : (F)best;
  return ~((F)value <= (F)best) & (guard == guard);
}

INLINE V sum(int is_float, V a, V b) { return is_float ? (V)((F)a + (F)b) : a + b; }
INLINE V quotient(V a, V b) { return (V)((F)a / (F)b); }
INLINE V product(V a, V b) { return (V)((F)a * (F)b); }
INLINE V magnitude(V a) { return a & splat(INT32_MAX); }
INLINE V square_root(V a) {
#if LANES == 8
  return (V)_mm256_sqrt_ps((__m256)a);
#elif defined(__SSE2__)
  return (V)_mm_sqrt_ps((__m128)a);
#else
  return (V)vsqrtq_f32((float32x4_t)a);
#endif
}
INLINE V is_nan(V a) { return (F)a != (F)a; }

INLINE int any(V mask) {
  int32_t some = 0;
  for (int i = 0; i < LANES; i++) some |= mask[i];
  return some != 0;
}

/* Of two vectors, one after the other: elements in even places, or those in odd ones, in an order that `ordered` sets right. */
INLINE V evens(V a, V b) {
#if LANES == 8
  return (V)_mm256_shuffle_ps((__m256)a, (__m256)b, 0x88);
#else
  return (V){a[0], a[2], b[0], b[2]};
#endif
}
INLINE V odds(V a, V b) {
#if LANES == 8
  return (V)_mm256_shuffle_ps((__m256)a, (__m256)b, 0xdd);
#else
  return (V){a[1], a[3], b[1], b[3]};
#endif
}

/* After evens and odds, for a stride of 2; after those of their results, for one of 4. */
INLINE V ordered(int stride, V v) {
#if LANES == 8
  if (stride == 2) return (V)_mm256_permute4x64_epi64((__m256i)v, 0xd8);
  if (stride == 4) return (V)_mm256_permutevar8x32_epi32((__m256i)v, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
#endif
  (void)stride;
  return v;
}

INLINE void unzip(V a, V b, V* even, V* odd) {
  *even = ordered(2, evens(a, b));
  *odd = ordered(2, odds(a, b));
}

/* The inverse of unzip. */
INLINE void zip(V even, V odd, V* a, V* b) {
#if LANES == 8
  const __m256i low = _mm256_unpacklo_epi32((__m256i)even, (__m256i)odd);
  const __m256i high = _mm256_unpackhi_epi32((__m256i)even, (__m256i)odd);
  *a = (V)_mm256_permute2x128_si256(low, high, 0x20);
  *b = (V)_mm256_permute2x128_si256(low, high, 0x31);
#else
  *a = (V){even[0], odd[0], even[1], odd[1]};
  *b = (V){even[2], odd[2], even[3], odd[3]};
#endif
}

/* One element, by the same rules. */
INLINE float as_float(int32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}
INLINE int32_t as_bits(float value) {
  int32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}
INLINE int beats_one(int is_float, int ignore_nan, int32_t value, int32_t best) {
  if (!is_float) return value > best;
  const float v = as_float(value), b = as_float(best), guard = ignore_nan ? v : b;
  return !(v <= b) && guard == guard;
}
INLINE int32_t sum_one(int is_float, int32_t a, int32_t b) {
  return is_float ? as_bits(as_float(a) + as_float(b)) : (int32_t)((uint32_t)a + (uint32_t)b);
}
#endif
