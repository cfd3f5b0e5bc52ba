"""The figures of the public health services, from the facts to the page.

``facts`` reads what is counted, ``counting`` counts it, ``snapshots`` are what is kept, ``jobs`` and
``commands`` say when, ``leaving`` publishes what may leave the clinic. ``showing`` makes tables with the
words of ``texts``, for the page, for paper and for ``excel``; ``missing`` lists whom the clinic still owes
something; ``population`` signs the numbers that a denominator needs; ``room`` is the card. What a figure
means stands in ``rules/indicators*``.
"""
