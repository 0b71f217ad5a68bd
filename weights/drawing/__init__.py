"""Fundus-like drawings with the lesions of each grade of diabetic retinopathy, made from a seed and nothing else."""
