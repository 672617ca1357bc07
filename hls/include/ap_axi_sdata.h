// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// AXI4-Stream transfers for C-simulation: data with its side channels. Widths are those of standard integers; the
/// ap_uint form needs the ap_ headers.
#ifndef AP_AXI_SDATA_H
#define AP_AXI_SDATA_H

#include <stdint.h>

namespace hls {
/// One transfer of any data type; `keep` has one bit per byte.
template <typename T, int USER = 0, int ID = 0, int DEST = 0>
struct axis {
  static_assert(sizeof(T) <= 64, "keep has 64 bits");
  static_assert(USER <= 64 && ID <= 64 && DEST <= 64, "side channels of up to 64 bits");
  T data;
  uint64_t keep = ~uint64_t{0};
  uint64_t strb = ~uint64_t{0};
  bool last = false;
  uint64_t user = 0;
  uint64_t id = 0;
  uint64_t dest = 0;
};
}  // namespace hls

#if __has_include(<ap_int.h>)
#include <ap_int.h>
template <int DATA, int USER = 0, int ID = 0, int DEST = 0>
using ap_axiu = hls::axis<ap_uint<DATA>, USER, ID, DEST>;
template <int DATA, int USER = 0, int ID = 0, int DEST = 0>
using ap_axis = hls::axis<ap_int<DATA>, USER, ID, DEST>;
#endif

#endif
