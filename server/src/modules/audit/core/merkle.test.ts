import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex, type Hash, sameBytes, toHex } from './bytes.ts'
import { consistencyRanges, inclusionRanges, proofOf, verifyConsistency, verifyInclusion } from './merkle-proofs.ts'
import { append, emptyFrontier, frontierRoot, isFrontier, leafHash, rangeRoot } from './merkle-tree.ts'

const sha256: Hash = (bytes) => createHash('sha256').update(bytes).digest()

// The test data of the certificate-transparency project for RFC 6962.
const published = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const leavesFrom = (data: readonly Uint8Array[]) => data.map((each) => leafHash(sha256, each))
const at = (leaves: readonly Uint8Array[]) => (index: number) => leaves[index] ?? new Uint8Array(0)
const treeOf = (leaves: readonly Uint8Array[]) =>
  leaves.reduce((tree, leaf) => append(sha256, tree, leaf), emptyFrontier)
const rootAt = (leaves: readonly Uint8Array[], size: number) => rangeRoot(sha256, at(leaves), 0, size)
const publishedLeaves = leavesFrom(published.map((hex) => fromHex(hex) ?? new Uint8Array(0)))

test.each(roots.map((root, size) => ({ size, root })))(
  'RFC 6962: the root of $size published leaves',
  ({ size, root }) => {
    expect(toHex(frontierRoot(sha256, treeOf(publishedLeaves.slice(0, size))))).toBe(root)
    expect(toHex(rootAt(publishedLeaves, size))).toBe(root)
  },
)

const path = (hexes: readonly string[]) => hexes.map((hex) => fromHex(hex) ?? new Uint8Array(0))

// From the same published data: audit paths and consistency proofs (places counted from 0 here).
test.each([
  {
    index: 0,
    size: 8,
    proof: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    index: 5,
    size: 8,
    proof: [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  { index: 2, size: 3, proof: ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'] },
])('RFC 6962: the published audit path of leaf $index in $size', ({ index, size, proof }) => {
  const ranges = inclusionRanges(index, size)
  const made = proofOf(ranges, ({ start, end }) => rangeRoot(sha256, at(publishedLeaves), start, end))
  expect(made.map(toHex)).toEqual(proof)
  const claim = {
    leaf: at(publishedLeaves)(index),
    index,
    size,
    proof: path(proof),
    root: rootAt(publishedLeaves, size),
  }
  expect(verifyInclusion(sha256, claim)).toBe(true)
})

test.each([
  { older: 1, newer: 1, proof: [] },
  {
    older: 1,
    newer: 8,
    proof: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    older: 6,
    newer: 8,
    proof: [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  {
    older: 2,
    newer: 5,
    proof: [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
])('RFC 6962: the published consistency proof from $older to $newer', ({ older, newer, proof }) => {
  const ranges = consistencyRanges(older, newer)
  const made = proofOf(ranges, ({ start, end }) => rangeRoot(sha256, at(publishedLeaves), start, end))
  expect(made.map(toHex)).toEqual(proof)
})

const dataList = (minLength: number) => fc.array(fc.uint8Array({ maxLength: 12 }), { minLength, maxLength: 70 })

test('a frontier grown leaf by leaf has the root of the definition', () => {
  fc.assert(
    fc.property(dataList(0), (data) => {
      const leaves = leavesFrom(data)
      const tree = treeOf(leaves)
      expect(isFrontier(tree)).toBe(true)
      expect(sameBytes(frontierRoot(sha256, tree), rootAt(leaves, leaves.length))).toBe(true)
    }),
  )
})

test('a frontier stays one past 32 bits of leaves', () => {
  const peak = sha256(new Uint8Array(1))
  const size = 2 ** 33 + 1
  const grown = append(sha256, { size, peaks: [peak, peak] }, peak)
  expect(grown.size).toBe(size + 1)
  expect(isFrontier(grown)).toBe(true)
  expect(isFrontier({ size, peaks: [peak] })).toBe(false)
  expect(inclusionRanges(2 ** 33, size)).toEqual([{ start: 0, end: 2 ** 33 }])
})

const bend = (bytes: Uint8Array, bit: number) =>
  bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))

test('every inclusion proof verifies, and no bent one does', () => {
  fc.assert(
    fc.property(dataList(1), fc.nat(), fc.nat(), fc.nat(255), (data, anyIndex, anyPart, bit) => {
      const leaves = leavesFrom(data)
      const [size, index] = [leaves.length, anyIndex % leaves.length]
      const proof = proofOf(inclusionRanges(index, size), ({ start, end }) => rangeRoot(sha256, at(leaves), start, end))
      const claim = { leaf: at(leaves)(index), index, size, proof, root: rootAt(leaves, size) }
      expect(verifyInclusion(sha256, claim)).toBe(true)
      expect(verifyInclusion(sha256, { ...claim, leaf: bend(claim.leaf, bit) })).toBe(false)
      expect(verifyInclusion(sha256, { ...claim, root: bend(claim.root, bit) })).toBe(false)
      expect(verifyInclusion(sha256, { ...claim, index: size })).toBe(false)
      expect(verifyInclusion(sha256, { ...claim, proof: [...proof, claim.root] })).toBe(false)
      if (proof.length > 0) {
        const part = anyPart % proof.length
        const bent = proof.map((each, i) => (i === part ? bend(each, bit) : each))
        expect(verifyInclusion(sha256, { ...claim, proof: bent })).toBe(false)
        expect(verifyInclusion(sha256, { ...claim, proof: proof.slice(1) })).toBe(false)
      }
    }),
  )
})

test('every consistency proof verifies, and no bent one does', () => {
  fc.assert(
    fc.property(dataList(1), fc.nat(), fc.nat(), fc.nat(255), (data, anyOlder, anyPart, bit) => {
      const leaves = leavesFrom(data)
      const [newerSize, olderSize] = [leaves.length, 1 + (anyOlder % leaves.length)]
      const ranges = consistencyRanges(olderSize, newerSize)
      const proof = proofOf(ranges, ({ start, end }) => rangeRoot(sha256, at(leaves), start, end))
      const older = { size: olderSize, root: rootAt(leaves, olderSize) }
      const newer = { size: newerSize, root: rootAt(leaves, newerSize) }
      expect(verifyConsistency(sha256, { older, newer, proof })).toBe(true)
      const bentOlder = { ...older, root: bend(older.root, bit) }
      expect(verifyConsistency(sha256, { older: bentOlder, newer, proof })).toBe(false)
      expect(verifyConsistency(sha256, { older, newer: { ...newer, root: bend(newer.root, bit) }, proof })).toBe(false)
      expect(verifyConsistency(sha256, { older, newer, proof: [...proof, newer.root] })).toBe(false)
      if (proof.length > 0) {
        const part = anyPart % proof.length
        const bent = proof.map((each, i) => (i === part ? bend(each, bit) : each))
        expect(verifyConsistency(sha256, { older, newer, proof: bent })).toBe(false)
        expect(verifyConsistency(sha256, { older, newer, proof: proof.slice(0, -1) })).toBe(false)
      }
    }),
  )
})

test('the empty tree is a prefix of every tree', () => {
  const older = { size: 0, root: sha256(new Uint8Array(0)) }
  const newer = { size: 8, root: rootAt(publishedLeaves, 8) }
  expect(verifyConsistency(sha256, { older, newer, proof: [] })).toBe(true)
  expect(verifyConsistency(sha256, { older, newer, proof: [newer.root] })).toBe(false)
  expect(verifyConsistency(sha256, { older: newer, newer: older, proof: [] })).toBe(false)
})
