"""Functions without our code: the cost of the framework and of each library alone."""
