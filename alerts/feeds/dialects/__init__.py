"""One reader for each way a feed is written; all of them give the same values."""
