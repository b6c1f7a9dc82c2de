"""The frozen public facts of a poll, its ballot box and the room screen. Imports nothing of the office."""
