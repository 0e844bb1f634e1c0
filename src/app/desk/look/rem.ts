/** Lengths in rem, so that whoever sets larger type in the browser gets larger parts too; hairlines and breakpoints stay. */
export function inRem(css: string): string {
  return css.replace(/(@media[^{]*\{)|(-?\d*\.?\d+)px\b/g, (whole, media: string | undefined, size: string) =>
    media !== undefined || Math.abs(Number(size)) <= 3 ? whole : `${Number((Number(size) / 16).toFixed(5))}rem`,
  )
}
