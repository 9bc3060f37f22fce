/*
 * Small images of one channel pooled together, as if they were channels: a vector has one element of each. They are brought
 * together in memory of the thread's own, and what comes of it goes back to its places.
 */
#include "fitted_route.h"
#include "pool.h"
#include "turn.h"

typedef struct {
  const Job* job;
  Cut cut;
  /* The bundle's own: its arrays are in `made`. */
  Job own;
  Geometry g;
  int32_t* made;
  int64_t pieces;
  Reader reader;
  FittedRouter router;
} Bundler;

static void free_bundler(Bundler* b) {
  free_reader(&b->reader);
  free_fitted_router(&b->router);
  free(b->made);
}

static int make_bundler(Bundler* b, const Job* job) {
  *b = (Bundler){.job = job, .cut = cut_of(job, LANES), .g = *job->g};
  /* Not a copy: others write to the job. */
  b->own = (Job){.kind = job->kind, .is_float = job->is_float};
  b->g.batch = 1;
  b->g.channels = b->cut.bundle;
  b->own.g = &b->g;
  b->pieces = cut_of(&b->own, LANES).pieces;
  const int64_t x = x_elements(&b->g), y = y_elements(&b->g);
  b->made = malloc((size_t)(x + 2 * y) * 4);
  if (!b->made) return 0;
  const int backward = is_backward(job);
  b->own.in = b->made + (backward ? x : 0);
  b->own.out = b->made + (backward ? 0 : x);
  if (job->argmax) b->own.argmax = b->made + x + y;
  if (job->winners) b->own.winners = b->made + x + y;
  return backward ? make_fitted_router(&b->router, &b->own) : make_reader(&b->reader, &b->own);
}

/* Where element 0 of an image of the bundle is: the last image stands for those that are not there. */
INLINE int64_t image_at(const Bundler* b, int64_t first, int64_t i, int64_t elements) { return least(first + i, b->job->g->batch - 1) * elements; }

/* Of images of so many elements: from image `first` on, all elements of the first one side by side with those of the others. */
static void bring_together(const Bundler* b, int64_t first, int64_t elements, const int32_t* from, int32_t* to) {
  const int64_t count = b->cut.bundle;
  for (int64_t i = 0; i < count; i += LANES) {
    const int32_t* images[LANES];
    for (int v = 0; v < LANES; v++) images[v] = from + image_at(b, first, i + v, elements);
    if (elements < LANES) {
      for (int64_t e = 0; e < elements; e++)
        for (int v = 0; v < LANES; v++) to[e * count + i + v] = images[v][e];
      continue;
    }
    for (int64_t e = 0; e < elements; e += LANES) {
      const int64_t at = least(e, elements - LANES);
      V all[LANES];
      for (int v = 0; v < LANES; v++) all[v] = load(images[v] + at);
      turn_all(all);
      for (int v = 0; v < LANES; v++) store(to + (at + v) * count + i, all[v]);
    }
  }
}

/* The inverse. */
static void take_apart(const Bundler* b, int64_t first, int64_t elements, const int32_t* from, int32_t* to) {
  const int64_t count = b->cut.bundle, there = least(count, b->job->g->batch - first);
  for (int64_t i = 0; i < there; i += LANES) {
    int32_t* image = to + (first + i) * elements;
    const int some = (int)least(LANES, there - i);
    if (elements < LANES) {
      for (int v = 0; v < some; v++)
        for (int64_t e = 0; e < elements; e++) image[v * elements + e] = from[e * count + i + v];
      continue;
    }
    for (int64_t e = 0; e < elements; e += LANES) {
      const int64_t at = least(e, elements - LANES);
      V all[LANES];
      for (int v = 0; v < LANES; v++) all[v] = load(from + (at + v) * count + i);
      turn_all(all);
      for (int v = 0; v < some; v++) store(image + v * elements + at, all[v]);
    }
  }
}

static void do_bundle(Bundler* b, int64_t first) {
  const Job* job = b->job;
  const int64_t x = x_elements(job->g) / job->g->batch, y = y_elements(job->g) / job->g->batch;
  const int backward = is_backward(job);
  bring_together(b, first, backward ? y : x, job->in, (int32_t*)b->own.in);
  if (job->argmax) bring_together(b, first, y, job->argmax, (int32_t*)b->own.argmax);
  for (int64_t piece = 0; piece < b->pieces; piece++) {
    if (backward) add_fitted_piece(&b->router, piece);
    else read_piece(&b->reader, reads_of(&b->own), piece);
  }
  take_apart(b, first, backward ? x : y, b->own.out, job->out);
  if (job->winners) take_apart(b, first, y, b->own.winners, job->winners);
}

static int do_bundles(const Job* job, Supply* supply) {
  Bundler b;
  int64_t begin, end;
  const int is_made = make_bundler(&b, job);
  while (is_made && take_pieces(supply, &begin, &end))
    for (int64_t piece = begin; piece < end; piece++) do_bundle(&b, piece * b.cut.bundle);
  free_bundler(&b);
  return is_made;
}
