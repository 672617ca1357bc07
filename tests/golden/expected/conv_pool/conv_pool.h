// Processes and top function of conv_pool.
#pragma once
#include <math.h>
#include <stdint.h>
#include <hls_math.h>
#include <hls_stream.h>

void load_x(const float* x, hls::stream<float>& y);

void load_w(const float* x, hls::stream<float>& y);

void conv_conv2d(hls::stream<float>& x, hls::stream<float>& w, hls::stream<float>& y);

void pool_max_pool2d(hls::stream<float>& x, hls::stream<float>& y);

void store_y(hls::stream<float>& x, float* y);

extern "C" void conv_pool(const float* m_x, const float* m_w, float* m_y);
