"""Pages, lists, forms and tags every app builds on. No domain in here, no models."""
