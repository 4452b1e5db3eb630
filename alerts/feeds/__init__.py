"""An address becomes a body, a body becomes items; the network ends here."""
