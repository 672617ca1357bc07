// Processes and top function of gather.
#pragma once
#include <math.h>
#include <stdint.h>
#include <hls_math.h>
#include <hls_stream.h>

void load_ids(const int64_t* x, hls::stream<int64_t>& y);

void embed_embedding(const float* x, hls::stream<int64_t>& x_2, hls::stream<float>& y);

void store_y(hls::stream<float>& x, float* y);

extern "C" void gather(const int64_t* m_ids, const float* m_table, float* m_y);
