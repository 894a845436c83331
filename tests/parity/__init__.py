"""The offline checker and the served check against each other: generated packages, bytes compared."""
