/*
 * Our kernels as operations of TensorFlow, by the part of its C API that plugins use (tensorflow/c/ops.h, kernels.h). The
 * functions are looked up in the library that is loaded already; no header and no library of TensorFlow is needed to compile.
 */
#define _GNU_SOURCE
#include "operations.h"
#include "platform.h"
#include "share.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#if defined(__APPLE__)
#include <mach-o/dyld.h>
#else
#include <link.h>
#endif

typedef struct Status Status;
typedef struct Tensor Tensor;
typedef struct Definition Definition;
typedef struct KernelBuilder KernelBuilder;
typedef struct Construction Construction;
typedef struct Call Call;
typedef struct Shapes Shapes;
typedef struct {
  const void* data;
  size_t length;
  void (*free)(void*, size_t);
} Buffer;

/* From TensorFlow's tf_datatype.h and tf_status.h. */
enum { TF_FLOAT = 1, TF_INT32 = 3 };
enum { TF_OK = 0, TF_INVALID_ARGUMENT = 3, TF_RESOURCE_EXHAUSTED = 8 };

/* What is used of it: result, name, arguments. */
#define FUNCTIONS(f)                                                                                                    \
  f(const char*, TF_Version, (void))                                                                                    \
  f(Status*, TF_NewStatus, (void))                                                                                      \
  f(void, TF_DeleteStatus, (Status*))                                                                                   \
  f(int, TF_GetCode, (const Status*))                                                                                   \
  f(void, TF_SetStatus, (Status*, int, const char*))                                                                    \
  f(void*, TF_TensorData, (const Tensor*))                                                                              \
  f(int64_t, TF_TensorElementCount, (const Tensor*))                                                                    \
  f(int, TF_TensorType, (const Tensor*))                                                                                \
  f(void, TF_DeleteTensor, (Tensor*))                                                                                   \
  f(void, TF_DeleteBuffer, (Buffer*))                                                                                   \
  f(Buffer*, TF_GetRegisteredKernelsForOp, (const char*, Status*))                                                      \
  f(Definition*, TF_NewOpDefinitionBuilder, (const char*))                                                              \
  f(void, TF_OpDefinitionBuilderAddAttr, (Definition*, const char*))                                                    \
  f(void, TF_OpDefinitionBuilderAddInput, (Definition*, const char*))                                                   \
  f(void, TF_OpDefinitionBuilderAddOutput, (Definition*, const char*))                                                  \
  f(void, TF_OpDefinitionBuilderSetShapeInferenceFunction, (Definition*, void (*)(Shapes*, Status*)))                   \
  f(void, TF_RegisterOpDefinition, (Definition*, Status*))                                                              \
  f(void, TF_ShapeInferenceContextSetUnknownShape, (Shapes*, Status*))                                                  \
  f(KernelBuilder*, TF_NewKernelBuilder,                                                                                \
    (const char*, const char*, void* (*)(Construction*), void (*)(void*, Call*), void (*)(void*)))                      \
  f(void, TF_RegisterKernelBuilder, (const char*, KernelBuilder*, Status*))                                             \
  f(void, TF_OpKernelConstruction_GetAttrSize, (Construction*, const char*, int32_t*, int32_t*, Status*))         \
  f(void, TF_OpKernelConstruction_GetAttrString, (Construction*, const char*, char*, size_t, Status*))                  \
  f(void, TF_OpKernelConstruction_Failure, (Construction*, Status*))                                                    \
  f(void, TF_OpKernelContext_Failure, (Call*, Status*))                                                                 \
  f(void, TF_GetInput, (Call*, int, Tensor**, Status*))                                                                 \
  f(Tensor*, TF_AllocateOutput, (Call*, int, int, const int64_t*, int, size_t, Status*))
#define DECLARE(result, name, arguments) static result(*name) arguments;
FUNCTIONS(DECLARE)

/* Kernels know their sizes when they are made: TensorFlow keeps one for each text that the attribute has had. */
static void* make_kernel(Construction* construction) {
  Status* status = TF_NewStatus();
  Geometry* g = malloc(sizeof *g);
  int32_t is_list = 0, length = 0;
  char* text = 0;
  TF_OpKernelConstruction_GetAttrSize(construction, "geometry", &is_list, &length, status);
  if (TF_GetCode(status) == TF_OK && length >= 0 && (text = malloc((size_t)length + 1))) {
    TF_OpKernelConstruction_GetAttrString(construction, "geometry", text, (size_t)length, status);
    text[length] = 0;
  }
  if (TF_GetCode(status) == TF_OK && (!g || !text)) TF_SetStatus(status, TF_RESOURCE_EXHAUSTED, "pooling: out of memory");
  if (TF_GetCode(status) == TF_OK && !read_geometry(g, text)) TF_SetStatus(status, TF_INVALID_ARGUMENT, "pooling: no such geometry");
  if (TF_GetCode(status) != TF_OK) {
    TF_OpKernelConstruction_Failure(construction, status);
    free(g);
    g = 0;
  }
  free(text);
  TF_DeleteStatus(status);
  return g;
}

