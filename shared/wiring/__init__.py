"""The place where adapters are chosen. Each is built when it is first needed, once a process.

Nothing here runs at import: the web server forks after importing a function, and a gRPC channel
does not survive a fork. Each module serves the functions that need it, so that practice_turn
reaches no repository and no other function reaches the tutor.
"""
