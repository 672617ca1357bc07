"""dataflowc: a PyTorch-to-dataflow compiler."""
