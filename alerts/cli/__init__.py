"""What a person types, and what is shown."""
