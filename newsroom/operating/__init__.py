"""The site as its operator sees it: ready or not, what it counts, what needs a person."""
