"""Long proofs: the real engine over a real database, and an outside that fails on purpose."""
