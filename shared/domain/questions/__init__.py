"""Questions: their kinds, answer keys, answers and grades."""
