// conv_pool: channels and processes.
#include "conv_pool.h"

// Top function of conv_pool.
extern "C" void conv_pool(const float* m_x, const float* m_w, float* m_y) {
#pragma HLS INTERFACE m_axi port=m_x bundle=m_x offset=slave depth=72 max_widen_bitwidth=32
#pragma HLS INTERFACE s_axilite port=m_x bundle=control
#pragma HLS INTERFACE m_axi port=m_w bundle=m_w offset=slave depth=54 max_widen_bitwidth=32
#pragma HLS INTERFACE s_axilite port=m_w bundle=control
#pragma HLS INTERFACE m_axi port=m_y bundle=m_y offset=slave depth=12 max_widen_bitwidth=32
#pragma HLS INTERFACE s_axilite port=m_y bundle=control
#pragma HLS INTERFACE s_axilite port=return bundle=control
#pragma HLS DATAFLOW
  hls::stream<float> x_in("x_in");
#pragma HLS STREAM variable=x_in depth=32
  hls::stream<float> w_w("w_w");
#pragma HLS STREAM variable=w_w depth=32
  hls::stream<float> conv_conv2d_out("conv_conv2d_out");
#pragma HLS STREAM variable=conv_conv2d_out depth=32
  hls::stream<float> pool_max_pool2d_out("pool_max_pool2d_out");
#pragma HLS STREAM variable=pool_max_pool2d_out depth=32
  load_x(m_x, x_in);
  load_w(m_w, w_w);
  conv_conv2d(x_in, w_w, conv_conv2d_out);
  pool_max_pool2d(conv_conv2d_out, pool_max_pool2d_out);
  store_y(pool_max_pool2d_out, m_y);
}
