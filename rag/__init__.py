"""指南针 Zhinan: a knowledge base over Chinese clinical guidelines whose every sentence is cited and verified."""
