// Top function of mlp_layer with every process as a coroutine; for simulation with real FIFO depths only.
#include "mlp_layer.h"

extern "C" void mlp_layer(const float* m_x, const float* m_w, const float* m_b, float* m_y) {
  hls::stream<float> x_in("x_in", 32);
  hls::stream<float> w_w("w_w", 32);
  hls::stream<float> fc_linear_out("fc_linear_out", 32);
  hls::stream<float> w_b("w_b", 32);
  hls::stream<float> fc_linear_2_out("fc_linear_2_out", 32);
  hls::stream<float> act_relu_out("act_relu_out", 32);
  dfc::process("load_x", {}, [&] { load_x(m_x, x_in); });
  dfc::process("load_w", {}, [&] { load_w(m_w, w_w); });
  dfc::process("fc_linear", {}, [&] { fc_linear(x_in, w_w, fc_linear_out); });
  dfc::process("load_b", {}, [&] { load_b(m_b, w_b); });
  dfc::process("fc_linear_2", {}, [&] { fc_linear_2(fc_linear_out, w_b, fc_linear_2_out); });
  dfc::process("act_relu", {}, [&] { act_relu(fc_linear_2_out, act_relu_out); });
  dfc::process("store_y", {}, [&] { store_y(act_relu_out, m_y); });
  dfc::run();
}
