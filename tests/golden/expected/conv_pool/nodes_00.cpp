// Processes of conv_pool, part 1.
#include "conv_pool.h"

// x: load
void load_x(const float* x, hls::stream<float>& y) {
#pragma HLS INLINE off
  load: for (int i1 = 0; i1 < 6; ++i1) {
    for (int i2 = 0; i2 < 2; ++i2) {
      for (int i3 = 0; i3 < 6; ++i3) {
#pragma HLS PIPELINE II=1
        y.write(x[i1 * 6 + i2 * 36 + i3]);
      }
    }
  }
}

// w: load
void load_w(const float* x, hls::stream<float>& y) {
#pragma HLS INLINE off
  load: for (int i0 = 0; i0 < 54; ++i0) {
#pragma HLS PIPELINE II=1
    y.write(x[i0]);
  }
}

// conv: conv2d (mul, add), model.py:20
void conv_conv2d(hls::stream<float>& x, hls::stream<float>& w, hls::stream<float>& y) {
#pragma HLS INLINE off
  float x_buf[2][4][6];
#pragma HLS BIND_STORAGE variable=x_buf type=ram_2p impl=lutram
  float w_buf[3][2][3][3];
#pragma HLS BIND_STORAGE variable=w_buf type=ram_2p impl=lutram
  float acc[3][4];
#pragma HLS BIND_STORAGE variable=acc type=ram_2p impl=lutram
  fill: for (int f0 = 0; f0 < 3; ++f0) {
    for (int f1 = 0; f1 < 2; ++f1) {
      for (int f2 = 0; f2 < 3; ++f2) {
        for (int f3 = 0; f3 < 3; ++f3) {
#pragma HLS PIPELINE II=1
          w_buf[f0][f1][f2][f3] = w.read();
        }
      }
    }
  }
  rows: for (int row = 0; row < 6; ++row) {
    fill_2: for (int f0_2 = 0; f0_2 < 2; ++f0_2) {
      for (int f1_2 = 0; f1_2 < 6; ++f1_2) {
#pragma HLS PIPELINE II=1
        x_buf[f0_2][row % 4][f1_2] = x.read();
      }
    }
    if (row >= 2) {
      init: for (int i1 = 0; i1 < 3; ++i1) {
        for (int i3 = 0; i3 < 4; ++i3) {
#pragma HLS PIPELINE II=1
          acc[i1][i3] = 0.0f;
        }
      }
      reduce: for (int k5 = 0; k5 < 3; ++k5) {
        for (int k4 = 0; k4 < 2; ++k4) {
          for (int k6 = 0; k6 < 3; ++k6) {
            for (int i1_2 = 0; i1_2 < 3; ++i1_2) {
              for (int i3_2 = 0; i3_2 < 4; ++i3_2) {
#pragma HLS PIPELINE II=1
                acc[i1_2][i3_2] = acc[i1_2][i3_2] + (x_buf[k4][(row + k5 + 2) % 4][i3_2 + k6] * w_buf[i1_2][k4][k5][k6]);
              }
            }
          }
        }
      }
      drain: for (int i3_3 = 0; i3_3 < 4; ++i3_3) {
        for (int i1_3 = 0; i1_3 < 3; ++i1_3) {
#pragma HLS PIPELINE II=1
          y.write(acc[i1_3][i3_3]);
        }
      }
    }
  }
}

// pool: max_pool2d (maximum), model.py:21
void pool_max_pool2d(hls::stream<float>& x, hls::stream<float>& y) {
#pragma HLS INLINE off
  float acc[2][3];
#pragma HLS BIND_STORAGE variable=acc type=ram_2p impl=lutram
  outer: for (int i2 = 0; i2 < 2; ++i2) {
    init: for (int i3 = 0; i3 < 2; ++i3) {
      for (int i1 = 0; i1 < 3; ++i1) {
#pragma HLS PIPELINE II=1
        acc[i3][i1] = -INFINITY;
      }
    }
    reduce: for (int k4 = 0; k4 < 2; ++k4) {
      for (int i3_2 = 0; i3_2 < 2; ++i3_2) {
        for (int k5 = 0; k5 < 2; ++k5) {
          for (int i1_2 = 0; i1_2 < 3; ++i1_2) {
#pragma HLS PIPELINE II=2
            // II 2: acc: 4 cycles over distance 3
            const float v = x.read();
            acc[i3_2][i1_2] = acc[i3_2][i1_2] > v || acc[i3_2][i1_2] != acc[i3_2][i1_2] ? acc[i3_2][i1_2] : v;
          }
        }
      }
    }
    drain: for (int i3_3 = 0; i3_3 < 2; ++i3_3) {
      for (int i1_3 = 0; i1_3 < 3; ++i1_3) {
#pragma HLS PIPELINE II=1
        y.write(acc[i3_3][i1_3]);
      }
    }
  }
}

// store_y
void store_y(hls::stream<float>& x, float* y) {
#pragma HLS INLINE off
  store: for (int i2 = 0; i2 < 2; ++i2) {
    for (int i3 = 0; i3 < 2; ++i3) {
      for (int i1 = 0; i1 < 3; ++i1) {
#pragma HLS PIPELINE II=1
        y[i1 * 4 + i2 * 2 + i3] = x.read();
      }
    }
  }
}
