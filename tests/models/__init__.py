"""Whole models, from PyTorch to the C-simulated project."""
