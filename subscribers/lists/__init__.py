"""Files of readers, in and out."""
