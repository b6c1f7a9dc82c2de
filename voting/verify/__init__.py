"""The auditor's command: read records from disk, verify them, and say what came out. Standard library and PyNaCl only."""
