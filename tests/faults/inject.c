// A library put in front of libc (LD_PRELOAD) that makes the n-th call of one kind fail, or ends the process there.
//
//   FOVEA_FAULT=KIND:N:HOW   KIND write sync rename open read remove close memory; N counts from 1;
//                            HOW EIO ENOSPC EINTR EMFILE ENOMEM short kill
//   FOVEA_FAULT=count        nothing fails; at the end "KIND COUNT" lines go into the file FOVEA_FAULT_REPORT
//
// Calls count from main() on, in all threads. Memory counts where the program itself, the C++ library or an image codec
// asks for it: without memory fontconfig, Pango and GLib abort and OpenSSL's start crashes, and nobody can change that
// from outside.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { kWrite, kSync, kRename, kOpen, kRead, kRemove, kClose, kMemory, kKinds };
static const char* const kNames[kKinds] = {"write", "sync", "rename", "open", "read", "remove", "close", "memory"};

enum how { kNothing, kError, kShort, kKill };

static atomic_long counts[kKinds];
static atomic_int active;
static int fault_kind = -1, fault_error = 0;
static long fault_number = 0;
static enum how fault_how = kNothing;

static void choose(void) {
  static const struct {
    const char* name;
    int error;
  } errors[] = {{"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EINTR", EINTR}, {"EMFILE", EMFILE}, {"ENOMEM", ENOMEM}};
  const char* text = getenv("FOVEA_FAULT");
  char kind[16] = "", how[16] = "";
  if (text == NULL || sscanf(text, "%15[a-z]:%ld:%15[A-Za-z]", kind, &fault_number, how) != 3) return;
  for (int i = 0; i < kKinds; ++i) {
    if (strcmp(kind, kNames[i]) == 0) fault_kind = i;
  }
  if (strcmp(how, "short") == 0) fault_how = kShort;
  if (strcmp(how, "kill") == 0) fault_how = kKill;
  for (size_t i = 0; i < sizeof errors / sizeof errors[0]; ++i) {
    if (strcmp(how, errors[i].name) == 0) fault_how = kError, fault_error = errors[i].error;
  }
}

// What shall happen to this call.
static enum how due(enum kind kind) {
  if (!atomic_load(&active)) return kNothing;
  const long number = atomic_fetch_add(&counts[kind], 1) + 1;
  if ((int)kind != fault_kind || number != fault_number) return kNothing;
  if (fault_how == kKill) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }
  if (fault_how == kError) errno = fault_error;
  return fault_how;
}

typedef int (*main_function)(int, char**, char**);
static main_function real_main;

static int counted_main(int argc, char** argv, char** environment) {
  choose();
  atomic_store(&active, 1);
  return real_main(argc, argv, environment);
}

