"""Mail: the mailbox (IMAP), sending (SMTP), and what a mail asks of the desk."""
