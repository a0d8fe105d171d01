"""A proxy that injects faults into calls to Firestore, and plans for it."""
