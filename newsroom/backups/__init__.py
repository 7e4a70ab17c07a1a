"""Backups of a whole site, and the way back.

A backup is a folder: the database as it was at one moment, what lies in files beside it, and a manifest that says what
must be there. The manifest is written last: a folder without one is no backup.
"""
