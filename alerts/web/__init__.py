"""What an alert looks like in a browser, and what its links do; a face like the command line."""
