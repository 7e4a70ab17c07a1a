"""What each line of a raw text is. Pure functions: no models, no database, no clock."""
