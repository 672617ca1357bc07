// Top function of concat_pad with every process as a coroutine; for simulation with real FIFO depths only.
#include "concat_pad.h"

extern "C" void concat_pad(const float* m_a, const float* m_b, float* m_y) {
  hls::stream<float> a_in("a_in", 32);
  hls::stream<float> b_in("b_in", 32);
  hls::stream<float> concat_out("concat_out", 32);
  hls::stream<float> pad_out("pad_out", 32);
  dfc::process("load_a", {}, [&] { load_a(m_a, a_in); });
  dfc::process("load_b", {}, [&] { load_b(m_b, b_in); });
  dfc::process("concat", {}, [&] { concat(a_in, b_in, concat_out); });
  dfc::process("pad", {}, [&] { pad(concat_out, pad_out); });
  dfc::process("store_y", {}, [&] { store_y(pad_out, m_y); });
  dfc::run();
}
