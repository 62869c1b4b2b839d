"""This machine: the embedded database, the local Prefect server, and the day they work together."""
