"""What a re-check writes: tables for programs, papers for people."""
