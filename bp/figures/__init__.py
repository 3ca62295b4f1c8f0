"""Figures and tables of the lessons: our own SVG, drawn in the colour of the text."""
from bp.figures.activation import activation_curves
from bp.figures.arrays import Block, blocks, shapes
from bp.figures.chart import chart
from bp.figures.derivations import Formula, Steps
from bp.figures.evidence import Catalogue, Evidence, Published
from bp.figures.graph import computation_graph
from bp.figures.images import images
from bp.figures.layers import delta_by_layer
from bp.figures.network import blame_diagram, network_diagram
from bp.figures.stepper import Stepper
from bp.figures.tables import Crosswalk, Glossary, Table

__all__ = ["Block", "Catalogue", "Crosswalk", "Evidence", "Formula", "Glossary", "Published",
           "Stepper", "Steps", "Table", "activation_curves", "blame_diagram", "blocks", "chart",
           "computation_graph", "delta_by_layer", "images", "network_diagram", "shapes"]
