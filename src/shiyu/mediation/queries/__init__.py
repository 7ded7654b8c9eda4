"""Reads over mediation: words of the pack, one mediation, pools, figures, coverage, the desk."""
