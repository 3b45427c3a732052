"""The pages of the forums."""
