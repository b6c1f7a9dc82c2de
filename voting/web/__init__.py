"""The frame of every request: audiences, headers, limits, sessions, error pages."""
