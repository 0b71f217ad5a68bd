/* fovea's C interface: load a model, prepare pictures, run, decide, explain. C99 and C++; libfovea exports it under the
 * symbol version FOVEA_1, and what stands here stays as it is from 0.2 on (docs/c-api.md says what may be added).
 *
 * Handles are opaque and are checked: a handle that is NULL, of another kind or was freed gives FOVEA_INVALID_HANDLE.
 * They are no addresses; do not look into them. Every `..._free` takes NULL. What was made of a model or a card (a
 * session, a heat map, the text of an error) does not need its handle: free them in any order.
 *
 * Structs begin with their size. Start each with its ..._INIT, or with zeros and `struct_size = sizeof(the struct)`:
 * zero is the default of every field. A program that was compiled with an older header gives a smaller struct, and what
 * it does not know stays at its default; a larger one, of a later header, is refused if it sets what this libfovea does
 * not know. Pointers to options may be NULL: all defaults.
 *
 * Errors: a function that can fail returns fovea_status, and fovea_last_error() says in one line what was wrong, for
 * this thread. No exception leaves a function, and none ends the process; a function that fails has changed nothing but
 * what its comment says, and has set the handle that it would have made to NULL.
 *
 * Threads: models, cards, heat maps, infos, executors and cancels may be used by any number of threads at once, a
 * session or anything that is being changed or freed by one. Texts are UTF-8 as the file has them, end with a zero byte
 * and live as long as the handle that they were asked of. Values are float32. Layouts are row-major, the last dimension
 * contiguous: a picture for the network is [height][width][channels].
 */
#ifndef FOVEA_FOVEA_C_H
#define FOVEA_FOVEA_C_H
/* Names are those of C. NOLINTBEGIN(readability-identifier-naming) */

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define FOVEA_C_API __attribute__((visibility("default")))
#else
#define FOVEA_C_API
#endif

