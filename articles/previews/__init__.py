"""An unpublished text as readers, search engines, chat programs and paper would show it. Nothing here writes."""
