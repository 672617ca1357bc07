"""Passes that make nodes, streams, buffers and ports."""
