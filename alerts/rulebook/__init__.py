"""Authored files become questions and seeds, or problems with line and column."""
