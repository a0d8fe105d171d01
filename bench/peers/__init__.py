"""Comparisons with other software that does the same work, each in its own environment.

The peers are not part of the product, and the product does not import them.
"""
