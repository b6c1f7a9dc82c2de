"""Staff: log-in, sessions, roles, and the audit log of what staff did."""
