"""Traces: what a request did and how long each part took, where a collector is named."""
