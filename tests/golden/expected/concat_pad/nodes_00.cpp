// Processes of concat_pad, part 1.
#include "concat_pad.h"

// a: load
void load_a(const float* x, hls::stream<float>& y) {
#pragma HLS INLINE off
  load: for (int i0 = 0; i0 < 6; ++i0) {
#pragma HLS PIPELINE II=1
    y.write(x[i0]);
  }
}

// b: load
void load_b(const float* x, hls::stream<float>& y) {
#pragma HLS INLINE off
  load: for (int i0 = 0; i0 < 3; ++i0) {
#pragma HLS PIPELINE II=1
    y.write(x[i0]);
  }
}

// concat
void concat(hls::stream<float>& x, hls::stream<float>& x_2, hls::stream<float>& y) {
#pragma HLS INLINE off
  float value;
  assemble: for (int i0 = 0; i0 < 3; ++i0) {
    for (int i1 = 0; i1 < 3; ++i1) {
#pragma HLS PIPELINE II=1 style=flp
      if (i0 <= 1) {
        value = x.read();
      }
      if (i0 >= 2) {
        value = x_2.read();
      }
      y.write(value);
    }
  }
}

// pad
void pad(hls::stream<float>& x, hls::stream<float>& y) {
#pragma HLS INLINE off
  float value;
  assemble: for (int i0 = 0; i0 < 5; ++i0) {
    for (int i1 = 0; i1 < 5; ++i1) {
#pragma HLS PIPELINE II=1 style=flp
      value = 0.0f;
      if (i0 >= 1 && i0 <= 3 && i1 >= 1 && i1 <= 3) {
        value = x.read();
      }
      y.write(value);
    }
  }
}

// store_y
void store_y(hls::stream<float>& x, float* y) {
#pragma HLS INLINE off
  store: for (int i0 = 0; i0 < 5; ++i0) {
    for (int i1 = 0; i1 < 5; ++i1) {
#pragma HLS PIPELINE II=1
      y[i0 * 5 + i1] = x.read();
    }
  }
}
