"""Language models: asked only where the reader is at a loss, and believed only where the mail itself says so."""
