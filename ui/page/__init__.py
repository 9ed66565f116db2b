"""The chat page: documents on the left, the conversation in the middle, the source on the right.

The only door to gradio. Each side of the page is a class that lays out its components where it is
made, and binds their events once all sides stand.
"""
