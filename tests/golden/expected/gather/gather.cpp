// gather: channels and processes.
#include "gather.h"

// Top function of gather.
extern "C" void gather(const int64_t* m_ids, const float* m_table, float* m_y) {
#pragma HLS INTERFACE m_axi port=m_ids bundle=m_ids offset=slave depth=6 max_widen_bitwidth=64
#pragma HLS INTERFACE s_axilite port=m_ids bundle=control
#pragma HLS INTERFACE m_axi port=m_table bundle=m_table offset=slave depth=44 max_widen_bitwidth=32
#pragma HLS INTERFACE s_axilite port=m_table bundle=control
#pragma HLS INTERFACE m_axi port=m_y bundle=m_y offset=slave depth=24 max_widen_bitwidth=32
#pragma HLS INTERFACE s_axilite port=m_y bundle=control
#pragma HLS INTERFACE s_axilite port=return bundle=control
#pragma HLS DATAFLOW
  hls::stream<int64_t> ids_in("ids_in");
#pragma HLS STREAM variable=ids_in depth=16
  hls::stream<float> embed_embedding_out("embed_embedding_out");
#pragma HLS STREAM variable=embed_embedding_out depth=32
  load_ids(m_ids, ids_in);
  embed_embedding(m_table, ids_in, embed_embedding_out);
  store_y(embed_embedding_out, m_y);
}
