"""Where revenue came from: the way back from an invoice line, what came before it, and how it is shared out."""
