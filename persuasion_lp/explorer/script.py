"""What streamlit runs: it shows whatever stands by itself in a script, so nothing else is here."""

from persuasion_lp.explorer.page import main

if __name__ == "__main__":
    main()
