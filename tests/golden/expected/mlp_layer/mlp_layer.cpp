// mlp_layer: channels and processes.
#include "mlp_layer.h"

// Top function of mlp_layer.
extern "C" void mlp_layer(const float* m_x, const float* m_w, const float* m_b, float* m_y) {
#pragma HLS INTERFACE m_axi port=m_x bundle=m_x offset=slave depth=12 max_widen_bitwidth=32
#pragma HLS INTERFACE s_axilite port=m_x bundle=control
#pragma HLS INTERFACE m_axi port=m_w bundle=m_w offset=slave depth=24 max_widen_bitwidth=32
#pragma HLS INTERFACE s_axilite port=m_w bundle=control
#pragma HLS INTERFACE m_axi port=m_b bundle=m_b offset=slave depth=4 max_widen_bitwidth=32
#pragma HLS INTERFACE s_axilite port=m_b bundle=control
#pragma HLS INTERFACE m_axi port=m_y bundle=m_y offset=slave depth=8 max_widen_bitwidth=32
#pragma HLS INTERFACE s_axilite port=m_y bundle=control
#pragma HLS INTERFACE s_axilite port=return bundle=control
#pragma HLS DATAFLOW
  hls::stream<float> x_in("x_in");
#pragma HLS STREAM variable=x_in depth=32
  hls::stream<float> w_w("w_w");
#pragma HLS STREAM variable=w_w depth=32
  hls::stream<float> fc_linear_out("fc_linear_out");
#pragma HLS STREAM variable=fc_linear_out depth=32
  hls::stream<float> w_b("w_b");
#pragma HLS STREAM variable=w_b depth=32
  hls::stream<float> fc_linear_2_out("fc_linear_2_out");
#pragma HLS STREAM variable=fc_linear_2_out depth=32
  hls::stream<float> act_relu_out("act_relu_out");
#pragma HLS STREAM variable=act_relu_out depth=32
  load_x(m_x, x_in);
  load_w(m_w, w_w);
  fc_linear(x_in, w_w, fc_linear_out);
  load_b(m_b, w_b);
  fc_linear_2(fc_linear_out, w_b, fc_linear_2_out);
  act_relu(fc_linear_2_out, act_relu_out);
  store_y(act_relu_out, m_y);
}
