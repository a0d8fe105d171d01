"""HTTP at the edge: who calls, is the request valid, and how does the answer look on the wire."""
