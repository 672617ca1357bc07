// Processes and top function of softmax_rows.
#pragma once
#include <math.h>
#include <stdint.h>
#include <hls_math.h>
#include <hls_stream.h>

void load_x(const float* x, hls::stream<float>& y);

void x_in_fork(hls::stream<float>& x, hls::stream<float>& y, hls::stream<float>& y_2);

void generic(hls::stream<float>& x, hls::stream<float>& y);

void generic_2(hls::stream<float>& x, hls::stream<float>& x_2, hls::stream<float>& y);

void generic_3(hls::stream<float>& x, hls::stream<float>& y);

void generic_3_out_fork(hls::stream<float>& x, hls::stream<float>& y, hls::stream<float>& y_2);

void generic_4(hls::stream<float>& x, hls::stream<float>& y);

void generic_5(hls::stream<float>& x, hls::stream<float>& x_2, hls::stream<float>& y);

void store_y(hls::stream<float>& x, float* y);

extern "C" void softmax_rows(const float* m_x, float* m_y);
