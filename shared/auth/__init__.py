"""Authentication: the tokens of users, of the scheduler and of apps."""
