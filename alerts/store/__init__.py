"""The truth at rest: one door to the database."""
