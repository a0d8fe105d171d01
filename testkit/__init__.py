"""Helpers that benchmarks and tests share. Nothing here imports tests."""
