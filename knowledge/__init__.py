"""What is written: documents, their passages, and answers that quote them."""
