export interface Point {
  longitude: number
  latitude: number
}

/** Within the country, as filing wants it. */
const within = ({ longitude, latitude }: Point): boolean =>
  longitude >= 73 && longitude <= 136 && latitude >= 3 && latitude <= 54

const round = (degrees: number) => Math.round(degrees * 1e5) / 1e5

/**
 * Two numbers, as a map shows or copies them; in this country the larger is the longitude, whichever stands first. Null for
 * anything else, and for a point abroad.
 */
export function pointOf(text: string): Point | null {
  const numbers = text.match(/\d+(?:\.\d+)?/g)?.map(Number) ?? []
  if (numbers.length !== 2 || !/^[\s\d.,;，；、°NEne北东纬经]+$/.test(text)) return null
  const point = { longitude: round(Math.max(...numbers)), latitude: round(Math.min(...numbers)) }
  return within(point) ? point : null
}

export const pointText = ({ longitude, latitude }: Point): string => `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`
