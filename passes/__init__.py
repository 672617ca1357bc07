"""Passes, one file each, in a folder named after the level they produce."""
