/*
 * Stands for TensorFlow where there is none to be had (.ci/native_arm64.mjs): the functions of its C API that the native module
 * looks up, for one operation at a time on arrays of JavaScript. Built as a library whose name speaks of TensorFlow, and
 * loaded by Node:
 *
 *   execute(operation, geometry, input, second input, output, winners, third input)   as `run` of module.c; operations by the end of their names
 *   live()                                                         tensors, statuses and other things that were not deleted
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef struct Env* Env;
typedef struct Value* Value;
typedef struct Info* Info;
typedef Value (*Callback)(Env, Info);
extern int napi_get_cb_info(Env, Info, size_t*, Value*, Value*, void**);
extern int napi_create_function(Env, const char*, size_t, Callback, void*, Value*);
extern int napi_set_named_property(Env, Value, const char*, Value);
extern int napi_throw_error(Env, const char*, const char*);
extern int napi_create_int32(Env, int32_t, Value*);
extern int napi_get_value_string_utf8(Env, Value, char*, size_t, size_t*);
extern int napi_is_typedarray(Env, Value, bool*);
extern int napi_get_typedarray_info(Env, Value, int*, size_t*, void**, Value*, size_t*);

enum { INT32_ARRAY = 5, TF_FLOAT = 1, TF_INT32 = 3, OPERATIONS = 64 };

typedef struct {
  int code;
  char message[256];
} Status;
typedef struct {
  int type;
  int64_t count;
  void* data;
} Tensor;
typedef struct {
  const void* data;
  size_t length;
  void (*free)(void*, size_t);
} Buffer;
typedef struct {
  const char* geometry;
  Status status;
} Construction;
typedef struct {
  Tensor in[3], out[2];
  Status status;
} Call;
typedef struct {
  char name[64];
  void* (*create)(Construction*);
  void (*compute)(void*, Call*);
  void (*delete)(void*);
} Kernel;

static int live;
static Kernel kernels[OPERATIONS];
static int kernel_count;

static void* made(size_t size) {
  live++;
  return calloc(1, size);
}
static void deleted(void* thing) {
  live--;
  free(thing);
}

EXPORT const char* TF_Version(void) { return "2.0.0-stub"; }
EXPORT Status* TF_NewStatus(void) { return made(sizeof(Status)); }
EXPORT void TF_DeleteStatus(Status* s) { deleted(s); }
EXPORT int TF_GetCode(const Status* s) { return s->code; }
EXPORT void TF_SetStatus(Status* s, int code, const char* message) {
  s->code = code;
  strncpy(s->message, message, sizeof s->message - 1);
}

EXPORT void* TF_TensorData(const Tensor* t) { return t->data; }
EXPORT int64_t TF_TensorElementCount(const Tensor* t) { return t->count; }
EXPORT int TF_TensorType(const Tensor* t) { return t->type; }
EXPORT void TF_DeleteTensor(Tensor* t) { deleted(t); }
EXPORT void TF_DeleteBuffer(Buffer* b) { deleted(b); }

EXPORT Buffer* TF_GetRegisteredKernelsForOp(const char* name, Status* s) {
  (void)s;
  Buffer* buffer = made(sizeof *buffer);
  for (int i = 0; i < kernel_count; i++) buffer->length += strcmp(kernels[i].name, name) == 0;
  return buffer;
}

EXPORT char* TF_NewOpDefinitionBuilder(const char* name) { return strcpy(made(strlen(name) + 1), name); }
EXPORT void TF_OpDefinitionBuilderAddAttr(char* d, const char* text) { (void)d, (void)text; }
EXPORT void TF_OpDefinitionBuilderAddInput(char* d, const char* text) { (void)d, (void)text; }
EXPORT void TF_OpDefinitionBuilderAddOutput(char* d, const char* text) { (void)d, (void)text; }
EXPORT void TF_OpDefinitionBuilderSetShapeInferenceFunction(char* d, void (*f)(void*, Status*)) { (void)d, (void)f; }
EXPORT void TF_RegisterOpDefinition(char* d, Status* s) {
  (void)s;
  deleted(d);
}
EXPORT void TF_ShapeInferenceContextSetUnknownShape(void* shapes, Status* s) { (void)shapes, (void)s; }

EXPORT Kernel* TF_NewKernelBuilder(const char* name, const char* device, void* (*create)(Construction*),
                                   void (*compute)(void*, Call*), void (*delete)(void*)) {
  (void)device;
  Kernel* kernel = made(sizeof *kernel);
  strncpy(kernel->name, name, sizeof kernel->name - 1);
  kernel->create = create, kernel->compute = compute, kernel->delete = delete;
  return kernel;
}
EXPORT void TF_RegisterKernelBuilder(const char* name, Kernel* kernel, Status* s) {
  (void)name;
  if (kernel_count == OPERATIONS) TF_SetStatus(s, 8, "stub: too many operations");
  else kernels[kernel_count++] = *kernel;
  deleted(kernel);
}

EXPORT void TF_OpKernelConstruction_GetAttrSize(Construction* c, const char* name, int32_t* list, int32_t* total, Status* s) {
  if (strcmp(name, "geometry")) TF_SetStatus(s, 3, "stub: no such attribute");
  *list = -1;
  *total = (int32_t)strlen(c->geometry);
}
EXPORT void TF_OpKernelConstruction_GetAttrString(Construction* c, const char* name, char* text, size_t length, Status* s) {
  (void)name, (void)s;
  memcpy(text, c->geometry, length);
}
EXPORT void TF_OpKernelConstruction_Failure(Construction* c, Status* s) { c->status = *s; }
EXPORT void TF_OpKernelContext_Failure(Call* c, Status* s) { c->status = *s; }

static Tensor* shared(const Tensor* of) {
  Tensor* tensor = made(sizeof *tensor);
  *tensor = *of;
  return tensor;
}
EXPORT void TF_GetInput(Call* c, int index, Tensor** tensor, Status* s) {
  if (c->in[index].data) *tensor = shared(&c->in[index]);
  else TF_SetStatus(s, 3, "stub: no such input");
}
/* The output's memory is that of the JavaScript array, if it is of that size. */
EXPORT Tensor* TF_AllocateOutput(Call* c, int index, int type, const int64_t* shape, int rank, size_t bytes, Status* s) {
  int64_t count = 1;
  for (int i = 0; i < rank; i++) count *= shape[i];
  const Tensor* out = &c->out[index];
  if (out->data && out->type == type && out->count == count && bytes == (size_t)count * 4) return shared(out);
  TF_SetStatus(s, 3, "stub: another output than expected");
  return 0;
}

