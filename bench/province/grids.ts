// Grids of a province: a net of cells over its box, each with a ring of fifty points that it shares with its neighbours.

/** The box in which the grids lie. */
const box = { west: 116.4, south: 30.8, east: 121.9, north: 35.1 }
/** Points on a cell's edge from west to east and from south to north: twice both are fifty. */
const steps = { along: 12, up: 13 }

export interface Point {
  readonly longitude: number
  readonly latitude: number
}

export interface Net {
  readonly columns: number
  readonly rows: number
}

/** A net of at least so many cells, about square. */
export function netOf(grids: number): Net {
  const columns = Math.ceil(Math.sqrt(grids))
  return { columns, rows: Math.ceil(grids / columns) }
}

/** How far a point of an edge lies beside it, in shares of a cell: the same for both cells of the edge. */
function beside(edge: number, step: number, of: number): number {
  if (step === 0 || step === of) return 0
  let mixed = Math.imul(edge * 31 + step, 0x9e3779b1)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b)
  return (((mixed ^ (mixed >>> 13)) >>> 0) / 4_294_967_296 - 0.5) * 0.3
}

const placed = (net: Net, column: number, row: number): Point => ({
  longitude: box.west + ((box.east - box.west) * column) / net.columns,
  latitude: box.south + ((box.north - box.south) * row) / net.rows,
})

/** The middle of a cell. */
export function middleOf(net: Net, index: number): Point {
  return placed(net, (index % net.columns) + 0.5, Math.floor(index / net.columns) + 0.5)
}

/** The ring of a cell as PostgreSQL writes a polygon: fifty points. */
export function ringOf(net: Net, index: number): string {
  const column = index % net.columns
  const row = Math.floor(index / net.columns)
  const along = (at: number, step: number) =>
    placed(net, column + step / steps.along, at + beside(2 * (at * (net.columns + 1) + column), step, steps.along))
  const up = (at: number, step: number) =>
    placed(net, at + beside(2 * (row * (net.columns + 1) + at) + 1, step, steps.up), row + step / steps.up)
  const points: Point[] = []
  for (let step = 0; step < steps.along; step += 1) points.push(along(row, step))
  for (let step = 0; step < steps.up; step += 1) points.push(up(column + 1, step))
  for (let step = steps.along; step > 0; step -= 1) points.push(along(row + 1, step))
  for (let step = steps.up; step > 0; step -= 1) points.push(up(column, step))
  return `(${points.map(({ longitude, latitude }) => `(${longitude.toFixed(6)},${latitude.toFixed(6)})`).join(',')})`
}

/** A point of the box that the grids cover. */
export function anyPoint(random: () => number): Point {
  return {
    longitude: box.west + (box.east - box.west) * random(),
    latitude: box.south + (box.north - box.south) * random(),
  }
}
