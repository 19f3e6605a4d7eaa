// A line over several PC/SC services: pcsc-lite has room for 16 readers, and a program for one service. Each gets a process of its own, which
// does what this one was asked to do; this one shows what they do.
#pragma once

#include <functional>

#include <idchip/line/event.hpp>

namespace idchip::cli {

// Runs this program once more for each socket, with `--shard SOCKET` behind the arguments it was given. Readers are told as "2: NAME", the
// second socket's. A shard that stops the whole line stops the others. `before_words`: called before what they had to say is printed. Returns
// the first exit code that is not 0. Errors: io.failed.
Result<int> run_shards(const std::vector<std::string>& sockets, const std::function<void(const line::Event&)>& sink,
                       const std::function<void()>& before_words);

// To every shard. Safe in a signal handler.
void signal_shards(int signal);

}  // namespace idchip::cli
