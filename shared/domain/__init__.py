"""The rules of practice, without clock, chance or I/O: time and ids are arguments."""
