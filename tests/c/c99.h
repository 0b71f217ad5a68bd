// Functions written in C99 over the C interface, for tests in C++.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/// Loads the model, runs an input of constants and returns the first output through `first`. 0, or the line that
/// failed.
int c99_run(const char* path, float* first);
/// What the ..._INIT macros leave: 0 if each says its size and nothing else, or the line of the first that does not.
int c99_inits(void);

#ifdef __cplusplus
}
#endif
