"""Students: mastery, skills, score, XP, streak and totals."""
