// Proofs that are run by `tools/prove.ts` alone: minutes of load on everything the machine has, so no part of `npm test`.
import path from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: path.resolve(import.meta.dirname, '../../..'),
  test: {
    name: 'proofs',
    include: ['server/test/**/*.proof.ts'],
    globalSetup: ['tools/built.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 300_000,
  },
})
