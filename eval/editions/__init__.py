"""Do editions hold: kills, concurrent readers, rebuilds, the cost of updates, and what changed between two editions."""
