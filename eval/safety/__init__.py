"""Whether emergencies are seen, near misses left alone, and identifiers masked."""
