"""The peer of our storing functions: FastAPI, SQLAlchemy and SQLite.

It checks and decides with our own contracts and domain, so that what differs is how a request comes
in and where it is stored. It runs in an environment of its own.
"""
