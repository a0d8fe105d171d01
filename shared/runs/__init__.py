"""A turn as a run: the student's input in messages, and the shape in which LangGraph's clients know
runs and threads. Doors for other clients, such as shared.agui, tell the same run in other events.

A function that takes turns declares its runs in a contract of its own: their input, and what a
client keeps between them.
"""
