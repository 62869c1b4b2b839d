"""`python -m orderclerk`: the same as the command `orderclerk`."""

from orderclerk.cli import main

if __name__ == "__main__":
    main()
