/** What the signs of the boundaries picture mean, on top of it. */
export function BoundariesLegend() {
  return (
    <ul className="legend">
      <li>
        <span className="line-end" aria-hidden />a line of the input ends here
      </li>
      <li>
        <span className="no-line" aria-hidden />
        no line of the input
      </li>
    </ul>
  );
}
