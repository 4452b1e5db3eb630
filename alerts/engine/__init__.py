"""One movement a file: poll, apply, deliver, sweep, rehearse."""
