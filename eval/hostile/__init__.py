"""A hostile language model, scripted: what reaches the screen when the model lies, breaks off, drips or never ends."""
