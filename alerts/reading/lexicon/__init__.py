"""Word lists true for any story, one folder a language; read as text, compiled by ``alerts.reading.compiling``."""
