from django import template

from images.markup import picture

register = template.Library()
register.simple_tag(picture)
