"""Each faulty sample with its one fault mended. ``python -m tests.samples.mended`` writes them anew from samples and repairs."""
