// Top function of softmax_rows with every process as a coroutine; for simulation with real FIFO depths only.
#include "softmax_rows.h"

extern "C" void softmax_rows(const float* m_x, float* m_y) {
  hls::stream<float> x_in("x_in", 32);
  hls::stream<float> x_in_2("x_in_2", 32);
  hls::stream<float> x_in_3("x_in_3", 50);
  hls::stream<float> generic_out("generic_out", 32);
  hls::stream<float> generic_2_out("generic_2_out", 32);
  hls::stream<float> generic_3_out("generic_3_out", 32);
  hls::stream<float> generic_3_out_2("generic_3_out_2", 32);
  hls::stream<float> generic_3_out_3("generic_3_out_3", 50);
  hls::stream<float> generic_4_out("generic_4_out", 32);
  hls::stream<float> generic_5_out("generic_5_out", 32);
  dfc::process("load_x", {}, [&] { load_x(m_x, x_in); });
  dfc::process("x_in_fork", {}, [&] { x_in_fork(x_in, x_in_2, x_in_3); });
  dfc::process("generic", {}, [&] { generic(x_in_2, generic_out); });
  dfc::process("generic_2", {}, [&] { generic_2(x_in_3, generic_out, generic_2_out); });
  dfc::process("generic_3", {}, [&] { generic_3(generic_2_out, generic_3_out); });
  dfc::process("generic_3_out_fork", {}, [&] { generic_3_out_fork(generic_3_out, generic_3_out_2, generic_3_out_3); });
  dfc::process("generic_4", {}, [&] { generic_4(generic_3_out_2, generic_4_out); });
  dfc::process("generic_5", {}, [&] { generic_5(generic_3_out_3, generic_4_out, generic_5_out); });
  dfc::process("store_y", {}, [&] { store_y(generic_5_out, m_y); });
  dfc::run();
}
