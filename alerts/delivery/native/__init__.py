"""Senders of our own for the services that give a message an id: it can be edited and answered to."""
