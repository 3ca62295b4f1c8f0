"""Figures and tables of the lessons: our own SVG, drawn in the colour of the text."""
from bp.figures.chart import chart
from bp.figures.derivations import Formula, Steps
from bp.figures.evidence import Catalogue, Evidence, Published
from bp.figures.network import blocks, network_diagram
from bp.figures.stepper import Stepper
from bp.figures.tables import Glossary, Table

__all__ = ["Catalogue", "Evidence", "Formula", "Glossary", "Published", "Stepper", "Steps",
           "Table", "blocks", "chart", "network_diagram"]
