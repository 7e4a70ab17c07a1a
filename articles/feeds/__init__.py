"""Feeds of the site, of sections, tags and authors, and those of partners: RSS 2.0, Atom 1.0 and JSON Feed 1.1."""
