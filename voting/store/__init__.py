"""The database: base, sessions, migrations, clock."""
