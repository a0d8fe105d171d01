"""Traces: the parts of a request and their durations, sent to a collector where one is named."""
