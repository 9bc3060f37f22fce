/*
 * The module as Node sees it. Node-API is the same from version to version, so the few functions used are declared here.
 *
 *   register()                         registers the operations in the loaded TensorFlow: its version; throws why not
 *   configure(kernels, threads)        which kernels (null: the best) and threads (0: all): what it is now, as text
 *   run(kind, geometry, in, argmax, out, winners, x)   one job on typed arrays (null: none), without TensorFlow, for tests
 */
#include "operations.h"
#include "share.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct Env* Env;
typedef struct Value* Value;
typedef struct Info* Info;
typedef Value (*Callback)(Env, Info);
extern int napi_get_cb_info(Env, Info, size_t*, Value*, Value*, void**);
extern int napi_create_function(Env, const char*, size_t, Callback, void*, Value*);
extern int napi_set_named_property(Env, Value, const char*, Value);
extern int napi_throw_error(Env, const char*, const char*);
extern int napi_create_string_utf8(Env, const char*, size_t, Value*);
extern int napi_get_value_string_utf8(Env, Value, char*, size_t, size_t*);
extern int napi_get_value_int32(Env, Value, int32_t*);
extern int napi_is_typedarray(Env, Value, bool*);
extern int napi_get_typedarray_info(Env, Value, int*, size_t*, void**, Value*, size_t*);

/* From js_native_api_types.h. */
enum { NAPI_INT32_ARRAY = 5, NAPI_FLOAT32_ARRAY = 7 };

const char pooling_origin[] =
    "tfjs-im2col-pooling: kernels for TensorFlow, made from src/kernels/native of "
    "https://github.com/tfjs-im2col-pooling/tfjs-im2col-pooling. Apache-2.0, without warranty.";

static Value text(Env env, const char* string) {
  Value value = 0;
  napi_create_string_utf8(env, string, (size_t)-1, &value);
  return value;
}

static Value fail(Env env, const char* message) {
  napi_throw_error(env, 0, message);
  return 0;
}

static Value register_(Env env, Info info) {
  (void)info;
  const char* version = 0;
  const char* problem = register_operations(&version);
  return problem ? fail(env, problem) : text(env, version);
}

static Value configure_(Env env, Info info) {
  Value arguments[2] = {0, 0};
  size_t count = 2, length = 0;
  char name[32] = "", now[64];
  int32_t threads = 0;
  napi_get_cb_info(env, info, &count, arguments, 0, 0);
  const int is_named = count > 0 && napi_get_value_string_utf8(env, arguments[0], name, sizeof name, &length) == 0;
  if (count > 1) napi_get_value_int32(env, arguments[1], &threads);
  if (!configure(is_named ? name : 0, threads)) return fail(env, "no such kernels for this processor");
  snprintf(now, sizeof now, "%s %d", kernels_now()->name, threads_now());
  return text(env, now);
}

/* The memory of a typed array of so many elements; null for another value. */
static int32_t* elements(Env env, Value value, int64_t wanted, int* type) {
  bool is_array = false;
  void* data = 0;
  size_t length = 0;
  if (napi_is_typedarray(env, value, &is_array) || !is_array) return 0;
  if (napi_get_typedarray_info(env, value, type, &length, &data, 0, 0) || (int64_t)length != wanted) return 0;
  return *type == NAPI_INT32_ARRAY || *type == NAPI_FLOAT32_ARRAY ? data : 0;
}

static Value run_(Env env, Info info) {
  Value a[7];
  size_t count = 7, length = 0;
  char geometry[1024];
  Geometry g;
  int32_t kind = -1;
  int type = 0, other = 0;
  if (napi_get_cb_info(env, info, &count, a, 0, 0) || count != 7) return fail(env, "expected seven arguments");
  napi_get_value_int32(env, a[0], &kind);
  if (kind < 0 || kind >= KINDS) return fail(env, "no such kind");
  if (napi_get_value_string_utf8(env, a[1], geometry, sizeof geometry, &length) || !read_geometry(&g, geometry))
    return fail(env, "no such geometry");
  if (g.is_fitted && kind >= NORM_2) return fail(env, "no norms of fitted windows");
  Job job = {.kind = (enum Kind)kind, .g = &g};
  const int backward = is_backward(&job), slope = is_slope(&job);
  const int64_t x = x_elements(&g), y = y_elements(&g);
  job.out = elements(env, a[4], backward ? x : y, &other);
  job.in = elements(env, a[2], backward ? y : x, &type);
  job.argmax = elements(env, a[3], y, &other);
  job.winners = elements(env, a[5], y, &other);
  job.x = elements(env, a[6], x, &other);
  job.is_float = type == NAPI_FLOAT32_ARRAY;
  if (!job.in || !job.out || (!job.argmax && (slope || has_argmax(&job))) || (slope && !job.x)) return fail(env, "no such arrays");
  if (kind != MAX_POOL) job.winners = 0;
  if (!slope) job.x = 0;
  return do_job(&job) ? 0 : fail(env, "out of memory");
}

__attribute__((visibility("default"))) int32_t node_api_module_get_api_version_v1(void) { return 8; }

__attribute__((visibility("default"))) Value napi_register_module_v1(Env env, Value exports) {
  const struct {
    const char* name;
    Callback function;
  } all[] = {{"register", register_}, {"configure", configure_}, {"run", run_}};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    Value function = 0;
    napi_create_function(env, all[i].name, (size_t)-1, all[i].function, 0, &function);
    napi_set_named_property(env, exports, all[i].name, function);
  }
  return exports;
}
