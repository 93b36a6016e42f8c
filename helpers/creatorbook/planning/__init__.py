"""Planning: who could take part, what they cost and bring, and three ways to spend a budget."""
