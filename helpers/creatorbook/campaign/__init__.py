"""What is true of a campaign, whoever asks: one owner for each question."""
