"""HTTP: authentication, validation, and the form of responses."""
