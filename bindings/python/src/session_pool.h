// Sessions that calls of a model borrow, so that any number of threads may call it.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <fovea/session.h>

namespace fovea::python {

/// All functions are called with the GIL, which guards it; making a session releases it meanwhile.
class SessionPool {
 public:
  SessionPool(std::shared_ptr<const Model> model, int threads, bool keep_last_convolution)
      : model_(std::move(model)), threads_(threads), keep_last_convolution_(keep_last_convolution) {}

  SessionPool(const SessionPool&) = delete;
  SessionPool& operator=(const SessionPool&) = delete;

  /// A session that takes at least this batch: an idle one, or a new one.
  std::unique_ptr<Session> take(int batch);
  void give_back(std::unique_ptr<Session> session);

 private:
  std::shared_ptr<const Model> model_;
  int threads_;
  bool keep_last_convolution_;
  std::vector<std::unique_ptr<Session>> idle_;
};

/// A session for as long as this lives. One that threw is not given back.
class BorrowedSession {
 public:
  BorrowedSession(SessionPool& pool, int batch) : pool_(pool), session_(pool.take(batch)) {}
  BorrowedSession(const BorrowedSession&) = delete;
  BorrowedSession& operator=(const BorrowedSession&) = delete;

  Session& operator*() const { return *session_; }
  void give_back() { pool_.give_back(std::move(session_)); }

 private:
  SessionPool& pool_;
  std::unique_ptr<Session> session_;
};

}  // namespace fovea::python
