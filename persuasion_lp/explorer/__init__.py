"""The explorer: a published instance or a file, its numbers as sliders, pictures and proofs live.

    sliders.py    which numbers of a document move, how far, and the document with others
    state.py      what is chosen, as a query string and back: a link restores it
    shown.py      the problem of a state, its answers, pictures and downloads
    page.py       the page (streamlit), thin; script.py runs it
    launching.py  the server that shows it

``persuasion-lp explore [FILE]`` starts it; needs ``pip install 'persuasion-lp[web]'``.
"""
