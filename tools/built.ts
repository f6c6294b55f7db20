// Global set-up of the projects that start the built product: they never test yesterday's build.
import { buildWhenStale } from './ready/built.mjs'

export default async function setup(): Promise<void> {
  if (!(await buildWhenStale((sentence) => process.stdout.write(`${sentence}\n`)))) throw new Error('The build failed.')
}
