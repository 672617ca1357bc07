// Processes of mlp_layer, part 1.
#include "mlp_layer.h"

// x: load
void load_x(const float* x, hls::stream<float>& y) {
#pragma HLS INLINE off
  load: for (int i0 = 0; i0 < 12; ++i0) {
#pragma HLS PIPELINE II=1
    y.write(x[i0]);
  }
}

// w: load
void load_w(const float* x, hls::stream<float>& y) {
#pragma HLS INLINE off
  load: for (int i0 = 0; i0 < 24; ++i0) {
#pragma HLS PIPELINE II=1
    y.write(x[i0]);
  }
}

// fc: linear (mul, add), model.py:12
void fc_linear(hls::stream<float>& x, hls::stream<float>& w, hls::stream<float>& y) {
#pragma HLS INLINE off
  float x_reg;
  float w_buf[4][6];
#pragma HLS BIND_STORAGE variable=w_buf type=ram_2p impl=lutram
  float acc[4];
#pragma HLS BIND_STORAGE variable=acc type=ram_2p impl=lutram
  fill: for (int f0 = 0; f0 < 4; ++f0) {
    for (int f1 = 0; f1 < 6; ++f1) {
#pragma HLS PIPELINE II=1
      w_buf[f0][f1] = w.read();
    }
  }
  outer: for (int i0 = 0; i0 < 2; ++i0) {
    init: for (int i1 = 0; i1 < 4; ++i1) {
#pragma HLS PIPELINE II=1
      acc[i1] = 0.0f;
    }
    reduce: for (int k2 = 0; k2 < 6; ++k2) {
      for (int i1_2 = 0; i1_2 < 4; ++i1_2) {
#pragma HLS PIPELINE II=2
        // II 2: acc: 8 cycles over distance 4
        if (i1_2 == 0) {
          x_reg = x.read();
        }
        acc[i1_2] = acc[i1_2] + (x_reg * w_buf[i1_2][k2]);
      }
    }
    drain: for (int i1_3 = 0; i1_3 < 4; ++i1_3) {
#pragma HLS PIPELINE II=1
      y.write(acc[i1_3]);
    }
  }
}

// b: load
void load_b(const float* x, hls::stream<float>& y) {
#pragma HLS INLINE off
  load: for (int i0 = 0; i0 < 4; ++i0) {
#pragma HLS PIPELINE II=1
    y.write(x[i0]);
  }
}

// fc: linear (add), model.py:12
void fc_linear_2(hls::stream<float>& x, hls::stream<float>& b, hls::stream<float>& y) {
#pragma HLS INLINE off
  float b_buf[4];
#pragma HLS BIND_STORAGE variable=b_buf type=ram_2p impl=lutram
  fill: for (int f0 = 0; f0 < 4; ++f0) {
#pragma HLS PIPELINE II=1
    b_buf[f0] = b.read();
  }
  outer: for (int i0 = 0; i0 < 2; ++i0) {
    for (int i1 = 0; i1 < 4; ++i1) {
#pragma HLS PIPELINE II=1 style=flp
      const float v = x.read();
      y.write(v + b_buf[i1]);
    }
  }
}

// act: relu (cmp), model.py:13
void act_relu(hls::stream<float>& x, hls::stream<float>& y) {
#pragma HLS INLINE off
  outer: for (int i0 = 0; i0 < 2; ++i0) {
    for (int i1 = 0; i1 < 4; ++i1) {
#pragma HLS PIPELINE II=1 style=flp
      const float v = x.read();
      y.write((!(v <= 0.0f)) ? v : 0.0f);
    }
  }
}

// store_y
void store_y(hls::stream<float>& x, float* y) {
#pragma HLS INLINE off
  store: for (int i0 = 0; i0 < 2; ++i0) {
    for (int i1 = 0; i1 < 4; ++i1) {
#pragma HLS PIPELINE II=1
      y[i0 * 4 + i1] = x.read();
    }
  }
}