/* Input `index`, if it has so many elements. */
static Tensor* input(Call* call, int index, int type, int64_t elements, Status* status) {
  Tensor* tensor = 0;
  if (TF_GetCode(status) != TF_OK) return 0;
  TF_GetInput(call, index, &tensor, status);
  if (TF_GetCode(status) == TF_OK && (TF_TensorType(tensor) != type || TF_TensorElementCount(tensor) != elements))
    TF_SetStatus(status, TF_INVALID_ARGUMENT, "pooling: a tensor of another size than the geometry's");
  return tensor;
}

static Tensor* output(Call* call, int index, int type, const int64_t* shape, int64_t rank, int64_t elements, Status* status) {
  if (TF_GetCode(status) != TF_OK) return 0;
  return TF_AllocateOutput(call, index, type, shape, (int)rank, (size_t)elements * 4, status);
}

static void compute(void* kernel, Call* call, enum Kind kind, int is_float, int with_argmax) {
  const Geometry* g = kernel;
  if (!g) return;
  Job job = {.kind = kind, .is_float = is_float, .g = g};
  const int backward = is_backward(&job), slope = is_slope(&job), type = is_float ? TF_FLOAT : TF_INT32;
  const int64_t x = x_elements(g), y = y_elements(g);
  Status* status = TF_NewStatus();
  if (g->is_fitted && kind >= NORM_2) TF_SetStatus(status, TF_INVALID_ARGUMENT, "pooling: no norms of fitted windows");
  Tensor* given = slope ? input(call, 0, type, x, status) : 0;
  Tensor* in = input(call, slope ? 2 : 0, type, backward ? y : x, status);
  Tensor* argmax = slope || has_argmax(&job) ? input(call, 1, slope ? type : TF_INT32, y, status) : 0;
  Tensor* out = backward ? output(call, 0, type, g->x_shape, g->x_rank, x, status)
                         : output(call, 0, type, g->y_shape, g->y_rank, y, status);
  Tensor* winners = with_argmax ? output(call, 1, TF_INT32, g->y_shape, g->y_rank, y, status) : 0;
  if (TF_GetCode(status) == TF_OK) {
    job.in = TF_TensorData(in);
    job.out = TF_TensorData(out);
    if (given) job.x = TF_TensorData(given);
    if (argmax) job.argmax = TF_TensorData(argmax);
    if (winners) job.winners = TF_TensorData(winners);
    if (!do_job(&job)) TF_SetStatus(status, TF_RESOURCE_EXHAUSTED, "pooling: out of memory");
  }
  if (TF_GetCode(status) != TF_OK) TF_OpKernelContext_Failure(call, status);
  Tensor* const all[] = {given, in, argmax, out, winners};
  for (int i = 0; i < 5; i++)
    if (all[i]) TF_DeleteTensor(all[i]);
  TF_DeleteStatus(status);
}

/* Name, inputs and outputs, and what `compute` is to do. */
#define OPERATIONS(f)                                                                                             \
  f(MaxPoolFloat, IN("x: float"), OUT("y: float"), MAX_POOL, 1, 0)                                                \
  f(MaxPoolInt, IN("x: int32"), OUT("y: int32"), MAX_POOL, 0, 0)                                                  \
  f(MaxPoolArgmaxFloat, IN("x: float"), OUT("y: float", "argmax: int32"), MAX_POOL, 1, 1)                         \
  f(MaxPoolArgmaxInt, IN("x: int32"), OUT("y: int32", "argmax: int32"), MAX_POOL, 0, 1)                           \
  f(ScatterArgmaxFloat, IN("dy: float", "argmax: int32"), OUT("dx: float"), SCATTER, 1, 0)                        \
  f(ScatterArgmaxInt, IN("dy: int32", "argmax: int32"), OUT("dx: int32"), SCATTER, 0, 0)                          \
  f(GatherArgmaxFloat, IN("x: float", "argmax: int32"), OUT("y: float"), GATHER, 1, 0)                            \
  f(GatherArgmaxInt, IN("x: int32", "argmax: int32"), OUT("y: int32"), GATHER, 0, 0)                              \
  f(AveragePoolFloat, IN("x: float"), OUT("y: float"), AVERAGE, 1, 0)                                             \
  f(AverageSpreadFloat, IN("dy: float"), OUT("dx: float"), SPREAD, 1, 0)                                          \
  f(LpPool2Float, IN("x: float"), OUT("y: float"), NORM_2, 1, 0)                                                  \
  f(LpPool3Float, IN("x: float"), OUT("y: float"), NORM_3, 1, 0)                                                  \
  f(LpPoolGradient2Float, IN("x: float", "y: float", "dy: float"), OUT("dx: float"), SLOPE_2, 1, 0)               \
  f(LpPoolGradient3Float, IN("x: float", "y: float", "dy: float"), OUT("dx: float"), SLOPE_3, 1, 0)
