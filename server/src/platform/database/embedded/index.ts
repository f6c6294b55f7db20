// PostgreSQL inside the product: real binaries, our own launcher and supervisor.
export { type EmbeddedOptions, type EmbeddedPostgres, startEmbedded } from './start-embedded.ts'
export type { Down, Up } from './supervisor.ts'
