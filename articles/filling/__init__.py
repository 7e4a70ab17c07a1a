"""A database full of made articles, to see how the site behaves with a large archive: `manage.py make_articles`.

Rows go into the tables past the models, which is a hundred times faster than the deeds are, and are those that the
deeds would leave: tests/articles/test_make_articles.py compares them.
"""
