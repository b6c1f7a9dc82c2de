"""What a phone talks to. Reads only the board."""
