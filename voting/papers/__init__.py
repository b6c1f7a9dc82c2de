"""The papers of a poll and of a decision: one model of each, rendered as a page for print, for Word and for Excel."""
