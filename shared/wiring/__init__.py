"""Where adapters are chosen. Everything is built when first needed, once a process.

Nothing here runs at import: the web server forks after importing a function, and a gRPC channel
does not survive a fork. What only some functions need has a module of its own, so that
practice_turn reaches no store and no other function reaches the tutor.
"""
