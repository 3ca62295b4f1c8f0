"""What was checked, for machines: JSON, JUnit's XML and Gradescope's results.json."""
import json
import re
from xml.etree import ElementTree

from bp.diagnosis.diagnosis import STOPS
from bp.glossary import choose, plain

NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_text(checked, language=None, points=1):
    """Return the report for a person."""
    printed = ""
    if checked.diagnosis.verdict == STOPS and checked.printed.strip():
        printed = "\n" + choose("It printed:", "它印出了：", language) + "\n" + _indented(checked.printed)
    return checked.diagnosis.text(language) + printed


def as_json(checked, language=None, points=1):
    """Return the Diagnosis with the name, the file, the seconds and what was printed."""
    return json.dumps({"name": checked.name, "file": checked.file, "seconds": round(checked.seconds, 3),
                       **json.loads(checked.diagnosis.to_json()), "printed": checked.printed},
                      ensure_ascii=False, indent=2)


def as_junit(checked, language=None, points=1):
    """Return one JUnit test case: a failure if it is wrong, an error if it stops."""
    diagnosis = checked.diagnosis
    failed, stops = not diagnosis.correct and diagnosis.verdict != STOPS, diagnosis.verdict == STOPS
    seconds = f"{checked.seconds:.3f}"
    counts = {"name": "bp check", "tests": "1", "failures": str(int(failed)), "errors": str(int(stops)),
              "skipped": "0", "time": seconds}
    root = ElementTree.Element("testsuites", {key: value for key, value in counts.items() if key != "skipped"})
    suite = ElementTree.SubElement(root, "testsuite", counts)
    case = ElementTree.SubElement(suite, "testcase", {"classname": _clean(checked.file), "name": _clean(checked.name),
                                                      "time": seconds})
    if not diagnosis.correct:
        found = ElementTree.SubElement(case, "error" if stops else "failure",
                                       {"type": diagnosis.verdict, "message": _clean(headline(diagnosis, language))})
        found.text = _clean(diagnosis.text(language))
    if checked.printed:
        ElementTree.SubElement(case, "system-out").text = _clean(checked.printed)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode")


def as_gradescope(checked, language=None, points=1):
    """Return results.json of a Gradescope autograder: one test, all of its points or none."""
    diagnosis = checked.diagnosis
    test = {"name": checked.name, "score": points if diagnosis.correct else 0, "max_score": points,
            "status": "passed" if diagnosis.correct else "failed", "output": as_text(checked, language),
            "output_format": "text", "visibility": "visible"}
    return json.dumps({"execution_time": round(checked.seconds, 3), "stdout_visibility": "hidden", "tests": [test]},
                      ensure_ascii=False, indent=2)


def headline(diagnosis, language=None):
    """Return the first thing that is wrong, or "" if nothing is."""
    wrong = [finding for finding in diagnosis.findings if finding.kind not in ("convention", "remark")]
    return "" if diagnosis.correct or not wrong else plain(wrong[0].text(language))


FORMATS = {"text": as_text, "json": as_json, "junit": as_junit, "gradescope": as_gradescope}


def _clean(text):
    return NO_XML.sub("�", text)


def _indented(text):
    return "\n".join(f"    {line}" for line in text.splitlines())
