/* Where the windows of an axis start and how many taps they have, as a table: it takes divisions to find out. */
#ifndef FITS_H
#define FITS_H
#include "geometry.h"
#include <stdlib.h>

typedef struct {
  int32_t start, size;
} Fit;

/* Null: there is no memory. */
static Fit* table_of_fits(const Axis* a) {
  Fit* fits = malloc(sizeof(Fit) * (size_t)a->output);
  for (int64_t o = 0; fits && o < a->output; o++) fits[o] = (Fit){(int32_t)window_start(a, o), (int32_t)window_size(a, o)};
  return fits;
}
#endif
