"""Cards for the wall, the tables and the helpers: how to vote with a phone in this room."""
