"""An alert becomes a message and a receipt; the channels end here."""
