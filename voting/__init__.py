"""The service: Flask, SQLAlchemy. One slice per capability; see docs/architecture.md."""
