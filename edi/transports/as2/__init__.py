"""AS2 (RFC 4130): signed, encrypted, compressed documents over HTTP, each answered by a receipt (MDN).

`wrap` makes a message, `unwrap` takes one apart, `mdn` writes and reads receipts. Nothing here touches the database.
"""
