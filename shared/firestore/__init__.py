"""The only code that speaks to Firestore: documents in, models out, one atomic commit a call."""
