"""Passes on tensors."""
