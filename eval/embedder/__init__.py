"""How the bundled medical embedder was trained: Universal Sentence Encoder, taught Chinese medicine and lay words."""
