"""The local stack: Google's Firestore emulator, and all functions on one port."""
