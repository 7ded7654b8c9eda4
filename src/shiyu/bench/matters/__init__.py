"""`shiyu bench-matters`: a million matters, filled set-based, and what is done with them beside hand-written SQL."""
