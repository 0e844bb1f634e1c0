/** Characters by their bytes in GB18030, for the two-byte part: Node reads it and does not write it. */
export function gbTable(): Map<string, Buffer> {
  const decoder = new TextDecoder('gb18030')
  const table = new Map<string, Buffer>()
  for (let high = 0x81; high <= 0xfe; high += 1) {
    for (let low = 0x40; low <= 0xfe; low += 1) {
      if (low === 0x7f) continue
      const bytes = Buffer.of(high, low)
      const character = decoder.decode(bytes)
      if ([...character].length === 1 && character !== '\ufffd') table.set(character, bytes)
    }
  }
  return table
}
