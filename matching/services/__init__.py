"""The only writers of matchings and mentorships."""
