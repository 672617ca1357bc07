// Processes of softmax_rows, part 1.
#include "softmax_rows.h"

// x: load
void load_x(const float* x, hls::stream<float>& y) {
#pragma HLS INLINE off
  load: for (int i0 = 0; i0 < 160; ++i0) {
#pragma HLS PIPELINE II=1
    y.write(x[i0]);
  }
}

// x: load
void x_in_fork(hls::stream<float>& x, hls::stream<float>& y, hls::stream<float>& y_2) {
#pragma HLS INLINE off
  copy: for (int i = 0; i < 160; ++i) {
#pragma HLS PIPELINE II=1 style=flp
    const float v = x.read();
    y.write(v);
    y_2.write(v);
  }
}

// generic
void generic(hls::stream<float>& x, hls::stream<float>& y) {
#pragma HLS INLINE off
  float acc;
  outer: for (int i0 = 0; i0 < 4; ++i0) {
    acc = -INFINITY;
    reduce: for (int k1 = 0; k1 < 40; ++k1) {
#pragma HLS PIPELINE II=2
      // II 2: acc: 2 cycles over distance 1
      const float v = x.read();
      acc = acc > v || acc != acc ? acc : v;
    }
    y.write(acc);
  }
}

// generic_2
void generic_2(hls::stream<float>& x, hls::stream<float>& x_2, hls::stream<float>& y) {
#pragma HLS INLINE off
  float x_reg;
  outer: for (int i0 = 0; i0 < 4; ++i0) {
    for (int i1 = 0; i1 < 40; ++i1) {
#pragma HLS PIPELINE II=1 style=flp
      const float v = x.read();
      if (i1 == 0) {
        x_reg = x_2.read();
      }
      y.write(v - x_reg);
    }
  }
}

// generic_3
void generic_3(hls::stream<float>& x, hls::stream<float>& y) {
#pragma HLS INLINE off
  outer: for (int i0 = 0; i0 < 4; ++i0) {
    for (int i1 = 0; i1 < 40; ++i1) {
#pragma HLS PIPELINE II=1 style=flp
      const float v = x.read();
      y.write(hls::exp(v));
    }
  }
}

// generic_3_out_fork
void generic_3_out_fork(hls::stream<float>& x, hls::stream<float>& y, hls::stream<float>& y_2) {
#pragma HLS INLINE off
  copy: for (int i = 0; i < 160; ++i) {
#pragma HLS PIPELINE II=1 style=flp
    const float v = x.read();
    y.write(v);
    y_2.write(v);
  }
}

// generic_4
void generic_4(hls::stream<float>& x, hls::stream<float>& y) {
#pragma HLS INLINE off
  float acc;
  outer: for (int i0 = 0; i0 < 4; ++i0) {
    acc = 0.0f;
    reduce: for (int k1 = 0; k1 < 40; ++k1) {
#pragma HLS PIPELINE II=6
      // II 6: acc: 6 cycles over distance 1
      const float v = x.read();
      acc = acc + v;
    }
    y.write(acc);
  }
}

// generic_5
void generic_5(hls::stream<float>& x, hls::stream<float>& x_2, hls::stream<float>& y) {
#pragma HLS INLINE off
  float x_reg;
  outer: for (int i0 = 0; i0 < 4; ++i0) {
    for (int i1 = 0; i1 < 40; ++i1) {
#pragma HLS PIPELINE II=1 style=flp
      const float v = x.read();
      if (i1 == 0) {
        x_reg = x_2.read();
      }
      y.write(v / x_reg);
    }
  }
}

// store_y
void store_y(hls::stream<float>& x, float* y) {
#pragma HLS INLINE off
  store: for (int i0 = 0; i0 < 4; ++i0) {
    for (int i1 = 0; i1 < 40; ++i1) {
#pragma HLS PIPELINE II=1
      y[i0 * 40 + i1] = x.read();
    }
  }
}
