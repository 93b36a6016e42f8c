"""What past campaigns say of creators and of this client: read by the plan and the steps, written by nobody here."""
