"""Figures and tables of the lessons: our own SVG, drawn in the colour of the text."""
from bp.figures.chart import chart
from bp.figures.derivations import Formula, Steps
from bp.figures.evidence import Catalogue, Evidence, Published
from bp.figures.network import blocks, network_diagram
from bp.figures.tables import Crosswalk, Glossary, Table

__all__ = ["Catalogue", "Crosswalk", "Evidence", "Formula", "Glossary", "Published", "Steps",
           "Table", "blocks", "chart", "network_diagram"]
