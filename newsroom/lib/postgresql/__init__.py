"""Django's PostgreSQL, asked for a sign of life only where it may be needed (settings.DATABASES, ENGINE)."""