#define IN(...) {__VA_ARGS__, 0}
#define OUT(...) {__VA_ARGS__, 0}
#define COMPUTE(name, in, out, kind, is_float, with_argmax) \
  static void compute_##name(void* kernel, Call* call) { compute(kernel, call, kind, is_float, with_argmax); }
OPERATIONS(COMPUTE)

/* The number changes whenever what operations get or give does: two versions of this package may be in one process. */
#define PREFIX "TfjsIm2ColPooling2"
typedef struct {
  const char *name, *in[4], *out[3];
  void (*compute)(void*, Call*);
} Operation;
#define ENTRY(name, in, out, kind, is_float, with_argmax) {PREFIX #name, in, out, compute_##name},
static const Operation operations[] = {OPERATIONS(ENTRY)};

static void any_shape(Shapes* shapes, Status* status) { TF_ShapeInferenceContextSetUnknownShape(shapes, status); }

static int register_one(const Operation* o, Status* status) {
  /* Another copy of this module may have done so. TensorFlow ends the process where a name comes twice. */
  Buffer* kernels = TF_GetRegisteredKernelsForOp(o->name, status);
  const int is_there = TF_GetCode(status) == TF_OK && kernels->length > 0;
  if (kernels) TF_DeleteBuffer(kernels);
  if (is_there || TF_GetCode(status) != TF_OK) return is_there;
  Definition* definition = TF_NewOpDefinitionBuilder(o->name);
  for (const char* const* in = o->in; *in; in++) TF_OpDefinitionBuilderAddInput(definition, *in);
  for (const char* const* out = o->out; *out; out++) TF_OpDefinitionBuilderAddOutput(definition, *out);
  TF_OpDefinitionBuilderAddAttr(definition, "geometry: string");
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, any_shape);
  TF_RegisterOpDefinition(definition, status);
  if (TF_GetCode(status) != TF_OK) return 0;
  KernelBuilder* builder = TF_NewKernelBuilder(o->name, "CPU", make_kernel, o->compute, free);
  TF_RegisterKernelBuilder(o->name, builder, status);
  return TF_GetCode(status) == TF_OK;
}

/* The library: the one whose name speaks of TensorFlow and that has these functions. */
static void* library;
static int libraries;

static void look_at(const char* name) {
  if (!name || !strstr(name, "tensorflow")) return;
  void* handle = dlopen(name, RTLD_LAZY | RTLD_NOLOAD);
  if (!handle) return;
  void* found = dlsym(handle, "TF_RegisterKernelBuilder");
  /* Libraries that link to it find it as well. */
  if (found && (!library || dlsym(library, "TF_RegisterKernelBuilder") != found)) {
    library = handle;
    libraries++;
  }
}

#if !defined(__APPLE__)
static int look_at_loaded(struct dl_phdr_info* info, size_t size, void* nothing) {
  (void)size, (void)nothing;
  look_at(info->dlpi_name);
  return 0;
}
#endif

static const char* find_functions(void) {
#if defined(__APPLE__)
  for (uint32_t i = 0; i < _dyld_image_count(); i++) look_at(_dyld_get_image_name(i));
#else
  dl_iterate_phdr(look_at_loaded, 0);
#endif
  if (!library) return "TensorFlow is not loaded, or its library has no kernel API";
  if (libraries > 1) return "more than one TensorFlow is loaded";
#define FIND(result, name, arguments) \
  if (!(*(void**)&name = dlsym(library, #name))) return "TensorFlow has no function " #name;
  FUNCTIONS(FIND)
  return 0;
}

static pthread_mutex_t registering = PTHREAD_MUTEX_INITIALIZER;
static int is_registered;

const char* register_operations(const char** version) {
  const char* problem = 0;
  pthread_mutex_lock(&registering);
  if (!is_registered) {
    library = 0;
    libraries = 0;
    problem = find_functions();
    /* TensorFlow keeps our functions: this library must stay, though Node unloads addons that only workers used. */
    Dl_info self;
    if (!problem && !(dladdr((const void*)operations, &self) && dlopen(self.dli_fname, RTLD_LAZY | RTLD_NODELETE)))
      problem = "this module cannot be kept loaded";
    if (!problem && strncmp(TF_Version(), "2.", 2)) problem = "TensorFlow's version is not 2";
    Status* status = problem ? 0 : TF_NewStatus();
    for (size_t i = 0; !problem && i < sizeof operations / sizeof *operations; i++)
      if (!register_one(&operations[i], status)) problem = "TensorFlow refuses an operation";
    if (status) TF_DeleteStatus(status);
    is_registered = !problem;
  }
  if (!problem) *version = TF_Version();
  pthread_mutex_unlock(&registering);
  return problem;
}
