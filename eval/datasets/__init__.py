"""Question sets, read from the checkout or from the test data beside it."""
