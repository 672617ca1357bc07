// Processes of gather, part 1.
#include "gather.h"

// ids: load
void load_ids(const int64_t* x, hls::stream<int64_t>& y) {
#pragma HLS INLINE off
  load: for (int i0 = 0; i0 < 6; ++i0) {
#pragma HLS PIPELINE II=1
    y.write(x[i0]);
  }
}

// embed: embedding (muli, addi), model.py:5
void embed_embedding(const float* x, hls::stream<int64_t>& x_2, hls::stream<float>& y) {
#pragma HLS INLINE off
  int64_t x_reg;
  outer: for (int i0 = 0; i0 < 2; ++i0) {
    for (int i1 = 0; i1 < 3; ++i1) {
      for (int i2 = 0; i2 < 4; ++i2) {
#pragma HLS PIPELINE II=1 style=flp
        if (i2 == 0) {
          x_reg = x_2.read();
        }
        const int64_t v = x_reg;
        const float v_2 = x[((((int)(v)) * 4) + (i2))];
        y.write(v_2);
      }
    }
  }
}

// store_y
void store_y(hls::stream<float>& x, float* y) {
#pragma HLS INLINE off
  store: for (int i0 = 0; i0 < 2; ++i0) {
    for (int i1 = 0; i1 < 3; ++i1) {
      for (int i2 = 0; i2 < 4; ++i2) {
#pragma HLS PIPELINE II=1
        y[i0 * 12 + i1 * 4 + i2] = x.read();
      }
    }
  }
}
