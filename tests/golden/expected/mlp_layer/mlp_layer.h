// Processes and top function of mlp_layer.
#pragma once
#include <math.h>
#include <stdint.h>
#include <hls_math.h>
#include <hls_stream.h>

void load_x(const float* x, hls::stream<float>& y);

void load_w(const float* x, hls::stream<float>& y);

void fc_linear(hls::stream<float>& x, hls::stream<float>& w, hls::stream<float>& y);

void load_b(const float* x, hls::stream<float>& y);

void fc_linear_2(hls::stream<float>& x, hls::stream<float>& b, hls::stream<float>& y);

void act_relu(hls::stream<float>& x, hls::stream<float>& y);

void store_y(hls::stream<float>& x, float* y);

extern "C" void mlp_layer(const float* m_x, const float* m_w, const float* m_b, float* m_y);
