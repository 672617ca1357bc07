// softmax_rows: channels and processes.
#include "softmax_rows.h"

// Top function of softmax_rows.
extern "C" void softmax_rows(const float* m_x, float* m_y) {
#pragma HLS INTERFACE m_axi port=m_x bundle=m_x offset=slave depth=160 max_widen_bitwidth=32
#pragma HLS INTERFACE s_axilite port=m_x bundle=control
#pragma HLS INTERFACE m_axi port=m_y bundle=m_y offset=slave depth=160 max_widen_bitwidth=32
#pragma HLS INTERFACE s_axilite port=m_y bundle=control
#pragma HLS INTERFACE s_axilite port=return bundle=control
#pragma HLS DATAFLOW
  hls::stream<float> x_in("x_in");
#pragma HLS STREAM variable=x_in depth=32
  hls::stream<float> x_in_2("x_in_2");
#pragma HLS STREAM variable=x_in_2 depth=32
  hls::stream<float> x_in_3("x_in_3");
#pragma HLS STREAM variable=x_in_3 depth=50
  hls::stream<float> generic_out("generic_out");
#pragma HLS STREAM variable=generic_out depth=32
  hls::stream<float> generic_2_out("generic_2_out");
#pragma HLS STREAM variable=generic_2_out depth=32
  hls::stream<float> generic_3_out("generic_3_out");
#pragma HLS STREAM variable=generic_3_out depth=32
  hls::stream<float> generic_3_out_2("generic_3_out_2");
#pragma HLS STREAM variable=generic_3_out_2 depth=32
  hls::stream<float> generic_3_out_3("generic_3_out_3");
#pragma HLS STREAM variable=generic_3_out_3 depth=50
  hls::stream<float> generic_4_out("generic_4_out");
#pragma HLS STREAM variable=generic_4_out depth=32
  hls::stream<float> generic_5_out("generic_5_out");
#pragma HLS STREAM variable=generic_5_out depth=32
  load_x(m_x, x_in);
  x_in_fork(x_in, x_in_2, x_in_3);
  generic(x_in_2, generic_out);
  generic_2(x_in_3, generic_out, generic_2_out);
  generic_3(generic_2_out, generic_3_out);
  generic_3_out_fork(generic_3_out, generic_3_out_2, generic_3_out_3);
  generic_4(generic_3_out_2, generic_4_out);
  generic_5(generic_3_out_3, generic_4_out, generic_5_out);
  store_y(generic_5_out, m_y);
}
