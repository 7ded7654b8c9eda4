"""Pack + facts → decision. Pure Python: nothing here knows Django or a database."""
