"""The peer of the storing functions: FastAPI, SQLAlchemy and SQLite, in its own environment.

It validates and decides with our contracts and domain, so that only the web framework and the
database differ.
"""
