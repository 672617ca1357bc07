// Top function of conv_pool with every process as a coroutine; for simulation with real FIFO depths only.
#include "conv_pool.h"

extern "C" void conv_pool(const float* m_x, const float* m_w, float* m_y) {
  hls::stream<float> x_in("x_in", 32);
  hls::stream<float> w_w("w_w", 32);
  hls::stream<float> conv_conv2d_out("conv_conv2d_out", 32);
  hls::stream<float> pool_max_pool2d_out("pool_max_pool2d_out", 32);
  dfc::process("load_x", {}, [&] { load_x(m_x, x_in); });
  dfc::process("load_w", {}, [&] { load_w(m_w, w_w); });
  dfc::process("conv_conv2d", {}, [&] { conv_conv2d(x_in, w_w, conv_conv2d_out); });
  dfc::process("pool_max_pool2d", {}, [&] { pool_max_pool2d(conv_conv2d_out, pool_max_pool2d_out); });
  dfc::process("store_y", {}, [&] { store_y(pool_max_pool2d_out, m_y); });
  dfc::run();
}
