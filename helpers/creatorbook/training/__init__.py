"""Lessons on campaigns whose truth is known, with their marks."""
