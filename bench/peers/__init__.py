"""Others that do the same work, each in an environment of its own, and how we compare.

Nothing of this is part of the product, and nothing of the product imports it.
"""
