// concat_pad: channels and processes.
#include "concat_pad.h"

// Top function of concat_pad.
extern "C" void concat_pad(const float* m_a, const float* m_b, float* m_y) {
#pragma HLS INTERFACE m_axi port=m_a bundle=m_a offset=slave depth=6 max_widen_bitwidth=32
#pragma HLS INTERFACE s_axilite port=m_a bundle=control
#pragma HLS INTERFACE m_axi port=m_b bundle=m_b offset=slave depth=3 max_widen_bitwidth=32
#pragma HLS INTERFACE s_axilite port=m_b bundle=control
#pragma HLS INTERFACE m_axi port=m_y bundle=m_y offset=slave depth=25 max_widen_bitwidth=32
#pragma HLS INTERFACE s_axilite port=m_y bundle=control
#pragma HLS INTERFACE s_axilite port=return bundle=control
#pragma HLS DATAFLOW
  hls::stream<float> a_in("a_in");
#pragma HLS STREAM variable=a_in depth=32
  hls::stream<float> b_in("b_in");
#pragma HLS STREAM variable=b_in depth=32
  hls::stream<float> concat_out("concat_out");
#pragma HLS STREAM variable=concat_out depth=32
  hls::stream<float> pad_out("pad_out");
#pragma HLS STREAM variable=pad_out depth=32
  load_a(m_a, a_in);
  load_b(m_b, b_in);
  concat(a_in, b_in, concat_out);
  pad(concat_out, pad_out);
  store_y(pad_out, m_y);
}
