"""Instance files: what they may say, as types that validate it and make up its schema."""
