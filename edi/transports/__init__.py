"""Ways in which documents travel by themselves: HTTP, SFTP, a folder, AS2. Each is a module that can be deleted."""
