"""Field types, JSON objects, text normalisation and refusals that every subject uses."""
