"""Measurements whose figures the documents quote."""
