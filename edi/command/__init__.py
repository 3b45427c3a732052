"""The command line of the EDI core. A door like any other: it only reads files, calls edi.mapping and prints."""
