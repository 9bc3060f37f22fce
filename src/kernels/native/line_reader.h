/* What a thread needs to pool few channels: a piece is some rows of windows of one plane, all done as one run over lines of x. */
#ifndef LINE_READER_H
#define LINE_READER_H
#include "max_lines.h"

typedef struct {
  const Job* job;
  const Geometry* g;
  Cut cut;
  Lines lines;
  Column* columns;
  Row* rows;
  int64_t row_count;
  /* Lines of each plane; results of a run; the argmax for one. */
  int32_t *made, *y, *winners, *argmax;
  /* The largest of columns, and lines of them with the offsets of their taps. */
  Largest largest, split;
  Lines split_lines;
  Column* split_columns;
  /* Whether rows follow one another there as they do in y: no padding is between them, and windows that reach over an end are done again. */
  int is_dense;
  /* For each element of a row: the cells that its average is divided by. Which columns and cells they are for. */
  float* divisors;
  int64_t column, row_cells;
} LineReader;

static void free_line_reader(LineReader* r) {
  free(r->columns);
  free(r->rows);
  free(r->made);
  free(r->divisors);
}

static int make_line_reader(LineReader* r, const Job* job) {
  const Geometry* g = job->g;
  const Axis *h = &g->height, *w = &g->width;
  *r = (LineReader){.job = job, .g = g, .cut = cut_of(job, LANES), .column = -1, .row_cells = -1};
  r->lines = lines_of(h, w, g->channels, r->cut.rows + reach_of(h), r->cut.columns + reach_of(w));
  const int64_t planes = least(g->depth.window, g->depth.input);
  const int64_t of_x = planes * size_of(&r->lines) + LANES, of_y = r->cut.rows * r->lines.pitch + LANES;
  r->is_dense = r->cut.columns == w->output && w->input == w->output * w->stride;
  r->split_lines = lines_of(h, w, g->channels, r->cut.rows, r->cut.columns + (r->is_dense ? 0 : reach_of(w)));
  r->split_lines.row_residues = 1;
  if (r->is_dense) r->split_lines.column_residues = w->stride;
  /* With margins, where the first windows and the last ones read. */
  const int64_t margin = (w->pad_before + reach_of(w)) * g->channels + LANES;
  const int64_t of_split = size_of(&r->split_lines) + 2 * margin, of_largest = r->cut.rows * w->input * g->channels + 2 * margin;
  r->columns = malloc(sizeof(Column) * (size_t)w->window * 2);
  r->rows = malloc(sizeof(Row) * (size_t)(planes * h->window));
  /* What lies between rows may be anything: it is read, and what comes of it is left out. */
  r->made = malloc((size_t)(of_x + 3 * of_y + 2 * of_split + 2 * of_largest) * 4);
  r->divisors = malloc((size_t)(r->cut.columns * g->channels) * 4);
  if (!r->columns || !r->rows || !r->made || !r->divisors) return 0;
  r->y = r->made + of_x;
  r->winners = r->y + of_y;
  r->argmax = r->winners + of_y;
  r->split.elements = r->argmax + of_y + margin;
  r->split.numbers = r->split.elements + of_split;
  r->largest.elements = r->split.numbers + of_split;
  r->largest.numbers = r->largest.elements + of_largest;
  r->split_columns = r->columns + w->window;
  for (int64_t t = 0; t < w->window; t++) {
    r->columns[t] = (Column){offset_in(&r->lines, 0, t * w->dilation), (int32_t)t};
    const int64_t column = t * w->dilation - (r->is_dense ? w->pad_before : 0), residue = column - floor_div(column, w->stride) * w->stride;
    r->split_columns[t] = (Column){residue * r->split_lines.each + floor_div(column, w->stride) * g->channels, (int32_t)t};
  }
  return 1;
}

/* Windows of one plane. */
typedef struct {
  int64_t image, od, oh, rows, ow, columns;
  /* Where the first output is. */
  int64_t at;
} Piece;

static Piece piece_of(const LineReader* r, int64_t number) {
  const Geometry* g = r->g;
  const int64_t plane = number / r->cut.across / r->cut.down;
  Piece p = {.image = plane / g->depth.output, .od = plane % g->depth.output};
  p.oh = number / r->cut.across % r->cut.down * r->cut.rows;
  p.ow = number % r->cut.across * r->cut.columns;
  p.rows = least(r->cut.rows, g->height.output - p.oh);
  p.columns = least(r->cut.columns, g->width.output - p.ow);
  p.at = ((plane * g->height.output + p.oh) * g->width.output + p.ow) * g->channels;
  return p;
}
#endif
