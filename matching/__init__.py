"""Who mentors whom: procedures, review, mentorships."""
