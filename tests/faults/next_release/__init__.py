"""A release after this one, with a column more in the table of all stories. It is let go again by the one after it."""
