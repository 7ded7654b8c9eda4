"""Read, check and keep packs: rules only.

`read` and `check` know no Django, so that the command line can use them alone.
"""
