"""Money: what an order leaves, who gets it, what comes back, what it cost, and the ladder down to profit."""
