"""Text becomes words one can match; no question is known here."""
