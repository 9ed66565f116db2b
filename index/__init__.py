"""Files and vectors: a folder of documents as a searchable index."""
