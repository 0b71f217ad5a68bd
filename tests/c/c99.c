/* The C interface as a program in C99 uses it. */
#include "tests/c/c99.h"

#include <fovea/fovea_c.h>
#include <stdlib.h>

#define CHECK(condition)               \
  do {                                 \
    if (!(condition)) return __LINE__; \
  } while (0)

static int run(const fovea_session* session, fovea_session* same, size_t floats, size_t outputs, float* first) {
  float* input = malloc(floats * sizeof *input);
  float* output = malloc(outputs * sizeof *output);
  fovea_status status = FOVEA_OUT_OF_MEMORY;
  int32_t batch = 0;
  size_t i;
  if (input != NULL && output != NULL) {
    for (i = 0; i < floats; ++i) input[i] = (float)(i % 7) / 7.0f;
    status = fovea_session_predict(same, 1, input, floats, output, outputs);
    if (status == FOVEA_OK) *first = output[0];
  }
  free(input);
  free(output);
  CHECK(status == FOVEA_OK);
  CHECK(fovea_session_max_batch(session, &batch) == FOVEA_OK && batch == 1);
  return 0;
}

int c99_run(const char* path, float* first) {
  fovea_model_options options = FOVEA_MODEL_OPTIONS_INIT;
  fovea_tensor input = FOVEA_TENSOR_INIT, output = FOVEA_TENSOR_INIT;
  fovea_session_options session_options = FOVEA_SESSION_OPTIONS_INIT;
  fovea_model* model = NULL;
  fovea_session* session = NULL;
  int failed;
  options.arithmetic = FOVEA_ARITHMETIC_FAST;
  session_options.threads = 1;
  CHECK(fovea_model_load(path, &options, &model) == FOVEA_OK);
  CHECK(fovea_model_input(model, 0, &input) == FOVEA_OK && input.shape.rank == 3);
  CHECK(fovea_model_output(model, 0, &output) == FOVEA_OK);
  CHECK(fovea_session_create(model, &session_options, &session) == FOVEA_OK);
  CHECK(fovea_model_free(model) == FOVEA_OK);
  failed = run(session, session, (size_t)input.elements, (size_t)output.elements, first);
  CHECK(fovea_session_free(session) == FOVEA_OK);
  return failed;
}

static int is_plain(const void* data, size_t size) {
  const unsigned char* bytes = data;
  size_t i;
  if (*(const size_t*)data != size) return 0;
  for (i = sizeof(size_t); i < size; ++i) {
    if (bytes[i] != 0) return 0;
  }
  return 1;
}

int c99_inits(void) {
  fovea_model_options model_options = FOVEA_MODEL_OPTIONS_INIT;
  fovea_executor_options executor_options = FOVEA_EXECUTOR_OPTIONS_INIT;
  fovea_tensor tensor = FOVEA_TENSOR_INIT;
  fovea_session_options session_options = FOVEA_SESSION_OPTIONS_INIT;
  fovea_picture picture = FOVEA_PICTURE_INIT;
  fovea_grade grade = FOVEA_GRADE_INIT;
  fovea_heat_map_size size = FOVEA_HEAT_MAP_SIZE_INIT;
  fovea_facts facts = FOVEA_FACTS_INIT;
  fovea_layer layer = FOVEA_LAYER_INIT;
  CHECK(is_plain(&model_options, sizeof model_options));
  CHECK(is_plain(&executor_options, sizeof executor_options));
  CHECK(is_plain(&tensor, sizeof tensor));
  CHECK(is_plain(&session_options, sizeof session_options));
  CHECK(is_plain(&picture, sizeof picture));
  CHECK(is_plain(&grade, sizeof grade));
  CHECK(is_plain(&size, sizeof size));
  CHECK(is_plain(&facts, sizeof facts));
  CHECK(is_plain(&layer, sizeof layer));
  return 0;
}
