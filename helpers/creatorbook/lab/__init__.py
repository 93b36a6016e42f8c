"""How JupyterLab opens: a client's copies, run before they are read, a first page to start from, and nothing that interrupts."""
