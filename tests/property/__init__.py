"""Random and named graphs of torch ops, compiled, C-simulated and compared with PyTorch."""
