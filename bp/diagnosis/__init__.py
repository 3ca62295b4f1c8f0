"""What is wrong with somebody's own backpropagation: recognise its convention, find the equation, name the mistake."""
from bp.diagnosis.check import check, diagnose
from bp.diagnosis.files import check_file, require

__all__ = ["check", "check_file", "diagnose", "require"]
