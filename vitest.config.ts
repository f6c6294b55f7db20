import { defineConfig } from 'vitest/config'

// `unit` needs nothing but Node, nor does `simulation`, which runs months of virtual time; `server` a real PostgreSQL
// (one embedded cluster for the run, a database cloned from a template for each file); `chaos` and `walk` the built
// product, `walk` in a real Chromium.
export default defineConfig({
  test: {
    testTimeout: 90_000,
    hookTimeout: 240_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{server,cli,client,web,tools,examples}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.{db,walk,chaos}.test.ts', 'server/test/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['{server,cli,examples}/**/*.db.test.ts', 'server/test/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.{walk,chaos}.test.ts', 'server/test/simulation/**'],
          globalSetup: ['server/test/cluster.ts'],
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'simulation',
          include: ['server/test/simulation/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'chaos',
          include: ['server/test/**/*.chaos.test.ts'],
          globalSetup: ['tools/built.ts'],
          fileParallelism: false,
          testTimeout: 600_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'walk',
          include: ['web/**/*.walk.test.ts'],
          globalSetup: ['tools/built.ts'],
          fileParallelism: false,
          testTimeout: 420_000,
        },
      },
    ],
  },
})
