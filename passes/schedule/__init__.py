"""Passes that decide: initiation intervals, memories, depths."""
