"""`shiyu bench-orders`: how long a large table of work orders takes, from the file to the matters and back."""
