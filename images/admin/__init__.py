"""The picture library: the grid, the page of one picture, the upload of several, and the window that picks one."""

from images.admin.picture import ImageAdmin

__all__ = ["ImageAdmin"]
