"""The tutor: a stateless LangGraph graph that takes one turn, and the adapters that fill it."""
