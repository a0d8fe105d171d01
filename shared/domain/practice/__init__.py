"""Infinite practice: its state, the transitions of a turn, the choice of questions."""
