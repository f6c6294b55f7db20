export {
  type Client,
  type ClientOptions,
  createClient,
  type InputOf,
  type OperationId,
  ProblemError,
  type ProblemFault,
  type ReplyOf,
} from './client.ts'
export { type LiveMessage, type LiveOptions, type LiveState, openLive } from './live.ts'
export * from './operations.gen.ts'
