"""The parts of train.py: labels and split, preprocessing, batches, network, scores, model card."""
