import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkConsistency, parseConsistency, writeConsistency } from './consistency.ts'
import { emptyRoot, hashLeaf, rootOf } from './merkle.ts'
import { writeCheckpoint, writeNote } from './note.ts'
import { writeProof } from './proof.ts'
import { primitives, sha256, signerOf } from './signing.ts'
import { tiledTree } from './tiles.ts'

const register = signerOf('linli-register/one', new Uint8Array(32).fill(1))
const stranger = signerOf('linli-register/two', new Uint8Array(32).fill(2))
const leavesOf = (size: number, from = 0) =>
  Array.from({ length: size }, (_, at) => hashLeaf(sha256, Buffer.from(`act ${at + from}`)))

/** One tile of leaves is enough for trees so small. */
const treeOf = (leaves: readonly Uint8Array[]) =>
  tiledTree(sha256, leaves.length, async ({ level, width }) =>
    level === 0 ? Buffer.concat(leaves.slice(0, width)) : Buffer.alloc(0),
  )

function checkpointOf(leaves: readonly Uint8Array[], signer = register): string {
  const root = leaves.length === 0 ? emptyRoot(sha256) : rootOf(sha256, leaves)
  const text = writeCheckpoint({ origin: signer.key.name, size: leaves.length, root })
  return writeNote({ text, signatures: [signer.sign(text)] })
}

async function onwards(leaves: readonly Uint8Array[], older: number, signer = register): Promise<string> {
  const path = await treeOf(leaves).consistency(older, leaves.length)
  return writeConsistency({ older, path, checkpoint: checkpointOf(leaves, signer) })
}

const check = (held: string, way: string) => checkConsistency(primitives, held, way, register.key)

test('a register that only grew goes on from any of its earlier states, and the file says so by itself', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 200 }), fc.nat(200), async (size, nat) => {
      const older = Math.min(nat, size)
      const leaves = leavesOf(size)
      const file = await onwards(leaves, older)
      expect(writeConsistency(parseConsistency(file) as NonNullable<ReturnType<typeof parseConsistency>>)).toBe(file)
      const checked = check(checkpointOf(leaves.slice(0, older)), file)
      expect(checked).toMatchObject({ fault: null, older: { size: older }, newer: { size } })
    }),
  )
})

test('an entry changed or taken out below the older state is found whatever way is shown', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 120 }),
      fc.nat(80),
      fc.nat(),
      fc.boolean(),
      async (older, more, where, removed) => {
        const leaves = leavesOf(older + more + (removed ? 1 : 0))
        const at = where % older
        const rewritten = removed ? leaves.toSpliced(at, 1) : leaves.with(at, hashLeaf(sha256, Buffer.from('another')))
        const checked = check(checkpointOf(leaves.slice(0, older)), await onwards(rewritten, older))
        expect(checked.fault).toBe('the two are not of one register')
      },
    ),
  )
})

test('a receipt serves as the older state, by the checkpoint in it', async () => {
  const leaves = leavesOf(9)
  const receipt = writeProof({ receipt: null, index: 0, path: [], checkpoint: checkpointOf(leaves.slice(0, 5)) })
  expect(check(receipt, await onwards(leaves, 5))).toMatchObject({
    fault: null,
    older: { size: 5 },
    newer: { size: 9 },
  })
})

test('what is wrong is named, the first thing that is', async () => {
  const leaves = leavesOf(9)
  const held = checkpointOf(leaves.slice(0, 4))
  const good = await onwards(leaves, 4)
  const cases: [string, string, string][] = [
    ['nothing', good, 'the older one is no checkpoint and no receipt'],
    ['', good, 'the older one is no checkpoint and no receipt'],
    [checkpointOf(leaves.slice(0, 4), stranger), good, 'the older one is not signed by this key'],
    [held, 'nothing', 'the newer one is no way from a checkpoint'],
    [held, good.replace('old 4', 'old four'), 'the newer one is no way from a checkpoint'],
    [held, checkpointOf(leaves), 'the newer one is no way from a checkpoint'],
    [held, await onwards(leaves, 4, stranger), 'the newer one is not signed by this key'],
    [held, good.replace(/\n9\n/, '\n8\n'), 'the newer one is not signed by this key'],
    [held, await onwards(leaves, 5), 'the way begins at another checkpoint'],
    // A newer one that is older: two files in the wrong order.
    [checkpointOf(leaves), good, 'the way begins at another checkpoint'],
    [held, await onwards(leaves.slice(0, 3), 2), 'the way begins at another checkpoint'],
    [held, good.replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${'A'.repeat(43)}=\n`), 'the two are not of one register'],
    // Two roots over as many entries show it by themselves.
    [checkpointOf(leavesOf(9, 1)), await onwards(leaves, 4), 'the two are not of one register'],
  ]
  for (const [one, other, fault] of cases) expect(check(one, other).fault, fault).toBe(fault)
})

test('a file cut anywhere is none or does not hold', async () => {
  const leaves = leavesOf(37)
  const held = checkpointOf(leaves.slice(0, 21))
  const file = await onwards(leaves, 21)
  for (let length = 0; length < file.length; length += 1)
    expect(check(held, file.slice(0, length)).fault, String(length)).not.toBeNull()
})
