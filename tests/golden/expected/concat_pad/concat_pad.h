// Processes and top function of concat_pad.
#pragma once
#include <math.h>
#include <stdint.h>
#include <hls_math.h>
#include <hls_stream.h>

void load_a(const float* x, hls::stream<float>& y);

void load_b(const float* x, hls::stream<float>& y);

void concat(hls::stream<float>& x, hls::stream<float>& x_2, hls::stream<float>& y);

void pad(hls::stream<float>& x, hls::stream<float>& y);

void store_y(hls::stream<float>& x, float* y);

extern "C" void concat_pad(const float* m_a, const float* m_b, float* m_y);
