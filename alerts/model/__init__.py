"""The nouns of the trade, frozen: what an item is called on its way from feed to receipt."""
