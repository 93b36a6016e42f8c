"""Running notebooks: one notebook (`execute`), one edition (`editions`), many side by side (`batch`)."""
