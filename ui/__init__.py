"""People: the chat page, the terminal and the renderings they share."""
