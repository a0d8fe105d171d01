"""The peer of practice_turn: `langgraph dev`."""