int __libc_start_main(main_function main, int argc, char** argv, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void* stack_end) {
  int (*start)(main_function, int, char**, void (*)(void), void (*)(void), void (*)(void), void*) =
      (int (*)(main_function, int, char**, void (*)(void), void (*)(void), void (*)(void), void*))dlsym(
          RTLD_NEXT, "__libc_start_main");
  real_main = main;
  return start(counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}

__attribute__((destructor)) static void report(void) {
  atomic_store(&active, 0);
  const char* path = getenv("FOVEA_FAULT_REPORT");
  if (path == NULL) return;
  FILE* file = fopen(path, "w");
  if (file == NULL) return;
  for (int i = 0; i < kKinds; ++i) fprintf(file, "%s %ld\n", kNames[i], atomic_load(&counts[i]));
  fclose(file);
}

// write

static ssize_t write_some(int file, const void* data, size_t size) { return syscall(SYS_write, file, data, size); }

// An event counter is no file: writing to it cannot fail.
static enum how due_write(int file) {
  struct stat status;
  if (!atomic_load(&active) || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return kNothing;
  return due(kWrite);
}

ssize_t write(int file, const void* data, size_t size) {
  const enum how how = due_write(file);
  if (how == kError) return -1;
  return write_some(file, data, how == kShort && size > 1 ? size / 2 : size);
}

ssize_t writev(int file, const struct iovec* parts, int count) {
  const enum how how = due_write(file);
  if (how == kError) return -1;
  if (how == kShort) return write_some(file, parts[0].iov_base, (parts[0].iov_len + 1) / 2);
  return syscall(SYS_writev, file, parts, count);
}

// Inside libc stdio writes by itself, out of reach: a short write there is an error like another.
size_t fwrite(const void* data, size_t size, size_t count, FILE* file) {
  if (file != stdout && file != stderr && due(kWrite) != kNothing) return 0;
  return fwrite_unlocked(data, size, count, file);
}

int fflush(FILE* file) {
  if (file != NULL && file != stdout && file != stderr && due(kWrite) == kError) return EOF;
  return fflush_unlocked(file);
}

int ftruncate(int file, off_t size) { return due(kWrite) == kError ? -1 : (int)syscall(SYS_ftruncate, file, size); }

// sync, rename, remove, close

int fsync(int file) { return due(kSync) == kError ? -1 : (int)syscall(SYS_fsync, file); }
int fdatasync(int file) { return due(kSync) == kError ? -1 : (int)syscall(SYS_fdatasync, file); }
int rename(const char* from, const char* to) {
  return due(kRename) == kError ? -1 : (int)syscall(SYS_rename, from, to);
}
int renameat2(int old_folder, const char* from, int new_folder, const char* to, unsigned flags) {
  return due(kRename) == kError ? -1 : (int)syscall(SYS_renameat2, old_folder, from, new_folder, to, flags);
}
int link(const char* from, const char* to) { return due(kRename) == kError ? -1 : (int)syscall(SYS_link, from, to); }
int unlink(const char* path) { return due(kRemove) == kError ? -1 : (int)syscall(SYS_unlink, path); }
int remove(const char* path) { return due(kRemove) == kError ? -1 : (int)syscall(SYS_unlink, path); }
int mkdir(const char* path, mode_t mode) { return due(kOpen) == kError ? -1 : (int)syscall(SYS_mkdir, path, mode); }
int close(int file) {
  if (due(kClose) != kError) return (int)syscall(SYS_close, file);
  const int error = errno;  // Linux closes the descriptor even so
  syscall(SYS_close, file);
  errno = error;
  return -1;
}

// open

static int open_at(int folder, const char* path, int flags, mode_t mode) {
  return due(kOpen) == kError ? -1 : (int)syscall(SYS_openat, folder, path, flags, mode);
}
#define FOVEA_MODE(flags, mode)                 \
  mode_t mode = 0;                              \
  if (((flags) & (O_CREAT | O_TMPFILE)) != 0) { \
    va_list list;                               \
    va_start(list, flags);                      \
    mode = va_arg(list, mode_t);                \
    va_end(list);                               \
  }
int open(const char* path, int flags, ...) {
  FOVEA_MODE(flags, mode)
  return open_at(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  FOVEA_MODE(flags, mode)
  return open_at(AT_FDCWD, path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
  FOVEA_MODE(flags, mode)
  return open_at(folder, path, flags, mode);
}
int openat64(int folder, const char* path, int flags, ...) {
  FOVEA_MODE(flags, mode)
  return open_at(folder, path, flags, mode);
}

#define FOVEA_NEXT(result, name, types) \
  static result(*next) types;           \
  if (next == NULL) next = (result(*) types)dlsym(RTLD_NEXT, name)

FILE* fopen(const char* path, const char* mode) {
  FOVEA_NEXT(FILE*, "fopen", (const char*, const char*));
  return due(kOpen) == kError ? NULL : next(path, mode);
}
FILE* fopen64(const char* path, const char* mode) {
  FOVEA_NEXT(FILE*, "fopen64", (const char*, const char*));
  return due(kOpen) == kError ? NULL : next(path, mode);
}
int mkostemps(char* name, int suffix, int flags) {
  FOVEA_NEXT(int, "mkostemps", (char*, int, int));
  return due(kOpen) == kError ? -1 : next(name, suffix, flags);
}
int mkostemps64(char* name, int suffix, int flags) {
  FOVEA_NEXT(int, "mkostemps64", (char*, int, int));
  return due(kOpen) == kError ? -1 : next(name, suffix, flags);
}

// read

ssize_t read(int file, void* data, size_t size) {
  const enum how how = due(kRead);
  if (how == kError) return -1;
  return syscall(SYS_read, file, data, how == kShort && size > 1 ? size / 2 : size);
}
ssize_t pread(int file, void* data, size_t size, off_t offset) {
  const enum how how = due(kRead);
  if (how == kError) return -1;
  return syscall(SYS_pread64, file, data, how == kShort && size > 1 ? size / 2 : size, offset);
}
ssize_t pread64(int file, void* data, size_t size, off_t offset) { return pread(file, data, size, offset); }
size_t fread(void* data, size_t size, size_t count, FILE* file) {
  if (due(kRead) == kError) return 0;
  return fread_unlocked(data, size, count, file);
}

// memory

void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);

static int counts_memory_of(const void* caller) {
  static const char* const others[] = {"libfontconfig", "libfreetype", "libexpat",  "libbrotli", "ld-linux", "libc.so",
                                       "libcrypto",     "libssl",      "libgnutls", "libp11",    "libffi"};
  Dl_info object;
  if (fault_kind != kMemory && fault_kind != -1) return 0;
  if (dladdr(caller, &object) == 0 || object.dli_fname == NULL) return 0;
  for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i) {
    if (strstr(object.dli_fname, others[i]) != NULL) return 0;
  }
  return 1;
}

static int no_memory(const void* caller) {
  static _Thread_local int inside;
  if (inside || !atomic_load(&active)) return 0;
  inside = 1;
  const int none = counts_memory_of(caller) && due(kMemory) == kError;
  inside = 0;
  return none;
}

void* malloc(size_t size) { return no_memory(__builtin_return_address(0)) ? NULL : __libc_malloc(size); }
void* calloc(size_t count, size_t size) {
  return no_memory(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}
void* realloc(void* block, size_t size) {
  return no_memory(__builtin_return_address(0)) ? NULL : __libc_realloc(block, size);
}
void* aligned_alloc(size_t alignment, size_t size) {
  return no_memory(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
}
int posix_memalign(void** block, size_t alignment, size_t size) {
  if (no_memory(__builtin_return_address(0))) return ENOMEM;
  *block = __libc_memalign(alignment, size);
  return *block == NULL ? ENOMEM : 0;
}
void* mmap(void* address, size_t size, int protection, int flags, int file, off_t offset) {
  if (no_memory(__builtin_return_address(0))) return (void*)-1;
  return (void*)syscall(SYS_mmap, address, size, protection, flags, file, offset);
}
