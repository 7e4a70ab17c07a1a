"""What machines are told about stories, lists, authors and sources, in the words of schema.org.

Functions of rows that the page has fetched anyway: none of them asks the database. pages.structured_data knows the
newspaper itself.
"""
