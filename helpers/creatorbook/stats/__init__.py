"""Estimators with no knowledge of marketing: intervals, shrinkage, power, allocation."""
