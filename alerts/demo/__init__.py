"""The demo: a story written beforehand goes through the real pipeline, from loopback feeds to a loopback sink."""
