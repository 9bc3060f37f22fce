/*
 * Random poolings by the native kernels, against plain loops: for sanitizers (.ci/native_sanitizers.mjs) and for another
 * processor (.ci/native_arm64.mjs). Arrays have exactly the sizes that the geometry says, so that whatever is read or written
 * beside them is seen; several threads pool at once. The kernels' memory comes from here, and now and then there is none: then
 * they have to say so. The caller's floating-point control says to flush denormal numbers or to round towards zero, as
 * TensorFlow's does in part: kernels must not heed it, and must leave it as it was.
 *
 *   driver ROUNDS
 */
#include "share.h"
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

void* test_malloc(size_t size);
void* test_calloc(size_t count, size_t size);

static int64_t below(uint64_t* seed, int64_t limit) {
  *seed = *seed * 6364136223846793005u + 1442695040888963407u;
  return (int64_t)((*seed >> 33) % (uint64_t)limit);
}

static float as_number(int32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static int32_t as_integer(float value) {
  int32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static int64_t asked;

/* One of so many requests fails. */
enum { FAILING = 97 };

static int is_failing(void) { return __atomic_add_fetch(&asked, 1, __ATOMIC_RELAXED) % FAILING == 0; }

void* test_malloc(size_t size) { return is_failing() ? 0 : malloc(size); }
void* test_calloc(size_t count, size_t size) { return is_failing() ? 0 : calloc(count, size); }

/* The processor's floating-point control, and the bits of it that flush denormal numbers and that round towards zero. */
#if defined(__SSE2__)
enum { FLUSH = 0x8040, TOWARDS_ZERO = 0x6000 };
static uint64_t control(void) { return _mm_getcsr() & ~_MM_EXCEPT_MASK; }
static void set_control(uint64_t bits) { _mm_setcsr((unsigned)bits); }
#elif defined(__aarch64__)
enum { FLUSH = 3 << 24, TOWARDS_ZERO = 3 << 22 };
static uint64_t control(void) {
  uint64_t bits;
  __asm__ volatile("mrs %0, fpcr" : "=r"(bits));
  return bits;
}
static void set_control(uint64_t bits) { __asm__ volatile("msr fpcr, %0" : : "r"(bits)); }
#else
#error "expected x86 with SSE2, or arm64"
#endif

/* As numbers: NaN is NaN, -0 is 0. */
static int same(int is_float, int32_t a, int32_t b) {
  if (a == b) return 1;
  const float x = as_number(a), y = as_number(b);
  return is_float && (x == y || (x != x && y != y));
}

static void random_axis(uint64_t* seed, Axis* a, int64_t largest, int is_used) {
  *a = (Axis){.input = 1, .output = 1, .window = 1, .stride = 1, .dilation = 1};
  if (!is_used) return;
  for (;;) {
    a->input = 1 + below(seed, largest);
    a->window = 1 + below(seed, below(seed, 4) ? 4 : 7);
    a->stride = below(seed, 3) ? 1 + below(seed, 3) : a->window;
    a->dilation = below(seed, 4) ? 1 : 1 + below(seed, 3);
    a->pad_before = below(seed, 3);
    a->pad_after = below(seed, 3);
    const int64_t span = (a->window - 1) * a->dilation + 1;
    a->output = (a->input + a->pad_before + a->pad_after - span + (below(seed, 2) ? a->stride - 1 : 0)) / a->stride + 1;
    int is_good = a->input + a->pad_before + a->pad_after >= span;
    for (int64_t o = 0; is_good && o < a->output; o++) is_good = first_tap(a, o) < end_tap(a, o, a->input);
    if (is_good) return;
  }
}

/* The same for windows that are fitted to the outputs; now and then large ones. */
static void random_fitted_axis(uint64_t* seed, Axis* a, int64_t largest, int is_used) {
  *a = (Axis){.input = 1, .output = 1, .window = 1, .stride = 1, .dilation = 1, .is_fitted = 1};
  if (!is_used) return;
  a->input = 1 + below(seed, largest);
  a->output = below(seed, 8) ? 1 + below(seed, a->input + 3) : 1 + below(seed, 2);
  for (int64_t o = 0; o < a->output; o++) a->window = most(a->window, window_size(a, o));
}

/* Visits the taps of one output in order, or all outputs of an image with their taps. */
static void expect(const Job* job, int32_t* out, int32_t* winners) {
  const Geometry* g = job->g;
  const Axis *d = &g->depth, *h = &g->height, *w = &g->width;
  const int backward = job->kind == SCATTER || job->kind == SPREAD;
  if (backward) memset(out, 0, (size_t)x_elements(g) * 4);
  int64_t y = 0;
  for (int64_t b = 0; b < g->batch; b++)
    for (int64_t od = 0; od < d->output; od++)
      for (int64_t oh = 0; oh < h->output; oh++)
        for (int64_t ow = 0; ow < w->output; ow++)
          for (int64_t c = 0; c < g->channels; c++, y++) {
            const float count = (float)(cells(d, od, g->divisor) * cells(h, oh, g->divisor) * cells(w, ow, g->divisor));
            int32_t best = 0, winner = -1;
            for (int64_t td = first_tap(d, od); td < end_tap(d, od, d->input); td++)
              for (int64_t th = first_tap(h, oh); th < end_tap(h, oh, h->input); th++)
                for (int64_t tw = first_tap(w, ow); tw < end_tap(w, ow, w->input); tw++) {
                  const int64_t z = window_start(d, od) + td * d->dilation;
                  const int64_t v = window_start(h, oh) + th * h->dilation;
                  const int64_t u = window_start(w, ow) + tw * w->dilation;
                  const int64_t x = (((b * d->input + z) * h->input + v) * w->input + u) * g->channels + c;
                  const int32_t tap = (int32_t)((td * window_size(h, oh) + th) * window_size(w, ow) + tw);
                  const int32_t value = job->in[backward ? y : x];
                  const float number = as_number(value), so_far = as_number(best);
                  if (job->kind == MAX_POOL) {
                    int wins = winner < 0;
                    if (!job->is_float) wins |= value > best;
                    else if (g->ignore_nan) wins |= number > so_far || (so_far != so_far && number == number);
                    else wins |= so_far == so_far && !(number <= so_far);
                    if (wins) best = value, winner = tap;
                  } else if (job->kind == GATHER) {
                    if (job->argmax[y] == tap) best = value;
                  } else if (job->kind == AVERAGE) {
                    best = as_integer(so_far + number);
                  } else if (job->kind == SPREAD) {
                    out[x] = as_integer(as_number(out[x]) + number / count);
                  } else if (job->argmax[y] == tap) {
                    out[x] = job->is_float ? as_integer(as_number(out[x]) + number) : (int32_t)((uint32_t)out[x] + (uint32_t)value);
                  }
                }
            if (backward) continue;
            out[y] = job->kind == AVERAGE ? as_integer(as_number(best) / count) : best;
            if (winners) winners[y] = winner;
          }
}

/* As cubeRoot of src/kernels/lp_loops.ts has it. */
static float cube_root(float sum) {
  if (sum == 0 || isinf(sum)) return fabsf(sum);
  if (!(sum > 0)) return NAN;
  const int is_tiny = sum < 0x1p-126f;
  const float a = is_tiny ? sum * 0x1p24f : sum, third = (float)as_integer(a) * (1.0f / 3);
  double root = as_number((int32_t)third + 709958130);
  for (int step = 0; step < 2; step++) {
    const double cube = root * root * root;
    root = root * ((double)a + a + cube) / (a + cube + cube);
  }
  return (float)root * (is_tiny ? 0x1p-8f : 1);
}

/* Of elements at these places. */
static float norm_of(const int32_t* x, const int64_t* at, int64_t count, int cubes) {
  float greatest = 0, scale = 1, sum = 0;
  for (int64_t i = 0; i < count; i++) greatest = fmaxf(greatest, fabsf(as_number(x[at[i]])));
  if (greatest != 0 && !(greatest >= 0x1p-32f && greatest <= 0x1p32f))
    scale = fminf(fmaxf(as_number(as_integer(greatest) & 0x7f800000), 0x1p-126f), 0x1p100f);
  for (int64_t i = 0; i < count; i++) {
    const float value = as_number(x[at[i]]) / scale, square = value * value;
    sum += cubes ? square * value : square;
  }
  return scale * (cubes ? cube_root(sum) : sqrtf(sum));
}

/* Where the real taps of a window are in x, for one channel: how many. */
static int64_t taps_at(const Geometry* g, int64_t b, int64_t od, int64_t oh, int64_t ow, int64_t c, int64_t* at) {
  const Axis *d = &g->depth, *h = &g->height, *w = &g->width;
  int64_t count = 0;
  for (int64_t td = first_tap(d, od); td < end_tap(d, od, d->input); td++)
    for (int64_t th = first_tap(h, oh); th < end_tap(h, oh, h->input); th++)
      for (int64_t tw = first_tap(w, ow); tw < end_tap(w, ow, w->input); tw++) {
        const int64_t z = window_start(d, od) + td * d->dilation, v = window_start(h, oh) + th * h->dilation;
        at[count++] = (((b * d->input + z) * h->input + v) * w->input + window_start(w, ow) + tw * w->dilation) * g->channels + c;
      }
  return count;
}

static void expect_norms(const Job* job, int32_t* out) {
  const Geometry* g = job->g;
  const int cubes = job->kind == NORM_3 || job->kind == SLOPE_3, forward = job->kind == NORM_2 || job->kind == NORM_3;
  int64_t* at = malloc((size_t)(g->depth.window * g->height.window * g->width.window) * sizeof *at);
  if (!forward) memset(out, 0, (size_t)x_elements(g) * 4);
  int64_t y = 0;
  for (int64_t b = 0; b < g->batch; b++)
    for (int64_t od = 0; od < g->depth.output; od++)
      for (int64_t oh = 0; oh < g->height.output; oh++)
        for (int64_t ow = 0; ow < g->width.output; ow++)
          for (int64_t c = 0; c < g->channels; c++, y++) {
            const int64_t count = taps_at(g, b, od, oh, ow, c, at);
            if (forward) out[y] = as_integer(norm_of(job->in, at, count, cubes));
            const float norm = forward ? 0 : as_number(job->argmax[y]);
            for (int64_t i = 0; norm != 0 && i < count; i++) {
              const float ratio = as_number(job->x[at[i]]) / norm, slope = cubes ? ratio * ratio : ratio;
              out[at[i]] = as_integer(as_number(out[at[i]]) + as_number(job->in[y]) * slope);
            }
          }
  free(at);
}

static int32_t* random_elements(uint64_t* seed, int64_t count, int is_float, int rare) {
  static const float special[] = {NAN, INFINITY, -INFINITY, -0.0f, 3e38f, 1e-45f, -1e-45f};
  int32_t* all = malloc((size_t)count * 4);
  for (int64_t i = 0; i < count; i++) {
    const float value = rare && below(seed, rare) == 0 ? special[below(seed, 7)] : (float)(below(seed, 2001) - 1000) / 64;
    all[i] = is_float ? as_integer(value) : (int32_t)below(seed, 100) - 50;
  }
  return all;
}

static int64_t refused;

static int one_round(uint64_t* seed) {
  Geometry g;
  memset(&g, 0, sizeof g);
  const int rank = 1 + (int)below(seed, 3);
  const int64_t largest = (int64_t[]){70, 16, 7}[rank - 1];
  g.batch = 1 + below(seed, 2);
  g.channels = below(seed, 3) == 0 ? 1 : below(seed, 3) ? 1 + below(seed, 9) : 10 + below(seed, 60);
  g.is_fitted = below(seed, 3) == 0;
  if (g.is_fitted && g.channels == 1 && below(seed, 2)) g.batch = 4 + below(seed, 40);
  void (*const random)(uint64_t*, Axis*, int64_t, int) = g.is_fitted ? random_fitted_axis : random_axis;
  const int64_t longest = g.is_fitted && rank == 2 && below(seed, 20) == 0 ? 120 : largest;
  random(seed, &g.depth, longest, rank > 2);
  random(seed, &g.height, longest, rank > 1);
  /* Rows of several vectors. */
  random(seed, &g.width, g.channels == 1 ? most(longest, 50) : longest, 1);
  g.ignore_nan = below(seed, 2);
  g.divisor = below(seed, 3);
  Job job = {.kind = (enum Kind)below(seed, g.is_fitted ? NORM_2 : KINDS), .g = &g};
  job.is_float = job.kind == AVERAGE || job.kind >= SPREAD || below(seed, 3);
  const int backward = is_backward(&job);
  const int64_t x = x_elements(&g), y = y_elements(&g), outputs = backward ? x : y;
  const int64_t taps = g.depth.window * g.height.window * g.width.window;
  int32_t* in = random_elements(seed, backward ? y : x, job.is_float, (int)below(seed, 4) * 10);
  int32_t *argmax = malloc((size_t)y * 4), *out = malloc((size_t)outputs * 4), *expected = malloc((size_t)outputs * 4);
  int32_t *winners = malloc((size_t)y * 4), *expected_winners = malloc((size_t)y * 4);
  for (int64_t i = 0; i < y; i++) argmax[i] = below(seed, 10) ? (int32_t)below(seed, taps + 2) - 1 : INT32_MIN;
  int32_t *given = random_elements(seed, x, 1, (int)below(seed, 4) * 10), *norms = random_elements(seed, y, 1, 20);
  job.in = in;
  job.argmax = is_slope(&job) ? norms : argmax;
  job.x = is_slope(&job) ? given : 0;
  job.out = out;
  job.winners = job.kind == MAX_POOL && below(seed, 2) ? winners : 0;
  const uint64_t usual = control(), odd = usual | (below(seed, 2) ? FLUSH : 0) | (below(seed, 2) ? TOWARDS_ZERO : 0);
  set_control(odd);
  const int done = do_job(&job);
  const int is_changed = control() != odd;
  set_control(usual);
  if (job.kind >= NORM_2) expect_norms(&job, expected);
  else expect(&job, expected, expected_winners);
  int wrong = is_changed;
  if (!done) __atomic_add_fetch(&refused, 1, __ATOMIC_RELAXED);
  for (int64_t i = 0; done && i < outputs; i++) wrong += !same(job.is_float, out[i], expected[i]);
  for (int64_t i = 0; done && job.winners && i < y; i++) wrong += winners[i] != expected_winners[i];
  if (wrong) fprintf(stderr, "kind %d, rank %d, channels %d, fitted %d: %d wrong\n", job.kind, rank, (int)g.channels, (int)g.is_fitted, wrong);
  free(in), free(argmax), free(out), free(expected), free(winners), free(expected_winners), free(given), free(norms);
  return wrong == 0;
}

static int rounds;

static void* many_rounds(void* start) {
  uint64_t seed = (uint64_t)(uintptr_t)start;
  intptr_t wrong = 0;
  for (int i = 0; i < rounds; i++) wrong += !one_round(&seed);
  return (void*)wrong;
}

int main(int count, char** words) {
  static const char* const names[] = {"baseline", "avx2"};
  rounds = count > 1 ? atoi(words[1]) : 1000;
  int wrong = 0;
  for (int n = 0; n < 2; n++)
    for (int threads = 1; threads <= 4; threads += 3) {
      if (!configure(names[n], threads)) continue;
      pthread_t others[3];
      for (intptr_t i = 0; i < 3; i++) pthread_create(&others[i], 0, many_rounds, (void*)(i + 10 * threads + 100 * n));
      for (int i = 0; i < 3; i++) {
        void* result;
        pthread_join(others[i], &result);
        wrong += (int)(intptr_t)result;
      }
      printf("%s, %d threads: 3 times %d poolings, %d wrong and %d without memory so far\n", names[n], threads, rounds, wrong,
             (int)refused);
    }
  return wrong > 0 || refused == 0;
}
