"""Real things are put together here, and nowhere else; the clock is known here, and nowhere else."""
