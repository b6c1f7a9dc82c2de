"""A poll's life in the office: draft, keys, slips, opening, closing in two steps, and what the room is told."""
