"""What a page says about its story: headline, dates, credits, language."""
