"""What is asked of a page in the browser: does it fit, is it legible, can everybody use it."""

LAPTOP = 1366
A4 = (595, 842)  # points
LEAST_POINTS = 9
LEAST_PIXELS = 10.5
AXE = """
axe.run(document, {resultTypes: ["violations", "passes"]}).then(found => ({
  passes: found.passes.map(rule => rule.id),
  violations: found.violations.map(rule => [rule.id, rule.nodes.map(node => node.html)]),
}))
"""
OUTSIDE = """
[...document.querySelectorAll("body *")].filter(element => {
  const box = element.getBoundingClientRect();
  return box.width && (box.right > innerWidth + 1 || box.left < -1);
}).map(element => element.outerHTML.slice(0, 120))
"""
CUT = """
[...document.querySelectorAll("body *")].filter(element =>
  element.clientWidth && element.scrollWidth > element.clientWidth + 1
  && !element.closest("svg") && getComputedStyle(element).display !== "inline"
).map(element => element.outerHTML.slice(0, 120))
"""
SMALLEST = """
Math.min(...[...document.querySelectorAll("body *")]
  .filter(element => [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  .map(element => {
    const size = parseFloat(getComputedStyle(element).fontSize);
    const svg = element.ownerSVGElement;
    return svg ? size * svg.getScreenCTM().a : size;
  }))
"""
