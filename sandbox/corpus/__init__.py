"""A labelled corpus: mails and documents as trade customers write them, and the truth about each.

Written from how people write, never from how the desk reads: nothing here imports a reader or borrows its word lists.
"""
