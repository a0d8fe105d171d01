"""Learning records of a class in other systems' form."""
