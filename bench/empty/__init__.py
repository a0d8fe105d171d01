"""Functions that do nothing of ours: what each part that we build on costs by itself."""
