// Top function of gather with every process as a coroutine; for simulation with real FIFO depths only.
#include "gather.h"

extern "C" void gather(const int64_t* m_ids, const float* m_table, float* m_y) {
  hls::stream<int64_t> ids_in("ids_in", 16);
  hls::stream<float> embed_embedding_out("embed_embedding_out", 32);
  dfc::process("load_ids", {}, [&] { load_ids(m_ids, ids_in); });
  dfc::process("embed_embedding", {}, [&] { embed_embedding(m_table, ids_in, embed_embedding_out); });
  dfc::process("store_y", {}, [&] { store_y(embed_embedding_out, m_y); });
  dfc::run();
}
