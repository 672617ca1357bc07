"""The cost model: what operators, memories, FIFOs and AXI adapters take, and what a whole design takes."""
