"""The rules of practice, pure: no clock, no chance, no I/O. Time and ids come in as arguments."""
