"""The doors of the inbox: what one was told, how one is told, devices, and letters that come in."""
