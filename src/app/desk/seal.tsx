/** The one seal: 邻里 in white on vermilion. */
export function Seal() {
  return (
    <span className="seal" aria-hidden="true">
      <span>邻</span>
      <span>里</span>
    </span>
  )
}
