"""Practice sessions: free session data, the item log, completion."""
