"""What a new year means for groups: who leaves which, which go on, which seats are to be filled."""