#ifdef __cplusplus
#define FOVEA_C_NOEXCEPT noexcept
extern "C" {
#else
#define FOVEA_C_NOEXCEPT
#endif

/* ---- Errors and version ---- */

/** What a call came to. */
typedef enum fovea_status {
  FOVEA_OK = 0,
  FOVEA_INVALID_ARGUMENT = 1, /**< a call that can never be right: NULL, a size, an index, a value out of range */
  FOVEA_INVALID_HANDLE = 2,   /**< the handle is NULL, of another kind, or was freed */
  FOVEA_REFUSED = 3,          /**< a file, a card, a picture or a model is not what it should be */
  FOVEA_UNSUPPORTED = 4,      /**< the model uses what this version cannot run; the error lists all of it */
  FOVEA_OUT_OF_MEMORY = 5,    /**< nothing was done */
  FOVEA_CANCELLED = 6,        /**< someone cancelled it */
  FOVEA_INTERNAL = 7          /**< a fault of fovea's own: please report it */
} fovea_status;

/** "0.2.0" */
FOVEA_C_API const char* fovea_version(void) FOVEA_C_NOEXCEPT;

/** "FOVEA_OK" and so on; "unknown status" for any other number. Never NULL. */
FOVEA_C_API const char* fovea_status_name(fovea_status status) FOVEA_C_NOEXCEPT;

/** One line about the last call of this thread that failed, naming the file or argument, the place and the reason; ""
 * before the first. Valid until the next call of this thread that fails. Never NULL. A text of more than 4000 bytes
 * ends with " ...". */
FOVEA_C_API const char* fovea_last_error(void) FOVEA_C_NOEXCEPT;

/** Handles that were made and not freed, of all kinds: what a program forgot. There may be 65,535 at once. */
FOVEA_C_API size_t fovea_live_handles(void) FOVEA_C_NOEXCEPT;

/** Threads this process may use: CPU affinity and the cgroup's quota, at least 1. */
FOVEA_C_API int32_t fovea_allowed_threads(void) FOVEA_C_NOEXCEPT;

/** Instruction set `index` of those usable on this machine, best first ("avx512", "avx2", "portable"); NULL behind the
 * last. Static. */
FOVEA_C_API const char* fovea_available_isa(size_t index) FOVEA_C_NOEXCEPT;

/* ---- Whose threads compute, and ending what they do ---- */

/** Who shares the loops of a network where the host brings no executor. No bit of a result depends on it. */
typedef enum fovea_threading {
  FOVEA_THREADING_AUTOMATIC = 0, /**< a session: as its model was loaded; a load: FOVEA_THREADING of the environment */
  FOVEA_THREADING_TEAM = 1,      /**< threads of fovea's own for each session; goes on in a process made by fork */
  FOVEA_THREADING_OPENMP = 2     /**< OpenMP's pool, if fovea was built with it; not in a process made by fork */
} fovea_threading;

/** A piece of work that an executor runs: to be copied at will. Its fields are fovea's own. */
typedef struct fovea_task {
  void* state;
  uint64_t loop;
} fovea_task;

/** Runs number `index` of a task on the calling thread. Called when it is no longer wanted, even long after its session
 * is gone, it does nothing but note the mistake. */
FOVEA_C_API void fovea_task_run(fovea_task task, int32_t index) FOVEA_C_NOEXCEPT;

/** The host's threads, for any number of sessions and loads. */
typedef struct fovea_executor fovea_executor;

typedef struct fovea_executor_options {
  size_t struct_size; /**< sizeof(fovea_executor_options) */
  void* data;         /**< given to both functions */
  /** Calls fovea_task_run(task, 0) to fovea_task_run(task, tasks - 1), each once, on whatever threads, and returns when
   * all have returned. Called from the thread that runs the session or loads, up to some hundred times a run; from
   * several at once where several sessions share the executor. Tasks left out or run twice are FOVEA_INVALID_ARGUMENT
   * of that run, or FOVEA_REFUSED of that load. */
  void (*run)(void* data, int32_t tasks, fovea_task task);
  void (*release)(void* data); /**< may be NULL: called once, when the executor and all that uses it are gone */
  int32_t threads;             /**< how many tasks can run at the same time, the caller's included: 1 to 1024 */
  int32_t reserved;            /**< 0 */
} fovea_executor_options;
#define FOVEA_EXECUTOR_OPTIONS_INIT \
  { sizeof(fovea_executor_options), NULL, NULL, NULL, 0, 0 }

FOVEA_C_API fovea_status fovea_executor_create(const fovea_executor_options* options,
                                               fovea_executor** executor) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_executor_free(fovea_executor* executor) FOVEA_C_NOEXCEPT;

/** Ends the loads and runs that it is given to, from any thread: they come back with FOVEA_CANCELLED, within
 * milliseconds as a rule. It stays cancelled: what comes after takes a new one. */
typedef struct fovea_cancel fovea_cancel;
FOVEA_C_API fovea_status fovea_cancel_create(fovea_cancel** cancel) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_cancel_now(fovea_cancel* cancel) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_cancel_free(fovea_cancel* cancel) FOVEA_C_NOEXCEPT;

/** Told the share of a load that is done, rising from 0 to 1, by the thread that loads. */
typedef void (*fovea_progress)(void* data, double share);

/* ---- Models ---- */

/** A network ready to run. Immutable: any number of threads and sessions share one. */
typedef struct fovea_model fovea_model;

/** Which arithmetic a model may use. The bits depend on nothing but model and choice. */
typedef enum fovea_arithmetic {
  FOVEA_ARITHMETIC_FAST = 0,  /**< 3x3 convolutions may be computed by Winograd's algorithms */
  FOVEA_ARITHMETIC_DIRECT = 1 /**< every convolution by its definition, in a fixed order */
} fovea_arithmetic;

typedef struct fovea_model_options {
  size_t struct_size;       /**< sizeof(fovea_model_options) */
  const char* isa;          /**< instruction set by name; NULL or "" = environment FOVEA_ISA, or the best available */
  const char* architecture; /**< of a weights-only file, by name: "resnet50", "resnet50-notop"; NULL or "" = none */
  const char* config_file;  /**< or as JSON of Keras' to_json; NULL or "" = FILE's name with .json, if it is one */
  const char* layers_file;  /**< JSON that says what to run in place of layers (docs/layers.md); NULL or "" = none */
  int64_t input_height;     /**< of the input, where the model leaves it open; 0 = not given */
  int64_t input_width;      /**< likewise; of rows, their length */
  fovea_arithmetic arithmetic;
  int32_t resizable;         /**< not 0: keep the file's weights for fovea_model_resized, that much more memory */
  fovea_threading threading; /**< of the load, and of sessions that say nothing */
  int32_t threads;           /**< of the load, up to 1024; 0 = the executor's, or fovea_allowed_threads() */
  fovea_executor* executor;  /**< the host's threads, in place of `threading`; NULL = none */
  fovea_cancel* cancel;      /**< NULL = nobody cancels the load */
  fovea_progress progress;   /**< NULL = nobody is told */
  void* progress_data;       /**< given to `progress` */
} fovea_model_options;
#define FOVEA_MODEL_OPTIONS_INIT                                                                                       \
  {                                                                                                                    \
    sizeof(fovea_model_options), NULL, NULL, NULL, NULL, 0, 0, FOVEA_ARITHMETIC_FAST, 0, FOVEA_THREADING_AUTOMATIC, 0, \
        NULL, NULL, NULL, NULL                                                                                         \
  }

/** Dimensions of an input or output without the batch: {H, W, C} of a picture, {N} of a vector. */
#define FOVEA_MOST_DIMENSIONS 6
typedef struct fovea_shape {
  int32_t rank; /**< dimensions in use; 0 = one number */
  int32_t reserved;
  int64_t dims[FOVEA_MOST_DIMENSIONS]; /**< positive; 0 behind the last */
} fovea_shape;

/** One input or output of a model. */
typedef struct fovea_tensor {
  size_t struct_size; /**< sizeof(fovea_tensor) */
  const char* name;   /**< of its layer in the file; lives as long as the model's handle */
  fovea_shape shape;  /**< of one image */
  int64_t elements;   /**< floats of one image */
} fovea_tensor;
#define FOVEA_TENSOR_INIT \
  { sizeof(fovea_tensor), NULL, {0, 0, {0, 0, 0, 0, 0, 0}}, 0 }

/** Loads a model file, told apart by content, and makes it ready: graph, packed weights, memory plan. FOVEA_REFUSED for
 * a file that cannot be read or is not what it should be, FOVEA_UNSUPPORTED for layers that this version does not know.
 */
FOVEA_C_API fovea_status fovea_model_load(const char* path, const fovea_model_options* options,
                                          fovea_model** model) FOVEA_C_NOEXCEPT;

/** The same for a file in memory, called `name` in messages and records. The bytes are needed during the call only. No
 * file is looked for beside it. */
FOVEA_C_API fovea_status fovea_model_load_memory(const void* data, size_t bytes, const char* name,
                                                 const fovea_model_options* options,
                                                 fovea_model** model) FOVEA_C_NOEXCEPT;

/** The same network for inputs of other sizes, `count` shapes in the order of the model's inputs; the answers are those
 * of a model loaded at that size, to the bit. FOVEA_REFUSED unless the model was loaded as resizable and its layers
 * take the sizes. */
FOVEA_C_API fovea_status fovea_model_resized(const fovea_model* model, const fovea_shape* inputs, size_t count,
                                             fovea_model** resized) FOVEA_C_NOEXCEPT;

FOVEA_C_API fovea_status fovea_model_free(fovea_model* model) FOVEA_C_NOEXCEPT;

/** Number of inputs and of outputs, in the file's order; most models have one of each. */
FOVEA_C_API fovea_status fovea_model_input_count(const fovea_model* model, size_t* count) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_model_output_count(const fovea_model* model, size_t* count) FOVEA_C_NOEXCEPT;

/** Name and shape of input or output `index`. */
FOVEA_C_API fovea_status fovea_model_input(const fovea_model* model, size_t index,
                                           fovea_tensor* input) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_model_output(const fovea_model* model, size_t index,
                                            fovea_tensor* output) FOVEA_C_NOEXCEPT;

/** The number of the input or output of this name. FOVEA_REFUSED if there is none. */
FOVEA_C_API fovea_status fovea_model_find_input(const fovea_model* model, const char* name,
                                                size_t* index) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_model_find_output(const fovea_model* model, const char* name,
                                                 size_t* index) FOVEA_C_NOEXCEPT;

/* ---- Sessions ---- */

/** One stream of inferences over a model, with buffers of its own. Used by one thread at a time. */
typedef struct fovea_session fovea_session;

typedef struct fovea_session_options {
  size_t struct_size;            /**< sizeof(fovea_session_options) */
  int32_t max_batch;             /**< largest number of images in one run, up to 65536; 0 = 1 */
  int32_t threads;               /**< up to 1024; 0 = fovea_allowed_threads() */
  int32_t keep_last_convolution; /**< not 0: keep what a heat map reads; costs that memory, no bits */
  fovea_threading threading;
  fovea_executor* executor; /**< the host's threads, in place of `threading`; NULL = none said: as the model's */
} fovea_session_options;
#define FOVEA_SESSION_OPTIONS_INIT \
  { sizeof(fovea_session_options), 0, 0, 0, FOVEA_THREADING_AUTOMATIC, NULL }

FOVEA_C_API fovea_status fovea_session_create(const fovea_model* model, const fovea_session_options* options,
                                              fovea_session** session) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_session_free(fovea_session* session) FOVEA_C_NOEXCEPT;

FOVEA_C_API fovea_status fovea_session_max_batch(const fovea_session* session, int32_t* max_batch) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_session_threads(const fovea_session* session, int32_t* threads) FOVEA_C_NOEXCEPT;

/** Copies `batch` images in, runs them and copies the results out: for models of one input and one output.
 * `input_floats` is batch times the elements of the input, `output_floats` of the output; anything else is
 * FOVEA_INVALID_ARGUMENT and nothing runs. `input` is [batch][H][W][C], `output` [batch][elements]; they may not
 * overlap. Allocates nothing. */
FOVEA_C_API fovea_status fovea_session_predict(fovea_session* session, int32_t batch, const float* input,
                                               size_t input_floats, float* output,
                                               size_t output_floats) FOVEA_C_NOEXCEPT;

/** The same in parts, for several inputs and outputs: set each input, run, get the outputs. `index` says which input or
 * output, `floats` is batch times its elements. Inputs stay as they are from run to run. */
FOVEA_C_API fovea_status fovea_session_set_input(fovea_session* session, size_t index, int32_t batch,
                                                 const float* values, size_t floats) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_session_run(fovea_session* session, int32_t batch) FOVEA_C_NOEXCEPT;
/** The same, and FOVEA_CANCELLED once `cancel` (may be NULL) is cancelled: then there are no results, and the session
 * runs again as if nothing had been. */
FOVEA_C_API fovea_status fovea_session_run_until(fovea_session* session, int32_t batch,
                                                 const fovea_cancel* cancel) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_session_get_output(const fovea_session* session, size_t index, int32_t batch,
                                                  float* values, size_t floats) FOVEA_C_NOEXCEPT;

/** Without copies: where image `image` of the next run is written and where its result of the last run stands, owned by
 * the session. `floats` (may be NULL) is how many there are. Valid until the session is resized or freed, results until
 * the next run. */
FOVEA_C_API fovea_status fovea_session_input(fovea_session* session, int32_t image, size_t index, float** values,
                                             size_t* floats) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_session_output(const fovea_session* session, int32_t image, size_t index,
                                              const float** values, size_t* floats) FOVEA_C_NOEXCEPT;

/** Goes on with inputs of other sizes, as fovea_model_resized; one shape for each input. On failure the session is as
 * it was. */
FOVEA_C_API fovea_status fovea_session_resize(fovea_session* session, const fovea_shape* inputs,
                                              size_t count) FOVEA_C_NOEXCEPT;

/* ---- Model cards ---- */

/** What a model expects of its input and how its outputs become a grade (docs/model-card.md). */
typedef struct fovea_card fovea_card;

/** From a JSON file; from its text of `bytes` bytes, called `name` in messages; or a preset by name. FOVEA_REFUSED
 * names the file, the key and the reason. */
FOVEA_C_API fovea_status fovea_card_read(const char* path, fovea_card** card) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_card_parse(const char* text, size_t bytes, const char* name,
                                          fovea_card** card) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_card_preset(const char* name, fovea_card** card) FOVEA_C_NOEXCEPT;

/** The card that lies beside a model's file (M.json beside M.h5); `card` becomes NULL, with FOVEA_OK, if there is none.
 */
FOVEA_C_API fovea_status fovea_card_beside(const char* model_path, fovea_card** card) FOVEA_C_NOEXCEPT;

FOVEA_C_API fovea_status fovea_card_free(fovea_card* card) FOVEA_C_NOEXCEPT;

/** Name of preset `index`; NULL behind the last. Static. */
FOVEA_C_API const char* fovea_preset_name(size_t index) FOVEA_C_NOEXCEPT;

/** Changes the card as batch-predict's option --NAME VALUE does, by name without the dashes. Texts that were asked of
 * the card before are no longer valid. On failure the card is as it was. */
FOVEA_C_API fovea_status fovea_card_set(fovea_card* card, const char* name, const char* value) FOVEA_C_NOEXCEPT;

/** The card as one line of JSON, without its self-test. */
FOVEA_C_API fovea_status fovea_card_json(const fovea_card* card, const char** json) FOVEA_C_NOEXCEPT;

/** FOVEA_REFUSED unless the model takes a colour picture and has outputs that the card can decide by. */
FOVEA_C_API fovea_status fovea_card_check(const fovea_card* card, const fovea_model* model) FOVEA_C_NOEXCEPT;

/** Examines the model by the card's self-test: one inference with so many threads (0 = all that are allowed).
 * `difference` (may be NULL) is the largest from the expected answer. FOVEA_REFUSED if the answer is wrong, or the card
 * holds no self-test: see fovea_card_has_self_test, which sets `has` to 1 or 0. */
FOVEA_C_API fovea_status fovea_card_self_test(const fovea_card* card, const fovea_model* model, int32_t threads,
                                              double* difference) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_card_has_self_test(const fovea_card* card, int32_t* has) FOVEA_C_NOEXCEPT;

/* ---- Pictures ---- */

/** Order of a pixel's bytes. A fourth byte is not looked at; grey becomes three equal channels. */
typedef enum fovea_channels {
  FOVEA_CHANNELS_RGB = 0,
  FOVEA_CHANNELS_BGR = 1,
  FOVEA_CHANNELS_RGBA = 2,
  FOVEA_CHANNELS_BGRA = 3,
  FOVEA_CHANNELS_GREY = 4
} fovea_channels;

/** A decoded picture of 8 bits a channel in the caller's memory. */
typedef struct fovea_picture {
  size_t struct_size;    /**< sizeof(fovea_picture) */
  const uint8_t* pixels; /**< of the top row */
  int64_t width, height; /**< up to 1048576 */
  int64_t stride;        /**< bytes from a row to the one below it, negative where that lies before; 0 = no gaps */
  fovea_channels channels;
  int32_t reserved; /**< 0 */
} fovea_picture;
#define FOVEA_PICTURE_INIT \
  { sizeof(fovea_picture), NULL, 0, 0, 0, FOVEA_CHANNELS_RGB, 0 }

/** Does what the card says with a picture and writes the network's input: [H][W][3] floats of the model's input shape,
 * `floats` of them, for instance to fovea_session_input. The same bits as batch-predict. FOVEA_REFUSED if the card's
 * steps do not end at the model's size. Decoding files is the program's own business. */
FOVEA_C_API fovea_status fovea_card_prepare(const fovea_card* card, const fovea_model* model,
                                            const fovea_picture* picture, float* values,
                                            size_t floats) FOVEA_C_NOEXCEPT;

/* ---- Grades ---- */

/** What a card decides. */
typedef struct fovea_grade {
  size_t struct_size;      /**< sizeof(fovea_grade) */
  int32_t grade;           /**< from 0 */
  int32_t grades;          /**< how many there are */
  int32_t referable;       /**< 1, 0, or -1 where the card does not ask */
  int32_t deciding_output; /**< the output that speaks for the grade: what a heat map of it explains */
  int32_t demo;            /**< 1: the weights are for demonstration, not for patients */
  int32_t probabilities;   /**< how many were written; 0 where the rule has none (regression) */
  double expected;         /**< mean of the grades weighted by their probabilities; 0 without probabilities */
  const char* name;        /**< of the grade, NULL if the card states none; lives as long as the card's handle */
} fovea_grade;
#define FOVEA_GRADE_INIT \
  { sizeof(fovea_grade), 0, 0, 0, 0, 0, 0, 0.0, NULL }

/** The grade that `count` outputs of one image stand for. `probabilities` (may be NULL) takes the probability of each
 * grade and has room for `room` of them; FOVEA_INVALID_ARGUMENT if there are more. FOVEA_REFUSED for outputs that are
 * not finite, are no probabilities where the rule needs them, or are not as many as it takes. */
FOVEA_C_API fovea_status fovea_card_grade(const fovea_card* card, const float* outputs, size_t count,
                                          fovea_grade* grade, double* probabilities, size_t room) FOVEA_C_NOEXCEPT;

/** How many grades a model with `outputs` outputs can give, and the name of one: NULL if the card states none. */
FOVEA_C_API fovea_status fovea_card_grade_count(const fovea_card* card, size_t outputs, size_t* count) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_card_grade_name(const fovea_card* card, size_t grade,
                                               const char** name) FOVEA_C_NOEXCEPT;

/* ---- Heat maps ---- */

/** Grad-CAM of a model: which places of the picture drove a score. Any number of threads share one, each with a session
 * of its own. */
typedef struct fovea_heat_map fovea_heat_map;

typedef struct fovea_heat_map_size {
  size_t struct_size;    /**< sizeof(fovea_heat_map_size) */
  int64_t height, width; /**< of the map: that of the feature map of the last convolution */
  int64_t classes;       /**< outputs that can be explained */
  const char* layer;     /**< whose feature map it is; lives as long as the heat map's handle */
} fovea_heat_map_size;
#define FOVEA_HEAT_MAP_SIZE_INIT \
  { sizeof(fovea_heat_map_size), 0, 0, 0, NULL }

/** FOVEA_UNSUPPORTED if the model has no convolution over more than one pixel, or a layer behind it cannot be
 * differentiated. */
FOVEA_C_API fovea_status fovea_heat_map_create(const fovea_model* model, fovea_heat_map** heat_map) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_heat_map_free(fovea_heat_map* heat_map) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_heat_map_get_size(const fovea_heat_map* heat_map,
                                                 fovea_heat_map_size* size) FOVEA_C_NOEXCEPT;

/** Heat of image `image` of the session's last run for output `class_index`, [height][width] in [0, 1], `floats` of
 * them. The session must be of the same model, made with keep_last_convolution, and have run that image. */
FOVEA_C_API fovea_status fovea_heat_map_compute(const fovea_heat_map* heat_map, const fovea_session* session,
                                                int32_t image, int64_t class_index, float* heat,
                                                size_t floats) FOVEA_C_NOEXCEPT;

/* ---- What a file holds and what fovea made of it ---- */

/** What `model-info` tells. Immutable. */
typedef struct fovea_info fovea_info;

typedef struct fovea_facts {
  size_t struct_size;      /**< sizeof(fovea_facts) */
  const char* name;        /**< of the model; all texts live as long as the info's handle, none is NULL */
  const char* file;        /**< path as given */
  const char* sha256;      /**< of the whole file, lower-case hexadecimal */
  const char* format;      /**< "keras", "keras-h5", "keras-h5-weights", "keras-weights-h5" */
  const char* keras;       /**< version stored in the file, may be "" */
  const char* isa;         /**< instruction set, "" if it cannot run */
  const char* unsupported; /**< why it cannot run; "" = it can */
  int64_t parameters;
  int64_t macs;             /**< multiply-accumulates of one image */
  int64_t weight_bytes;     /**< packed */
  int64_t activation_bytes; /**< of one image */
  int64_t layers;           /**< in the file: fovea_info_layer */
  int64_t steps;            /**< that run */
  fovea_arithmetic arithmetic;
  int32_t reserved;
} fovea_facts;
#define FOVEA_FACTS_INIT \
  { sizeof(fovea_facts), NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, FOVEA_ARITHMETIC_FAST, 0 }

/** One layer as the file has it, and what became of it. */
typedef struct fovea_layer {
  size_t struct_size; /**< sizeof(fovea_layer) */
  const char* name;
  const char* class_name;
  const char* made;    /**< its kernel, or "part of NAME", or "" */
  const char* because; /**< why, where there was a choice, or "" */
  fovea_shape output;  /**< rank -1 where it is not known: behind an unsupported layer */
  int64_t parameters;
  int64_t macs;
  int64_t inputs; /**< layers it reads: fovea_info_layer_input */
} fovea_layer;
#define FOVEA_LAYER_INIT \
  { sizeof(fovea_layer), NULL, NULL, NULL, NULL, {0, 0, {0, 0, 0, 0, 0, 0}}, 0, 0, 0 }

/** Of a model that runs, or of a file, also of one that this version cannot run: then `unsupported` says why. */
FOVEA_C_API fovea_status fovea_info_of(const fovea_model* model, fovea_info** info) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_info_read(const char* path, const fovea_model_options* options,
                                         fovea_info** info) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_info_free(fovea_info* info) FOVEA_C_NOEXCEPT;

FOVEA_C_API fovea_status fovea_info_facts(const fovea_info* info, fovea_facts* facts) FOVEA_C_NOEXCEPT;
/** Layer `index` in the file's order, and the name of layer `input` of those it reads. */
FOVEA_C_API fovea_status fovea_info_layer(const fovea_info* info, size_t index, fovea_layer* layer) FOVEA_C_NOEXCEPT;
FOVEA_C_API fovea_status fovea_info_layer_input(const fovea_info* info, size_t index, size_t input,
                                                const char** name) FOVEA_C_NOEXCEPT;
/** All of it as `model-info --json` prints it. */
FOVEA_C_API fovea_status fovea_info_json(const fovea_info* info, const char** json) FOVEA_C_NOEXCEPT;

#ifdef __cplusplus
}
#endif

/* NOLINTEND(readability-identifier-naming) */
#endif
