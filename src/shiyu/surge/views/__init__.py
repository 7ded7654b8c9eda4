"""Pages of emergency response: the list and one response, its decisions, its days, its orders."""
