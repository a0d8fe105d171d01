"""The Firestore adapter: documents and models, queries, one atomic commit a call."""
