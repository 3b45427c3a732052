"""Letters that come in: read (pure), judged, and posted where their address says."""
