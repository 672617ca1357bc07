// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// hls::stream for C-simulation without the vendor tool, written from the public documentation of the class.
///
/// Plain: unbounded and fast; a read of an empty stream ends the program, data left behind is an error.
/// With DFC_BOUNDED: every stream has its real depth and blocks the coroutine that uses it (dfc_stream_bounded.h).
/// The depth template argument is taken from the derived class, so that `hls::stream<T>&` binds to any depth.
#ifndef HLS_STREAM_H
#define HLS_STREAM_H

#define DFC_SIMULATION 1

namespace hls {
template <typename T, int Depth = 0>
class stream;
}

#ifdef DFC_BOUNDED
#include "dfc_stream_bounded.h"
#else
#include "dfc_stream_plain.h"
#endif

namespace hls {
/// A stream with a depth in its type. A depth given to the constructor wins over it, as a pragma does in synthesis.
template <typename T, int Depth>
class stream : public stream<T, 0> {
 public:
  explicit stream(const char* name = "unnamed") : stream<T, 0>(name, Depth) {}
  stream(const char* name, int depth) : stream<T, 0>(name, depth) {}
};
}  // namespace hls

#endif
