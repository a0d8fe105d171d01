"""Questions in the formats of other systems: reading and writing files, without a database."""