static Value fail(Env env, const char* message) {
  napi_throw_error(env, 0, message);
  return 0;
}

static Tensor tensor_of(Env env, Value value) {
  Tensor t = {0, 0, 0};
  bool is_array = false;
  int type = 0;
  size_t length = 0;
  if (napi_is_typedarray(env, value, &is_array) || !is_array) return t;
  napi_get_typedarray_info(env, value, &type, &length, &t.data, 0, 0);
  t.type = type == INT32_ARRAY ? TF_INT32 : TF_FLOAT;
  t.count = (int64_t)length;
  return t;
}

static const Kernel* kernel_named(const char* end) {
  for (int i = 0; i < kernel_count; i++) {
    const size_t length = strlen(kernels[i].name), wanted = strlen(end);
    if (length >= wanted && strcmp(kernels[i].name + length - wanted, end) == 0) return &kernels[i];
  }
  return 0;
}

static Value execute(Env env, Info info) {
  Value a[7];
  size_t count = 7, length = 0;
  char operation[64] = "", geometry[1024] = "";
  napi_get_cb_info(env, info, &count, a, 0, 0);
  napi_get_value_string_utf8(env, a[0], operation, sizeof operation, &length);
  napi_get_value_string_utf8(env, a[1], geometry, sizeof geometry, &length);
  const Kernel* kernel = kernel_named(operation);
  if (!kernel) return fail(env, "stub: no such operation");
  Construction construction = {geometry, {0, ""}};
  void* state = kernel->create(&construction);
  if (construction.status.code) return fail(env, construction.status.message);
  Call call = {{tensor_of(env, a[2]), tensor_of(env, a[3]), tensor_of(env, a[6])}, {tensor_of(env, a[4]), tensor_of(env, a[5])}, {0, ""}};
  kernel->compute(state, &call);
  kernel->delete(state);
  return call.status.code ? fail(env, call.status.message) : 0;
}

static Value live_(Env env, Info info) {
  (void)info;
  Value value = 0;
  napi_create_int32(env, live, &value);
  return value;
}

EXPORT int32_t node_api_module_get_api_version_v1(void) { return 8; }

EXPORT Value napi_register_module_v1(Env env, Value exports) {
  Value function = 0;
  napi_create_function(env, "execute", (size_t)-1, execute, 0, &function);
  napi_set_named_property(env, exports, "execute", function);
  napi_create_function(env, "live", (size_t)-1, live_, 0, &function);
  napi_set_named_property(env, exports, "live", function);
  return exports;
}
