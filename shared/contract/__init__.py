"""The parts of every function's contract."""
