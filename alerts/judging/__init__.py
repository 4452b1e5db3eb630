"""An item's words become verdicts, verdicts become changes; pure, with reasons."""
