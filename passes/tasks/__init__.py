"""Passes that make and change tasks."""
