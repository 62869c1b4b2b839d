"""The seeded world outside the desk: who trades with it, what happens in a day, and what each order really is."""
