// Claims of tasks, and what an executor can do wrong.
#include "base/executor_loop.h"

#include <algorithm>
#include <utility>

#include <fovea/error.h>

namespace fovea {

struct ExecutorLoop::Block {
  std::atomic<std::uint64_t> open{0};   // number of the loop that is open, 0 = none
  std::atomic<std::uint64_t> first{1};  // number of the owner's first loop: those before were others'
  std::atomic<int> active{0};
  std::atomic<Misuse> misuse{Misuse::none};
  std::atomic<ExecutorLoop*> owner{nullptr};
  std::uint64_t last = 0;  // number of the last loop that was opened
  Block* next = nullptr;

  void note(Misuse what) noexcept {
    Misuse none = Misuse::none;
    misuse.compare_exchange_strong(none, what);
  }

  static std::atomic<Block*> unused;

  static void give_back(Block* block) noexcept {
    block->next = unused.load();
    while (!unused.compare_exchange_weak(block->next, block)) {
    }
  }

  // All of the list is taken, and what is not needed given back: nobody can then see a block that has moved.
  static Block* take() {
    Block* const block = unused.exchange(nullptr);
    if (block == nullptr) return new Block;
    for (Block* other = block->next; other != nullptr;) give_back(std::exchange(other, other->next));
    return block;
  }
};

std::atomic<ExecutorLoop::Block*> ExecutorLoop::Block::unused{nullptr};

Executor::~Executor() = default;

void Task::operator()(int index) const noexcept {
  auto* const block = static_cast<ExecutorLoop::Block*>(state);
  if (block == nullptr) return;
  block->active.fetch_add(1);
  if (block->open.load() == loop) {
    block->owner.load()->perform(index);
  } else if (loop >= block->first.load()) {
    block->note(ExecutorLoop::Misuse::late);
  }
  if (block->active.fetch_sub(1) == 1) block->active.notify_all();
}

ExecutorLoop::ExecutorLoop(std::shared_ptr<Executor> executor, int threads)
    : executor_(std::move(executor)), block_(nullptr), claimed_(static_cast<std::size_t>(threads)) {
  block_ = Block::take();
  block_->misuse = Misuse::none;
  block_->first = block_->last + 1;
  block_->owner = this;
}

// No loop is open: what still calls finds none.
ExecutorLoop::~ExecutorLoop() { Block::give_back(block_); }

void ExecutorLoop::perform(int index) noexcept {
  if (index < 0 || index >= tasks_) return block_->note(Misuse::number);
  if (claimed_[static_cast<std::size_t>(index)].exchange(true)) return block_->note(Misuse::twice);
  const AdoptedFloatMode mode(float_mode_);
  ranges_->work(index, body_, context_, *stop_);
}

void ExecutorLoop::run(std::int64_t count, Ranges& ranges, LoopBody body, const void* context,
                       const std::atomic<bool>& stop) noexcept {
  tasks_ = static_cast<int>(std::min<std::int64_t>(count, std::ssize(claimed_)));
  for (int i = 0; i < tasks_; ++i) claimed_[static_cast<std::size_t>(i)].store(false, std::memory_order_relaxed);
  ranges_ = &ranges;
  body_ = body;
  context_ = context;
  stop_ = &stop;
  float_mode_ = FloatRegisters::current();
  Task task;
  task.state = block_;
  task.loop = ++block_->last;
  block_->open = task.loop;
  try {
    executor_->run(tasks_, task);
  } catch (...) {
    if (!thrown_) thrown_ = std::current_exception();
  }
  block_->open = 0;
  for (int joined = block_->active.load(); joined != 0; joined = block_->active.load()) block_->active.wait(joined);
  note_missing(tasks_);
  float_mode_.set();                    // whatever the executor has made of it
  ranges.work(0, body, context, stop);  // what was left undone
}

void ExecutorLoop::note_missing(int tasks) noexcept {
  for (int i = 0; i < tasks && missing_ < 0; ++i) {
    if (claimed_[static_cast<std::size_t>(i)].load(std::memory_order_relaxed)) continue;
    missing_ = i;
    missing_of_ = tasks;
  }
}

void ExecutorLoop::check() {
  const std::exception_ptr thrown = std::exchange(thrown_, nullptr);
  const int missing = std::exchange(missing_, -1);
  const Misuse misuse = block_->misuse.exchange(Misuse::none);
  if (thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
      throw Error(std::string("the executor failed: ") + error.what());
    } catch (...) {
      throw Error("the executor failed");
    }
  }
  switch (misuse) {
    case Misuse::twice:
      throw Error("the executor ran a task twice");
    case Misuse::late:
      throw Error("the executor ran a task after its loop was over");
    case Misuse::number:
      throw Error("the executor ran a task of a number that does not exist");
    case Misuse::none:
      break;
  }
  if (missing >= 0) {
    throw Error("the executor did not run task " + std::to_string(missing) + " of " + std::to_string(missing_of_));
  }
}

}  // namespace fovea
