// What is selected in a list or a table whose rows stand where scripts put them: to the browser they are one line. Here
// each row is a line, with tabs between its cells.

const ROWS = '[role="row"], .transcript-line';

/** The selected text inside of `root`; empty where nothing is. */
export function selectedText(root: Element): string {
  const selection = getSelection();
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return '';
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(root)) return '';
  const rows = [...root.querySelectorAll(ROWS)].filter((row) => range.intersectsNode(row));
  if (rows.length === 0) return selection.toString();
  return rows.map((row) => rowText(row, range)).join('\n');
}

function rowText(row: Element, range: Range): string {
  const cells = [...row.querySelectorAll('[role="cell"], [role="columnheader"]')];
  return (cells.length === 0 ? [row] : cells)
    .filter((cell) => range.intersectsNode(cell))
    .map((cell) => partIn(cell, range))
    .join('\t');
}

/** The part of the element's text that is in the range. */
function partIn(element: Element, range: Range): string {
  const part = document.createRange();
  part.selectNodeContents(element);
  if (part.compareBoundaryPoints(Range.START_TO_START, range) < 0) {
    part.setStart(range.startContainer, range.startOffset);
  }
  if (part.compareBoundaryPoints(Range.END_TO_END, range) > 0) {
    part.setEnd(range.endContainer, range.endOffset);
  }
  return part.toString();
}

/** Whether all of the element is selected, as by `selectAllIn`: also the rows of it that are not rendered. */
export function isAllSelected(root: Element): boolean {
  const selection = getSelection();
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return false;
  const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(0);
  return (
    startContainer === root &&
    startOffset === 0 &&
    endContainer === root &&
    endOffset === root.childNodes.length
  );
}

export function selectAllIn(root: Element): void {
  getSelection()?.selectAllChildren(root);
}
